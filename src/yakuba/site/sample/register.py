"""From households to the register: addresses, names, 続柄, dates, 戸籍, ways to reach somebody."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from yakuba.site.sample.addresses import Addresses
from yakuba.site.sample.departures import Means, add_deceased, add_moved_out, protect_some
from yakuba.site.sample.foreigners import OF_OLD, settle_foreigners
from yakuba.site.sample.households import Households, Someone
from yakuba.site.sample.naming import NameGiver, family_names
from yakuba.site.sample.records import HouseholdRecord, Register, ResidentRecord
from yakuba.site.sample.rules import people_by_age, relationships
from yakuba.site.sample.sources import ForeignName, GivenName, Place, Surname


@dataclass(frozen=True)
class Ingredients:
    """What the register is made from; see ``sources``."""

    population: Mapping[str, Any]
    places: Sequence[Place]
    surnames: Sequence[Surname]
    given_names: Sequence[GivenName]
    foreign_names: Sequence[ForeignName]


def make_register(*, residents: int, today: date, seed: str, ingredients: Ingredients) -> Register:
    """The register of ``residents`` people as of ``today``, and those who moved out or died of late.

    The same arguments give the same register, to the byte.
    """
    population = ingredients.population
    rng = random.Random(f"{seed}:register")
    town = Households(
        people_by_age(
            residents,
            [(int(low), int(high), float(many), float(women)) for low, high, many, women in population["ages"]],
        ),
        today=today,
        rng=rng,
    )
    town.form(
        wanted=round(residents / population["residents_per_household"]),
        living_with_spouse=[(limit, share) for limit, share in population["living_with_spouse"]],
    )
    foreign = settle_foreigners(
        town, ingredients.foreign_names, wanted=round(residents * population["foreign"] / 1000), rng=rng
    )
    addresses = Addresses(ingredients.places, population["other_places"], rng)
    names = NameGiver(
        surnames=ingredients.surnames, given_names=ingredients.given_names, places=ingredients.places, rng=rng
    )
    writer = _Writer(town.people, foreign, addresses, names, today, rng)
    households = town.households()
    rng.shuffle(households)
    for members in households:
        writer.write(members)
    register = writer.register
    means = Means(addresses, names, today, rng)
    protect_some(register, means, wanted=max(1, round(residents * population["protected_households"] / 1000)))
    deceased = add_deceased(register, means, wanted=round(residents * population["deceased"] / 1000))
    moved_out = add_moved_out(register, means, wanted=round(residents * population["moved_out"] / 1000))
    register.residents += [*deceased, *moved_out]
    register.number(rng)
    return register


class _Writer:
    def __init__(
        self,
        people: Sequence[Someone],
        foreign: Mapping[int, ForeignName],
        addresses: Addresses,
        names: NameGiver,
        today: date,
        rng: random.Random,
    ) -> None:
        self._people = people
        self._foreign = foreign
        self._addresses = addresses
        self._names = names
        self._today = today
        self._rng = rng
        self.register = Register()

    def write(self, members: Sequence[int]) -> None:
        place = self._addresses.somewhere()
        household = self._addresses.household_in(place, alone=len(members) == 1)
        self.register.households.append(household)
        chosen = [self._people[id] for id in members]
        head = self._head_of(chosen)
        words = relationships(
            head.id,
            sexes={person.id: person.sex for person in chosen},
            births={person.id: person.born_on for person in chosen},
            spouses={person.id: person.spouse for person in chosen if person.spouse is not None},
            parents={person.id: person.parents for person in chosen if person.parents},
        )
        surnames = family_names(members, self._people, place, self._names)
        moved_in = self._moved_in(chosen) if self._rng.random() < 0.25 else None
        domiciles: dict[object, str] = {}
        taken: set[str] = set()
        for person in sorted(chosen, key=lambda one: (one.id != head.id, len(words[one.id]), one.born_on, one.id)):
            stranger = self._foreign.get(person.id)
            since, came_from = self._arrival(person, moved_in)
            domicile = ""
            if stranger is None:
                key = self._family_register_of(person)
                domicile = domiciles.setdefault(key, self._domicile(household))
            self.register.residents.append(
                ResidentRecord(
                    household=household,
                    family=surnames[person.id],
                    given=None if stranger else self._names.given_name(person, taken=taken),
                    born_on=person.born_on,
                    sex=person.sex,
                    relationship=words[person.id],
                    became_resident_on=since,
                    previous_address=came_from,
                    registered_domicile=domicile,
                    foreign=stranger,
                    phone=self._phone(person, is_head=person is head),
                    has_mail=15 <= person.age < 78 and self._rng.random() < 0.4,
                )
            )

    def _head_of(self, members: Sequence[Someone]) -> Someone:
        grown = [person for person in members if person.age >= 18]

        def weight(person: Someone) -> float:
            by_age = 4 if 35 <= person.age < 78 else 1
            return by_age * (6 if person.sex == "男" else 1) * (2 if person.spouse is not None else 1)

        return self._rng.choices(grown, [weight(person) for person in grown])[0]

    def _moved_in(self, members: Collection[Someone]) -> date:
        years = min(30, max(1, max(person.age for person in members) - 18))
        return self._today - timedelta(days=self._rng.randint(5, 365 * years))

    def _arrival(self, person: Someone, moved_in: date | None) -> tuple[date, str]:
        """When somebody became a resident and from where: by birth, with the household, by marriage, from abroad."""
        stranger = self._foreign.get(person.id)
        if stranger is not None and stranger.status_of_residence not in OF_OLD:
            return self._today - timedelta(days=self._rng.randint(10, 365 * min(12, person.age - 19))), "国外"
        if moved_in is not None and person.born_on < moved_in:
            return moved_in, self._addresses.elsewhere()
        if person.spouse is not None and not person.keeps_surname and person.age > 20 and self._rng.random() < 0.6:
            age = self._rng.randint(19, min(34, person.age - 1))
            return person.born_on + timedelta(days=366 * age + self._rng.randint(0, 300)), self._addresses.elsewhere()
        return person.born_on, ""

    def _domicile(self, household: HouseholdRecord) -> str:
        at_home = self._rng.random() < 0.75
        return household.address.split("　")[0] if at_home else self._addresses.elsewhere()

    def _family_register_of(self, person: Someone) -> object:
        """Whose 戸籍 a person stands in: a couple has one, and its unmarried children stand in it."""
        if person.spouse is not None:
            return person.id if person.spouse in self._foreign else tuple(sorted((person.id, person.spouse)))
        if person.parents and not person.children:
            japanese = [self._people[one] for one in person.parents if one not in self._foreign]
            return self._family_register_of(japanese[0]) if japanese else person.id
        return person.id

    def _phone(self, person: Someone, *, is_head: bool) -> str:
        if is_head and self._rng.random() < 0.8:
            return f"000-000-{self._rng.randrange(10_000):04d}"
        if 15 <= person.age < 85 and self._rng.random() < 0.7:
            return f"000-{self._rng.randrange(10_000):04d}-{self._rng.randrange(10_000):04d}"
        return ""
