"""The records of the sample register as they are stored."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

from yakuba.kernel.japan.api import fold
from yakuba.site.sample.naming import FamilyName
from yakuba.site.sample.sources import ForeignName, GivenName, Place

JAPAN = "日本"


@dataclass(slots=True)
class HouseholdRecord:
    """One household (世帯) of the register with its address."""

    number: str
    place: Place
    lot: str

    @property
    def address(self) -> str:
        return f"{self.place.prefecture}{self.place.city}{self.place.before_lot}{self.lot}"

    def row(self) -> tuple[object, ...]:
        place = self.place
        return (
            self.number,
            place.postal_code,
            place.prefecture,
            place.city,
            place.area,
            self.lot,
            self.address,
            fold(self.address),
        )


@dataclass(slots=True)
class ResidentRecord:
    """One person of the register; ``removed_on`` says that the person is gone (消除)."""

    household: HouseholdRecord
    family: FamilyName
    given: GivenName | None
    born_on: date
    sex: str
    relationship: str
    became_resident_on: date
    number: str = ""
    previous_address: str = ""
    registered_domicile: str = ""
    removed_on: date | None = None
    removal_reason: str = ""
    removal_to: str = ""
    is_protected: bool = False
    foreign: ForeignName | None = None
    phone: str = ""
    has_mail: bool = False

    @property
    def mail(self) -> str:
        """A mail address is made of the number, at a domain that belongs to nobody."""
        return f"{self.number.lower()}@example.jp" if self.has_mail else ""

    @property
    def name(self) -> str:
        if self.foreign is not None:
            return self.foreign.written.replace(" ", "　") or self.foreign.latin
        return f"{self.family.written}　{self.given.given_name}" if self.given else self.family.written

    @property
    def reading(self) -> str:
        if self.foreign is not None:
            return self.foreign.reading.replace(" ", "　")
        return f"{self.family.reading}　{self.given.reading}" if self.given else self.family.reading

    def row(self) -> tuple[object, ...]:
        foreign = self.foreign
        latin, common = (foreign.latin, foreign.common_name.replace(" ", "　")) if foreign else ("", "")
        keys = [self.name, self.reading, latin, common, foreign.common_reading if foreign else ""]
        return (
            self.number,
            "見本",
            self.household.number,
            self.name,
            self.reading,
            latin,
            common,
            "\n".join(fold(key) for key in keys if key),
            fold(self.reading),
            self.born_on.isoformat(),
            self.sex,
            self.relationship,
            int(self.relationship == "世帯主"),
            foreign.nationality if foreign else JAPAN,
            foreign.status_of_residence if foreign else "",
            self.registered_domicile,
            self.became_resident_on.isoformat(),
            self.previous_address,
            self.removed_on.isoformat() if self.removed_on else None,
            self.removal_reason,
            self.removal_to,
            int(self.is_protected),
            self.phone,
            self.mail,
        )


@dataclass(slots=True)
class Register:
    """Everything the register holds. The residents of a household stand together, the head first."""

    households: list[HouseholdRecord] = field(default_factory=list)
    residents: list[ResidentRecord] = field(default_factory=list)

    def members(self) -> list[list[ResidentRecord]]:
        """The residents by household, those who are gone among them."""
        together: dict[int, list[ResidentRecord]] = {id(household): [] for household in self.households}
        for resident in self.residents:
            together[id(resident.household)].append(resident)
        return list(together.values())

    def number(self, rng: random.Random) -> None:
        """Give the numbers, mixed, so that they follow no order anybody could read something from."""
        for place, household in enumerate(self.households, start=1):
            household.number = f"MS{place:06d}"
        rng.shuffle(self.residents)
        for place, resident in enumerate(self.residents, start=1):
            resident.number = f"M{place:07d}"
