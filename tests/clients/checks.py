"""Checks one after another, each told on a line of its own."""

import json
import sys
import traceback

REFERENCE_PHONE = "79788451364"
CARDS = "ДисконтныеКарты"
OWNERS = "Контрагенты"
SALES = "ПродажиПоДисконтнымКартам"
POINTS = "БонусныеБаллы"

_failed = 0


def announced():
    """What the simulated 1C said of itself: url, user, password."""
    with open(sys.argv[1], encoding="utf-8") as line:
        return json.load(line)


def check(name, run):
    """Runs one check; it fails by raising."""
    global _failed
    try:
        run()
        print("ok", name, flush=True)
    except BaseException as error:  # a client may end itself
        _failed += 1
        where = traceback.extract_tb(error.__traceback__)[-1]
        print(f"FAILED {name}: {type(error).__name__}: {error} ({where.name}, line {where.lineno})", flush=True)


def same(got, expected):
    assert got == expected, f"{got!r} instead of {expected!r}"


def end():
    sys.exit(1 if _failed else 0)
