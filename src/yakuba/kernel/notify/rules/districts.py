"""The town's districts (行政区), and which one an address lies in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yakuba.kernel.japan.api import fold


@dataclass(frozen=True, slots=True)
class DistrictAreas:
    """A district and the heads of addresses in it, behind the name of the town (塔寺、字市中一番甲 …)."""

    name: str
    areas: tuple[str, ...]


def district_of(address: str, districts: Sequence[DistrictAreas], *, town: str) -> str:
    """The district an address lies in; empty outside the town and where no area fits. The longest area wins."""
    _, found, rest = fold(address).partition(fold(town))
    if not found:
        return ""
    rest = _bare(rest)
    best, name = 0, ""
    for district in districts:
        for area in district.areas:
            key = _bare(fold(area))
            if key and rest.startswith(key) and len(key) > best:
                best, name = len(key), district.name
    return name


def _bare(key: str) -> str:
    """Without 大字 and 字 in front, which people write or leave out."""
    return key.removeprefix("大字").removeprefix("字")
