"""Which people of the sample town come from abroad."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from yakuba.site.sample.households import Households, Someone
from yakuba.site.sample.sources import ForeignName

_BY_MARRIAGE = {"日本人の配偶者等", "永住者"}
OF_OLD = {"特別永住者"}


def settle_foreigners(
    town: Households, names: Sequence[ForeignName], *, wanted: int, rng: random.Random
) -> dict[int, ForeignName]:
    """About ``wanted`` people and the foreign name each bears: wives and husbands, trainees, teachers, elders.

    Nobody whose surname others of the household bear is taken, so that families keep one name.
    """
    fitting = {kind: _shuffled(town, kind, rng) for kind in ("spouse", "elder", "worker")}
    settled: dict[int, ForeignName] = {}
    for turn in range(wanted):
        name = names[turn % len(names)]
        kind = (
            "spouse"
            if name.status_of_residence in _BY_MARRIAGE
            else "elder"
            if name.status_of_residence in OF_OLD
            else "worker"
        )
        person = next((one for one in fitting[kind][name.sex] if one.id not in settled), None)
        if person is not None:
            settled[person.id] = name
    return settled


def _shuffled(town: Households, kind: str, rng: random.Random) -> dict[str, Iterator[Someone]]:
    people = rng.sample(town.people, len(town.people))
    return {sex: iter([one for one in people if one.sex == sex and _fits(one, town, kind)]) for sex in ("女", "男")}


def _fits(person: Someone, town: Households, kind: str) -> bool:
    if kind == "spouse":
        return person.spouse is not None and not person.keeps_surname and not person.parents and 24 <= person.age < 65
    alone = len(town.members[person.household]) == 1
    if kind == "elder":
        return alone and 58 <= person.age < 88
    return alone and 20 <= person.age < 36
