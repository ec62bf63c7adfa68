"""What every kind of question can do: read what was typed, give it back, judge a stored answer, show it."""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.rules.faults import Fault, fault
from yakuba.kernel.japan.api import find_my_numbers

Raw = Mapping[str, str | tuple[str, ...]]
"""What was typed, by part of the input; the main part is ``""``. A part typed several times is a tuple."""

MOST_TYPED = 50_000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A typed answer: its stored value (``None``: nothing was typed), the words beside 「その他」, and its faults."""

    value: Any = None
    other: str = ""
    faults: tuple[Fault, ...] = ()


class Kind(ABC):
    """A kind of question. Stored values are plain JSON: strings, whole numbers, booleans, lists and objects of these.

    For every value a kind accepts, ``parse(unparse(value))`` gives the value back.
    """

    value_type: ClassVar[ValueType]
    is_answered: ClassVar[bool] = True
    missing: ClassVar[str] = "required"

    def parts(self, question: Any) -> tuple[str, ...]:
        """The parts of the input; ``("",)`` for a single one."""
        return ("",)

    @abstractmethod
    def parse(self, question: Any, raw: Raw) -> Parsed:
        """Read what was typed. Never raises for any text."""

    @abstractmethod
    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        """What would have to be typed for a stored value."""

    @abstractmethod
    def is_shaped(self, question: Any, value: Any) -> bool:
        """Whether a value has the shape this kind stores, whatever its content."""

    @abstractmethod
    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        """The value in words for people."""

    def accept(self, question: Any, value: Any, other: Any = "") -> Parsed:
        """Judge a value from outside as strictly as a typed one. ``None`` is an empty answer."""
        if value is None:
            return Parsed()
        if not self.is_shaped(question, value) or not isinstance(other, str):
            return Parsed(faults=(fault("unreadable"),))
        return self.parse(question, self.unparse(question, value, other))

    def for_rules(self, question: Any, value: Any) -> Any:
        """The value as conditions see it."""
        return value

    def columns(self, question: Any) -> tuple[str, ...]:
        """Names of the columns a table needs for this question; ``("",)`` for a single one."""
        return ("",)

    def cells(self, question: Any, value: Any, other: str = "") -> tuple[str | int, ...]:
        """The value in the columns of a table."""
        return (self.show(question, value, "ja", other) if value is not None else "",)


def single(raw: Raw, part: str = "") -> str:
    """The text of a part; the last one if it was typed several times."""
    given = raw.get(part, "")
    if isinstance(given, tuple):
        given = given[-1] if given else ""
    return given[:MOST_TYPED]


def several(raw: Raw, part: str = "") -> tuple[str, ...]:
    """All texts of a part, empty ones left out."""
    given = raw.get(part, ())
    every = (given,) if isinstance(given, str) else given
    return tuple(one[:MOST_TYPED] for one in every if one)


def tidy(text: str) -> str:
    """Typed text as stored: line ends united, blanks around it gone. Characters stay as typed (IVS kept)."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def narrow(text: str) -> str:
    """Full-width digits, letters and signs as half-width: for numbers and codes, never for names."""
    return unicodedata.normalize("NFKC", text).strip()


def text_faults(text: str, *, part: str = "", most: int, least: int = 0, lines: bool = False) -> tuple[Fault, ...]:
    """The faults any written text may have. Length counts characters without variation selectors."""
    found = []
    if _CONTROL.search(text):
        found.append(fault("control_characters", part))
    if not lines and "\n" in text:
        found.append(fault("one_line", part))
    count = characters_in(text)
    if count > most:
        found.append(fault("too_long", part, most=most, count=count))
    if text and count < least:
        found.append(fault("too_short", part, least=least, count=count))
    if find_my_numbers(text):
        found.append(fault("my_number", part))
    return tuple(found)


def characters_in(text: str) -> int:
    """Characters as people count them: combining marks and variation selectors belong to their letter."""
    return sum(1 for character in text if not unicodedata.combining(character) and not _is_selector(character))


def _is_selector(character: str) -> bool:
    return 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF
