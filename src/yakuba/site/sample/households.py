"""People of the sample town and the households they form: families first, then couples, then who lives with whom.

Plain Python and one random generator: the same seed gives the same town.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from yakuba.site.sample.rules import born_between

_MOST_MEMBERS = 8
_LARGE = 6
_OF_AGE = 18
_YEARS_BETWEEN_SIBLINGS = 2  # in completed years of age: one could mean two birthdays in one week


@dataclass(slots=True)
class Someone:
    """A resident to be. ``parents`` are those who live in the same household, the one who gives the surname first."""

    id: int
    age: int
    sex: str
    born_on: date
    spouse: int | None = None
    parents: tuple[int, ...] = ()
    children: list[int] = field(default_factory=list)
    keeps_surname: bool = True
    household: int = 0


class Households:
    """All people and their households.

    ``people[id]`` is a person, ``members[household]`` the ids living together. Filled by ``form``.
    """

    def __init__(self, people: Sequence[tuple[int, str]], *, today: date, rng: random.Random) -> None:
        self._rng = rng
        self.people = [
            Someone(id=place, age=age, sex=sex, born_on=_some_day(*born_between(age, today), rng), household=place)
            for place, (age, sex) in enumerate(people)
        ]
        self.members: dict[int, list[int]] = {person.id: [person.id] for person in self.people}
        self._free: dict[tuple[str, int], list[int]] = {}
        for person in rng.sample(self.people, len(self.people)):
            self._free.setdefault((person.sex, person.age), []).append(person.id)

    def form(self, *, wanted: int, living_with_spouse: Sequence[tuple[float, float]]) -> None:
        """Build families and couples, then let younger ones live with parents until ``wanted`` households are left."""
        self._families()
        self._couples(living_with_spouse)
        self._generations(wanted)

    def households(self) -> list[list[int]]:
        """Every household as its members' ids, in a fixed order."""
        return [members for _, members in sorted(self.members.items())]

    def _families(self) -> None:
        while (child := self._take(("女", "男"), range(_OF_AGE - 1, -1, -1))) is not None:
            children = [child]
            for _ in range(self._rng.choices([0, 1, 2, 3], [40, 43, 14, 3])[0]):
                youngest = min(self.people[one].age for one in children)
                gap = self._rng.randint(_YEARS_BETWEEN_SIBLINGS, 4)
                younger = self._take(self._either_sex(), range(youngest - gap, max(youngest - 6, -1), -1))
                if younger is not None:
                    children.append(younger)
            self._parents_for(children)

    def _parents_for(self, children: list[int]) -> None:
        oldest = max(self.people[one].age for one in children)
        alone = self._rng.random()
        wish = oldest + self._rng.randint(23, 34)
        mother = self._take(("女",), _near(wish, oldest + 19, oldest + 41)) if alone > 0.03 else None
        father = None
        if mother is None or alone > 0.13:
            age = self.people[mother].age + self._rng.randint(-2, 6) if mother is not None else wish + 2
            father = self._take(("男",), _near(age, oldest + 20, oldest + 50))
        if mother is not None and father is not None:
            self._marry(father, mother)
        parents = [one for one in (father, mother) if one is not None]
        for child in children:
            self._adopt(child, parents)

    def _couples(self, living_with_spouse: Sequence[tuple[float, float]]) -> None:
        married_by_age = {}
        for age in range(_OF_AGE, 107):
            everyone = [one for one in self.people if one.age == age and one.sex == "女"]
            share = next(share for limit, share in living_with_spouse if age < limit)
            married_by_age[age] = round(len(everyone) * share) - sum(one.spouse is not None for one in everyone)
        for age, wanted in married_by_age.items():
            for _ in range(wanted):
                husband_age = age + self._rng.randint(-2, 6)
                husband = self._take(("男",), _near(husband_age, max(20, age - 6), age + 12))
                wife = self._take(("女",), (age,)) if husband is not None else None
                if husband is not None and wife is not None:
                    self._marry(husband, wife)

    def _generations(self, wanted: int) -> None:
        """Younger units join an older one: first those likely to, then any that can, until the count is right."""
        eager: list[int] = []
        others: list[int] = []
        for person in self._rng.sample(self.people, len(self.people)):
            if person.age >= _OF_AGE and not person.parents and person.keeps_surname:
                (eager if self._rng.random() < _lives_with_parents(person) else others).append(person.id)
        elders = {age: [one.id for one in self.people if one.age == age and one.sex == "女"] for age in range(38, 107)}
        widowers = {
            age: [one.id for one in self.people if one.age == age and one.sex == "男" and one.spouse is None]
            for age in range(40, 107)
        }
        for young in [*eager, *others]:
            if len(self.members) <= wanted:
                return
            elder = self._elder_for(young, elders, widowers)
            if elder is not None:
                self._move_in(young, elder)

    def _elder_for(self, young: int, mothers: dict[int, list[int]], widowers: dict[int, list[int]]) -> int | None:
        age = self.people[young].age
        wish = self._rng.randint(22, 34)
        for source, least, most in ((mothers, 19, 42), (widowers, 22, 48)):
            for elder_age in _near(age + wish, age + least, age + most):
                pool = source.get(elder_age, [])
                for _ in range(min(len(pool), 4)):
                    elder = pool[self._rng.randrange(len(pool))]
                    if self._can_live_together(young, elder):
                        return elder
        return None

    def _can_live_together(self, young: int, elder: int) -> bool:
        one, other = self.people[young], self.people[elder]
        if one.household == other.household:
            return False
        size = len(self.members[one.household]) + len(self.members[other.household])
        if size > _MOST_MEMBERS or (size > _LARGE and self._rng.random() < 0.8):
            return False
        if other.spouse is not None and self.people[other.spouse].age < one.age + 18:
            return False
        siblings = [self.people[child] for child in other.children]
        if any(abs(sibling.age - one.age) < _YEARS_BETWEEN_SIBLINGS for sibling in siblings) or len(siblings) > 3:
            return False
        married = sum(sibling.spouse is not None for sibling in siblings)
        return not (one.spouse is not None and married)

    def _move_in(self, young: int, elder: int) -> None:
        """``young`` and all of their household now live with their parents; a husband may keep his own surname."""
        person = self.people[young]
        if person.spouse is not None and self._rng.random() < 0.1:
            # The elders are the parents of the other one, who in half of the cases gives the couple its surname.
            partner = self.people[person.spouse]
            if not partner.parents and self._can_live_together(partner.id, elder):
                if self._rng.random() < 0.5:
                    person.keeps_surname, partner.keeps_surname = False, True
                young = partner.id
        spouse = self.people[elder].spouse
        self._adopt(young, [elder] if spouse is None else [elder, spouse])

    def _gives_surname(self, id: int) -> bool:
        return self.people[id].keeps_surname

    def _marry(self, husband: int, wife: int) -> None:
        self.people[husband].spouse, self.people[wife].spouse = wife, husband
        self.people[wife].keeps_surname = False
        if self._rng.random() < 0.04:
            self.people[husband].keeps_surname, self.people[wife].keeps_surname = False, True
        self._unite(husband, wife)

    def _adopt(self, child: int, parents: list[int]) -> None:
        self.people[child].parents = tuple(sorted(parents, key=self._gives_surname, reverse=True))
        for parent in parents:
            self.people[parent].children.append(child)
            self._unite(parent, child)

    def _unite(self, one: int, other: int) -> None:
        kept, gone = self.people[one].household, self.people[other].household
        if kept == gone:
            return
        for person in self.members[gone]:
            self.people[person].household = kept
        self.members[kept] += self.members.pop(gone)

    def _take(self, sexes: Iterable[str], ages: Iterable[int]) -> int | None:
        sexes = tuple(sexes)
        for age in ages:
            for sex in sexes:
                waiting = self._free.get((sex, age))
                if waiting:
                    return waiting.pop()
        return None

    def _either_sex(self) -> tuple[str, str]:
        return ("女", "男") if self._rng.random() < 0.5 else ("男", "女")


def _lives_with_parents(person: Someone) -> float:
    if person.spouse is not None:
        return 0.42 if person.children else 0.26
    if person.children:
        return 0.5
    return 0.62 if person.age < 45 else 0.5 if person.age < 60 else 0.15


def _near(wish: int, least: int, most: int) -> Iterable[int]:
    """Ages from ``least`` to ``most``, the nearest to ``wish`` first."""
    return sorted(range(least, most + 1), key=lambda age: (abs(age - wish), age))


def _some_day(first: date, last: date, rng: random.Random) -> date:
    return first + timedelta(days=rng.randrange((last - first).days + 1))
