"""onecdc: reads `$metadata` whole and sorts its types, then reads Atom page by page, sections and record sets included."""

from onecdc.data_reader import DataReader
from onecdc.metadata_reader import MetadataReader

from checks import CARDS, OWNERS, POINTS, SALES, announced, check, end, same

server = announced()
account = (server["user"], server["password"])
metadata = MetadataReader(server["url"], account)


def types():
    metadata.get_metadata()
    cards = metadata[f"Catalog_{CARDS}"]
    assert "Ref_Key" in cards.primary_key, cards.primary_key
    sales = metadata[f"AccumulationRegister_{SALES}"]
    assert {"Recorder", "LineNumber"} <= set(sales.primary_key), sales.primary_key
    assert "Сумма" in sales.resources and "ДисконтнаяКарта_Key" in sales.dimensions, (sales.resources, sales.dimensions)
    points = metadata[f"AccumulationRegister_{POINTS}"]
    same(sorted(points.resources), ["КСписанию", "Начислено"])
    assert metadata[f"Catalog_{OWNERS}_КонтактнаяИнформация"].is_table_part


def read(name, key_fields=None, page=None):
    """The rows of an object and of what is inside it, by object; pages of so many entries."""
    reader = DataReader(server["url"], metadata, account)
    counts, at = {}, 0
    while True:
        entries = reader.read_object(name, top=page, skip=at, key_fields=key_fields)
        assert not reader.failed_objects, reader.failed_objects
        for part, data in reader.items():
            counts.setdefault(part, []).extend(data.to_records_mapped())
        at += entries
        if not page or entries < page:
            return at, counts


def catalogs():
    entries, parts = read(f"Catalog_{CARDS}", page=25)
    same((entries, len(parts[f"Catalog_{CARDS}"])), (60, 60))


def sections():
    _, parts = read(f"Catalog_{OWNERS}")
    lines = parts[f"Catalog_{OWNERS}_КонтактнаяИнформация"]
    assert any(line.get("Тип") == "Телефон" for line in lines), lines[:1]


def registers():
    for name in [SALES, POINTS]:
        whole = f"AccumulationRegister_{name}"
        entries, parts = read(whole, key_fields=["Recorder"], page=40)
        rows = parts[whole]
        keys = {(row["Recorder"], row.get("Recorder_Type"), row["LineNumber"]) for row in rows}
        assert entries > 40 and len(rows) > entries, (entries, len(rows))
        same(len(keys), len(rows))


for run in [types, catalogs, sections, registers]:
    check(run.__name__, run)
end()
