"""Places: words that lead there, and a point where there is one."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, ClassVar

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.rules.faults import Fault, fault
from yakuba.kernel.forms.rules.kinds.kind import Kind, Parsed, Raw, narrow, single, text_faults, tidy

_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,10})?")
#: Japan with its islands, in degrees: nothing outside can be meant.
_LATITUDES, _LONGITUDES = (Decimal(20), Decimal(46)), (Decimal(122), Decimal(154))


class PlaceKind(Kind):
    """A place: a description and a point in WGS 84, degrees with six decimals as text, or both empty."""

    value_type: ClassVar[ValueType] = ValueType.ANY

    def parts(self, question: Any) -> tuple[str, ...]:
        return ("words", "lat", "lon")

    def columns(self, question: Any) -> tuple[str, ...]:
        return ("", "緯度", "経度")

    def parse(self, question: Any, raw: Raw) -> Parsed:
        words = tidy(single(raw, "words"))
        lat, lon = narrow(single(raw, "lat")[:30]), narrow(single(raw, "lon")[:30])
        if not (words or lat or lon):
            return Parsed()
        faults: list[Fault] = list(text_faults(words, part="words", most=200))
        if not words:
            faults.append(fault("place_words", "words"))
        if lat or lon or question.needs_point:
            if _is_degree(lat, _LATITUDES) and _is_degree(lon, _LONGITUDES):
                lat, lon = f"{Decimal(lat):.6f}", f"{Decimal(lon):.6f}"
            else:
                faults.append(fault("point", "lat"))
        return Parsed(None if faults else {"words": words, "lat": lat, "lon": lon}, faults=tuple(faults))

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return dict(value)

    def is_shaped(self, question: Any, value: Any) -> bool:
        return (
            isinstance(value, dict)
            and set(value) == {"words", "lat", "lon"}
            and all(isinstance(one, str) for one in value.values())
        )

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        return f"{value['words']}（{value['lat']}, {value['lon']}）" if value["lat"] else str(value["words"])

    def cells(self, question: Any, value: Any, other: str = "") -> tuple[str | int, ...]:
        return ("", "", "") if value is None else (value["words"], value["lat"], value["lon"])


def _is_degree(text: str, limits: tuple[Decimal, Decimal]) -> bool:
    return _DEGREES.fullmatch(text) is not None and limits[0] <= Decimal(text) <= limits[1]
