"""Somebody tries every address of an app: nothing of a row or a column comes out that they may not see, and nothing tells of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from yakuba.office.appbuilder.tests.spying import (
    ALIKE_IN_SECTION,
    COMMENT,
    KEYS,
    OF_EVERYBODY,
    Address,
    Secrets,
    addresses,
    by_token,
    computed_from,
    everything,
    markers_in,
    open_secrets,
    told,
    told_by_token,
)
from yakuba.office.appbuilder.tests.test_api import Peer

ALL = {"name": "ほかの人", "everybody": True}
MAY = {"create": True, "edit": True, "export": True}
Holds = Callable[[dict[str, Any]], bool]
#: Groups: what they may do, the columns hidden, and which records their condition leaves (with the fields it reads).
SIGHTS: dict[str, tuple[str, dict[str, Any], tuple[str, ...], Holds, tuple[str, ...]]] = {
    "nothing": ("財政 主事", {"see": False, "create": True}, (), lambda _: False, ()),
    "every row, few columns": ("財政 主事", {"export": True}, ("price", "code", "keeper", "state"), lambda _: True, ()),
    "every row, other columns": ("産業 課長", MAY, ("item", "lent_on", "large", "tags", "papers"), lambda _: True, ()),
    "own rows": ("財政 主事", {**MAY, "rows": "own"}, ("price", "code", "home"), lambda _: True, ()),
    "rows of the section": ("総務 課長", {**MAY, "rows": "section"}, ("phone", "mail", "kind"), lambda _: True, ()),
    "a condition the database answers": (
        "財政 主事",
        {**MAY, "rows": "rule", "rule": {"==": [{"var": "kind"}, "a"]}},
        ("kind", "note", "place"),
        lambda values: bool(values["kind"] == "a"),
        ("kind",),
    ),
    "a condition asked record by record": (
        "産業 課長",
        {**MAY, "rows": "rule", "rule": {"contains": [{"var": "note"}, "MK002"]}},
        ("note", "broken", "until", "at"),
        lambda values: "MK002" in values["note"],
        ("note",),
    ),
    "a condition on what is hidden": (
        "総務 課長",
        {"rows": "rule", "rule": {"<": [{"var": "price"}, 7_004_000]}},
        ("price", "phone"),
        lambda values: bool(values["price"] < 7_004_000),
        ("price", "twice"),
    ),
}


def spied(world: Secrets, name: str, tried: list[Address], *, said_hidden: tuple[str, ...] = ()) -> list[str]:
    """What somebody learns that they must not: markers, and answers that change with what is hidden from them.

    `said_hidden` are columns taken for hidden that are not, to try the spy.
    """
    person, may, columns, holds, read = SIGHTS[name]
    world.desk.permit({**ALL, **may, "columns": dict.fromkeys(columns, "hide")}, app=world.app)
    world.desk.permit({**ALL, **MAY, "columns": {"cost": "hide"}}, app=world.other)
    who = {"own": {person}, "section": ALIKE_IN_SECTION[person]}.get(may.get("rows", ""))
    seen = {
        one.public_id
        for one in world.records
        if may.get("see", True) and (who is None or world.makers[one.public_id] in who) and holds(one.values)
    }
    return learned(world, seen, computed_from({*columns, *said_hidden}), read, lambda: told(world, person, tried))


def learned(
    world: Secrets, seen: set[str], hidden: set[str], read: tuple[str, ...], ask: Callable[[], dict[str, str]]
) -> list[str]:
    """Asked twice, with other values in every cell that may not be seen: markers of those, and answers that changed."""
    cells = {one.public_id: (hidden if one.public_id in seen else {*KEYS, COMMENT}) for one in world.records}
    cells |= {record: {"cost"} for record in world.makers if record not in cells}
    first = ask()
    found = markers_in(world, first, cells)
    with world.otherwise(hidden, seen, kept=read):
        second = ask()
    return [*found, *(f"tells of what is hidden: {place}" for place in first if first[place] != second[place])]


def spied_by_token(world: Secrets, name: str, share: float) -> list[str]:
    """The same for a key of the group: it made no record and belongs to no section."""
    _, may, columns, holds, read = SIGHTS[name]
    world.desk.permit({**ALL, **may, "columns": dict.fromkeys(columns, "hide")}, app=world.app)
    peer = Peer(world.desk, app=world.app, group=ALL["name"])
    none = not may.get("see", True) or may.get("rows") in ("own", "section")
    seen = {one.public_id for one in world.records if not none and one.deleted_at is None and holds(one.values)}
    chance = random.Random(name)
    asked = [one for one in by_token(world) if chance.random() < share]
    world.ids = {*world.makers, world.app.public_id, world.other.public_id}
    # A key sees no other app, and what people said neither.
    hidden = computed_from({*columns}) | {COMMENT, "paid"}
    return learned(world, seen, hidden, read, lambda: told_by_token(world, peer, asked))


@pytest.fixture
def world(desk: Any) -> Secrets:
    return open_secrets(desk)


def some(world: Secrets, share: float, *, seed: int) -> list[Address]:
    chance = random.Random(seed)
    return [one for one in everything(world) if chance.random() < share]


@pytest.mark.slow
def test_somebody_with_own_rows_and_few_columns_learns_nothing_else(world) -> None:
    every = list(everything(world))
    names = {words for words, _, _ in every} | {one[0] for one in by_token(world)}
    missed = {name for name, _, _ in addresses() if not name.startswith(OF_EVERYBODY)} - names
    assert not missed, "nobody tries these addresses"
    chance = random.Random(1)
    tried = [one for one in every if chance.random() < 0.025]
    assert len(tried) > 30
    assert spied(world, "own rows", tried) == []
    assert spied_by_token(world, "every row, few columns", 0.15) == []
    # The same eyes do find what is there to be found.
    found = spied(world, "every row, few columns", tried, said_hidden=("item", "home"))
    assert any("MK001品" in one for one in found) and any(one.startswith("tells of") for one in found)


@pytest.mark.prove
@pytest.mark.database
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", SIGHTS)
def test_nobody_learns_what_they_may_not_see(world, name, record_property) -> None:
    tried, keys = some(world, 0.35, seed=len(name)), len(list(by_token(world)))
    found = [*spied(world, name, tried), *spied_by_token(world, name, 1.0)]
    record_property("requests", 2 * (len(tried) + keys))
    record_property("addresses", len({words for words, _, _ in tried}))
    record_property("leaks", len(found))
    assert found == []
