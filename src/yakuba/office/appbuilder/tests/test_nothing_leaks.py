"""Somebody tries every address of an app: nothing of a row or a column comes out that they may not see, and nothing tells of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from yakuba.office.appbuilder.tests.spying import (
    ALIKE_IN_SECTION,
    KEYS,
    Address,
    Secrets,
    computed_from,
    everything,
    markers_in,
    open_secrets,
    told,
)

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


def spied(world: Secrets, name: str, addresses: list[Address], *, said_hidden: tuple[str, ...] = ()) -> list[str]:
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
    hidden = computed_from({*columns, *said_hidden})
    cells = {one.public_id: (hidden if one.public_id in seen else set(KEYS)) for one in world.records}
    cells |= {record: {"cost"} for record in world.makers if record not in cells}
    first = told(world, person, addresses)
    found = markers_in(world, first, cells)
    with world.otherwise(hidden, seen, kept=read):
        second = told(world, person, addresses)
    return [*found, *(f"tells of what is hidden: {place}" for place in first if first[place] != second[place])]


@pytest.fixture
def world(desk: Any) -> Secrets:
    return open_secrets(desk)


def some(world: Secrets, share: float, *, seed: int) -> list[Address]:
    chance = random.Random(seed)
    return [one for one in everything(world) if chance.random() < share]


@pytest.mark.slow
def test_somebody_with_own_rows_and_few_columns_learns_nothing_else(world) -> None:
    addresses = some(world, 0.05, seed=1)
    assert len(addresses) > 30
    assert spied(world, "own rows", addresses) == []
    # The same eyes do find what is there to be found.
    found = spied(world, "every row, few columns", addresses, said_hidden=("item", "home"))
    assert any("MK001品" in one for one in found) and any(one.startswith("tells of") for one in found)


@pytest.mark.prove
@pytest.mark.database
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", SIGHTS)
def test_nobody_learns_what_they_may_not_see(world, name) -> None:
    assert spied(world, name, some(world, 0.35, seed=len(name))) == []
