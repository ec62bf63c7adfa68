"""Names of the sample town: surnames run in places and families, given names in years of birth."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from yakuba.site.sample.households import Someone
from yakuba.site.sample.sources import GivenName, Place, Surname

_KINS_PER_PLACE = 5
_SHARE_OF_KINS = 0.5


@dataclass(frozen=True, slots=True)
class FamilyName:
    """The surname of one family, in the form this family writes it."""

    written: str
    reading: str


class NameGiver:
    """Draws surnames and given names. Villages have a few surnames that every second family bears."""

    def __init__(
        self,
        *,
        surnames: Sequence[Surname],
        given_names: Sequence[GivenName],
        places: Sequence[Place],
        rng: random.Random,
    ) -> None:
        self._rng = rng
        self._surnames = surnames
        self._weights = list(accumulate(one.weight for one in surnames))
        self._kins = {place: rng.choices(surnames, cum_weights=self._weights, k=_KINS_PER_PLACE) for place in places}
        self._given: dict[tuple[str, int], tuple[list[GivenName], list[float]]] = {}
        for one in given_names:
            for year in range(one.born_from, min(one.born_until, 2100) + 1):
                names, weights = self._given.setdefault((one.sex, year), ([], []))
                names.append(one)
                weights.append(one.weight)

    def family_name(self, place: Place) -> FamilyName:
        if self._rng.random() < _SHARE_OF_KINS:
            chosen = self._rng.choice(self._kins[place])
        else:
            chosen = self._rng.choices(self._surnames, cum_weights=self._weights)[0]
        forms, shares = zip(*chosen.forms, strict=True)
        return FamilyName(self._rng.choices(forms, shares)[0], chosen.reading)

    def given_name(self, person: Someone, *, taken: set[str]) -> GivenName:
        """A name of the person's generation that nobody else of the household bears."""
        year = max(1915, person.born_on.year)
        names, weights = self._given[person.sex, year]
        for _ in range(40):
            chosen = self._rng.choices(names, weights)[0]
            if chosen.given_name not in taken:
                break
        taken.add(chosen.given_name)
        return chosen


def family_names(
    members: Sequence[int], people: Sequence[Someone], place: Place, giver: NameGiver
) -> dict[int, FamilyName]:
    """The surname of each member: of the spouse who gives it, of the parents, or a family's own."""
    found: dict[int, FamilyName] = {}

    def of(id: int) -> FamilyName:
        if id not in found:
            person = people[id]
            if person.spouse is not None and not person.keeps_surname:
                found[id] = of(person.spouse)
            elif person.parents:
                found[id] = of(person.parents[0])
            else:
                found[id] = giver.family_name(place)
        return found[id]

    for id in members:
        of(id)
    return found
