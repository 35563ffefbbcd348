"""python-1c-odata: JSON and Atom, its filters, presentations, expansion, virtual tables, metadata."""

import asyncio

from python_1c_odata import (
    AccumulationRegister, Catalog, EntityNotFound, F, Infobase, ODataError, cast, contains, endswith, guid, isof,
    presentation, startswith,
)

from checks import CARDS, OWNERS, POINTS, REFERENCE_PHONE, SALES, announced, check, end, same

server = announced()
host, base = server["url"].removesuffix("/odata/standard.odata").rsplit("/", 1)


def asked(ask, **options):
    async def whole():
        async with Infobase(host, base, server["user"], server["password"], **options) as infobase:
            return await ask(infobase)
    return asyncio.run(whole())


def pages():
    async def ask(infobase):
        cards = Catalog(infobase, CARDS)
        page = await cards.query(top=10, select=["Ref_Key", "Description"], inlinecount=True)
        same((page.count, len(page.value)), (60, 10))
        rows = [row["Ref_Key"] async for row in cards.iterate(page_size=7, orderby="Ref_Key", select="Ref_Key")]
        same((len(rows), len(set(rows))), (60, 60))
        same(await cards.count(odata_filter=F("DeletionMark") == True), 1)  # noqa: E712
    asked(ask)


def filters():
    async def ask(infobase):
        cards = Catalog(infobase, CARDS)
        for by in [F("КодКартыШтрихкод") == REFERENCE_PHONE, startswith(F("Description"), "Царькова"),
                   endswith(F("Description"), REFERENCE_PHONE), contains(F("Description"), "Марина Викторовна"),
                   F("ВладелецКарты/НомерТелефонаДляПоиска") == REFERENCE_PHONE]:
            page = await cards.query(odata_filter=by)
            same([row["КодКартыШтрихкод"] for row in page.value], [REFERENCE_PHONE])
        rows = AccumulationRegister(infobase, SALES + "_RecordType")
        big = (F("Сумма") > 10000) & ~(F("Active") == False)  # noqa: E712
        for by in [big, big & isof(F("Сумма"), "Edm.Double"), (cast(F("Сумма"), "Edm.Decimal") > 10000) & (F("Active") == True)]:  # noqa: E712
            page = await rows.query(odata_filter=by)
            assert page.value and all(row["Сумма"] > 10000 for row in page.value)
    asked(ask)


def sections():
    async def ask(infobase):
        owners = Catalog(infobase, OWNERS)
        some = await owners.query(odata_filter=F("КонтактнаяИнформация").any(F("Тип") == "Адрес"))
        assert some.value
        for row in some.value:
            assert any(line["Тип"] == "Адрес" for line in row["КонтактнаяИнформация"])
        only = await owners.query(odata_filter=F("КонтактнаяИнформация").all(F("Тип") == "Телефон"))
        for row in only.value:
            assert all(line["Тип"] == "Телефон" for line in row["КонтактнаяИнформация"])
    asked(ask)


def presentations():
    async def ask(infobase):
        cards = Catalog(infobase, CARDS)
        by = F("КодКартыШтрихкод") == REFERENCE_PHONE
        page = await cards.query(select=["Ref_Key", presentation("ВладелецКарты")], odata_filter=by)
        assert page.value[0]["ВладелецКарты____Presentation"].startswith("Царькова")
        page = await cards.query(select="*", presentations=True, top=1)
        assert "Description" in page.value[0] and "DeletionMark____Presentation" in page.value[0]
    asked(ask)


def expansion():
    async def ask(infobase):
        cards = Catalog(infobase, CARDS)
        page = await cards.query(expand="ВладелецКарты")
        owners = [row["ВладелецКарты"] for row in page.value]
        assert None in owners
        assert all(row["ВладелецКарты"]["Ref_Key"] == row["ВладелецКарты_Key"] for row in page.value if row["ВладелецКарты"])
    asked(ask)


def single():
    async def ask(infobase):
        cards = Catalog(infobase, CARDS)
        key = (await cards.query(top=1)).value[0]["Ref_Key"]
        same((await cards.get(key))["Ref_Key"], key)
        try:
            await cards.get("00000000-0000-4000-8000-00000000dead")
            raise AssertionError("a card nobody has")
        except EntityNotFound as error:
            same(error.internal_code, "9")
        try:
            await cards.query(select="НетТакого")
            raise AssertionError("a field nobody has")
        except ODataError as error:
            same((error.status, error.internal_code), (400, "6"))
    asked(ask)


def virtual_tables():
    async def ask(infobase):
        card = (await Catalog(infobase, CARDS).query(odata_filter=F("КодКартыШтрихкод") == REFERENCE_PHONE)).value[0]
        sales = AccumulationRegister(infobase, SALES)
        by = F("ДисконтнаяКарта_Key") == guid(card["Ref_Key"])
        rows = (await sales.turnovers(condition=by))["value"]
        same(round(sum(row["СуммаTurnover"] for row in rows), 2), 365054.0)
        rows = (await sales.turnovers(start_period="2025-02-04T00:00:00", end_period="2026-02-04T23:59:59", condition=by))["value"]
        same(round(sum(row["СуммаTurnover"] for row in rows), 2), 132694.0)
        points = AccumulationRegister(infobase, POINTS)
        balance = (await points.balance(period="2026-02-05T00:00:00"))["value"]
        mine = [row for row in balance if row["БонуснаяКарта_Key"] == card["Ref_Key"]]
        same(mine[0]["НачисленоBalance"] - mine[0]["КСписаниюBalance"], 4806)
        assert (await points.balance_and_turnovers())["value"]
        try:
            await sales.balance()
            raise AssertionError("a register of turnovers has no balance")
        except ODataError as error:
            same((error.status, error.internal_code), (400, "6"))
    asked(ask)


def metadata():
    async def ask(infobase):
        names = await infobase.entity_sets()
        assert "Catalog_" + CARDS in names
        info = await infobase.entity_type_for_set("AccumulationRegister_" + SALES + "_RecordType")
        same(sorted(info.keys), ["LineNumber", "Recorder", "Recorder_Type"])
        assert "ДисконтнаяКарта" in info.navigation_properties
    asked(ask)


def atom():
    async def ask(infobase):
        page = await Catalog(infobase, CARDS).query(top=5, inlinecount=True)
        same((len(page.value), page.count), (5, 60))
        assert all(row["Description"] for row in page.value)
        try:
            await Catalog(infobase, "НетТакого").query(top=1)
            raise AssertionError("a set nobody has")
        except EntityNotFound as error:
            same(error.internal_code, "8")
    asked(ask, format="atom")


for run in [pages, filters, sections, presentations, expansion, single, virtual_tables, metadata, atom]:
    check(run.__name__, run)
end()
