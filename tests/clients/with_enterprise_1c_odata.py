"""enterprise-1c-odata: JSON by `Accept` and `$format`; it writes spaces as `+`, which 1C does not read as spaces.

It leaves Cyrillic names in the path to its caller."""

from urllib.parse import quote

from enterprise_1c_odata import ODataAuthError, ODataClient, ODataQuery, ODataQueryError

from checks import CARDS, REFERENCE_PHONE, SALES, announced, check, end, same

server = announced()
client = ODataClient(server["url"], server["user"], server["password"])


def query(kind, name):
    return ODataQuery(quote(f"{kind}_{name}"))


def pages():
    first = client.execute(query("Catalog", CARDS).select("Ref_Key", "Code").orderby("Code").top(20))
    second = client.execute(query("Catalog", CARDS).select("Ref_Key", "Code").orderby("Code").top(20).skip(20))
    codes = [row["Code"] for row in first.items + second.items]
    same((len(codes), codes), (40, sorted(set(codes))))
    assert first.next_link is None and set(first.items[0]) <= {"Ref_Key", "Code"}, first.items[0]


def filters_without_spaces():
    found = client.execute(query("Catalog", CARDS).filter(f"startswith(КодКартыШтрихкод,'{REFERENCE_PHONE}')"))
    same([row["КодКартыШтрихкод"] for row in found.items], [REFERENCE_PHONE])


def filters_with_spaces_are_refused():
    try:
        client.execute(query("Catalog", CARDS).filter(f"КодКартыШтрихкод eq '{REFERENCE_PHONE}'"))
    except ODataQueryError as error:
        assert "HTTP 500" in str(error) and "ГДЕ" in str(error), error
    else:
        raise AssertionError("1C takes + for addition")


def expansion():
    found = client.execute(query("Catalog", CARDS).select("Code", "ВладелецКарты").expand("ВладелецКарты").top(5))
    assert any(row["ВладелецКарты"] and row["ВладелецКарты"]["Description"] for row in found.items)


def registers():
    rows = client.execute(query("AccumulationRegister", f"{SALES}_RecordType").top(3)).items
    same([set(("Recorder", "Recorder_Type", "LineNumber")) <= set(row) for row in rows], [True] * 3)
    sets = client.execute(query("AccumulationRegister", SALES).top(3)).items
    assert all(row["RecordSet"] for row in sets)
    totals = client.execute(query("AccumulationRegister", f"{SALES}/Turnovers").select("ДисконтнаяКарта", "СуммаTurnover"))
    assert totals.items and "СуммаTurnover" in totals.items[0], totals.items[:1]


def strangers():
    try:
        ODataClient(server["url"], server["user"], "wrong").execute(query("Catalog", CARDS))
    except ODataAuthError:
        return
    raise AssertionError("let in with a wrong password")


for run in [pages, filters_without_spaces, filters_with_spaces_are_refused, expansion, registers, strangers]:
    check(run.__name__, run)
end()
