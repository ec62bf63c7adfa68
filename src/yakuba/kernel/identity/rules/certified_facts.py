"""Name, address, date of birth and gender as a My Number Card tells them (基本4情報)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from yakuba.kernel.japan.api import find_my_numbers

_LONGEST = {"name": 200, "address": 400}
#: JIS X 0303 codes of the card's own attributes, and the words OpenID Connect uses.
_GENDERS = {
    "1": "male",
    "2": "female",
    "3": "other",
    "9": "other",
    "male": "male",
    "female": "female",
    "other": "other",
}
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")


class FactsFault(ValueError):
    """The facts cannot be used; ``reason`` names which, in a word for machines."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class CertifiedFacts:
    """What the card says of its holder; empty or ``None`` is what it did not say.

    ``name`` is written exactly as on the card (variation selectors kept), ``gender`` is ``male``, ``female``, ``other``
    or empty. Answers filled from here have the source ``card``.
    """

    name: str = ""
    address: str = ""
    birth_date: date | None = None
    gender: str = ""
    source: str = "card"

    def as_plain(self) -> dict[str, str]:
        """As JSON keeps it; ``from_plain`` gives it back."""
        return {**asdict(self), "birth_date": self.birth_date.isoformat() if self.birth_date else ""}

    @classmethod
    def from_plain(cls, kept: Mapping[str, str]) -> CertifiedFacts:
        day = kept["birth_date"]
        return cls(kept["name"], kept["address"], date.fromisoformat(day) if day else None, kept["gender"])


def facts_of(told: Mapping[str, Any]) -> CertifiedFacts:
    """The facts among the claims of a userinfo answer. Raises ``FactsFault`` for what is no name, address or day.

    An address may be a plain text or OpenID Connect's ``{"formatted": …}``; a day ``2001-02-03`` or ``20010203``, and
    unknown (birth dates of some are not in the family register) when it is no day of the calendar.
    """
    address = told.get("address", "")
    if isinstance(address, Mapping):
        address = address.get("formatted", "")
    return CertifiedFacts(
        name=_text(told.get("name", ""), "name"),
        address=_text(address, "address"),
        birth_date=_day(told.get("birthdate", "")),
        gender=_gender(told.get("gender", "")),
    )


def _text(value: Any, which: str) -> str:
    text = "" if value is None else value
    if not isinstance(text, str) or len(text) > _LONGEST[which]:
        raise FactsFault(which)
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise FactsFault(which)
    if find_my_numbers(text):  # no provider may hand one over, and none is kept if it does (番号法第20条)
        raise FactsFault("my_number")
    return text.strip()


def _day(value: Any) -> date | None:
    if value in ("", None):
        return None
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise FactsFault("birthdate")
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def _gender(value: Any) -> str:
    if value in ("", None):
        return ""
    if not isinstance(value, str) or value not in _GENDERS:
        raise FactsFault("gender")
    return _GENDERS[value]
