"""What the sample town is made from: the files of ``data/sample`` and the postal codes of the town."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from yakuba.kernel.values.api import Refusal


@dataclass(frozen=True, slots=True)
class Surname:
    """A surname, its reading in katakana, how common it is, and the forms families write it in with their shares."""

    surname: str
    reading: str
    weight: float
    forms: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class GivenName:
    """A given name with the sex and years of birth it was in fashion for."""

    given_name: str
    reading: str
    sex: str
    born_from: int
    born_until: int
    weight: float


@dataclass(frozen=True, slots=True)
class ForeignName:
    """A foreign resident to be: ``written`` in characters where the home country has them, else empty."""

    written: str
    latin: str
    reading: str
    common_name: str
    common_reading: str
    sex: str
    nationality: str
    status_of_residence: str


@dataclass(frozen=True, slots=True)
class Place:
    """A 大字 or 字 of the town. ``before_lot`` is what stands in an address between town and lot."""

    postal_code: str
    prefecture: str
    city: str
    area: str
    kind: str
    weight: float

    @property
    def before_lot(self) -> str:
        return f"{self.kind}{self.area}"


def folder() -> Path:
    return Path(settings.YAKUBA_DATA) / "sample"


@cache
def population() -> dict[str, Any]:
    return _toml("population.toml")


@cache
def organisation() -> dict[str, Any]:
    return _toml("organisation.toml")


@cache
def surnames() -> tuple[Surname, ...]:
    return tuple(
        Surname(row["surname"], row["reading"], float(row["weight"]), _forms(row["surname"], row["forms"]))
        for row in _csv(folder() / "surnames.csv")
    )


@cache
def staff_surnames() -> tuple[tuple[str, str], ...]:
    return tuple((row["surname"], row["reading"]) for row in _csv(folder() / "staff_surnames.csv"))


@cache
def given_names() -> tuple[GivenName, ...]:
    return tuple(
        GivenName(
            row["given_name"],
            row["reading"],
            row["sex"],
            int(row["born_from"]),
            int(row["born_until"]),
            float(row["weight"]),
        )
        for row in _csv(folder() / "given_names.csv")
    )


@cache
def foreign_names() -> tuple[ForeignName, ...]:
    return tuple(ForeignName(**row) for row in _csv(folder() / "foreign_residents.csv"))


@cache
def places() -> tuple[Place, ...]:
    """The 大字 and 字 of the town with their postal codes; a town without such files gets ten made-up districts."""
    town = settings.TOWN
    weights = folder() / "places" / f"{town.code}.csv"
    postal = Path(settings.YAKUBA_DATA) / "postal" / f"{town.code}.csv"
    if not (weights.exists() and postal.exists()):
        return tuple(
            Place("0000000", town.prefecture, town.name, f"見本第{number}区", "", 1.0) for number in range(1, 11)
        )
    cities = {(row["郵便番号"], row["町域名"]): row for row in _csv(postal)}
    found = []
    for row in _csv(weights):
        known = cities.get((row["postal_code"], row["area"]))
        if known is None:
            raise Refusal(
                f"{weights.name}: {row['postal_code']} {row['area']} が郵便番号のファイルにありません。",
                hint=f"data/postal/{town.code}.csv とそろえてください。",
            )
        found.append(
            Place(
                row["postal_code"],
                known["都道府県名"],
                known["市区町村名"],
                row["area"],
                row["kind"],
                float(row["weight"]),
            )
        )
    return tuple(found)


def _forms(surname: str, written: str) -> tuple[tuple[str, float], ...]:
    if not written:
        return ((surname, 1.0),)
    return tuple((form, float(share)) for form, share in (one.rsplit(":", 1) for one in written.split("|")))


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((folder() / name).read_text(encoding="utf-8"))


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
