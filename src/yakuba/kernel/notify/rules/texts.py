"""The texts of a message: filled with values, in three languages, without anything that could break out of its line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from yakuba.kernel.japan.api import era_date
from yakuba.kernel.values.api import Text

LANGUAGES = ("ja", "ja-easy", "en")
LONGEST_VALUE = 20_000

TextValue = str | int | date | Text
"""What a place in a text may be filled with; a ``Text`` in the reader's language."""

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BRACE = re.compile(r"[{}]")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class FaultyKind(ValueError):
    """A kind of message is declared wrongly; a fault of the program."""


def places_in(text: str) -> frozenset[str]:
    """The names in braces of a text. Raises ``FaultyKind`` for any other brace."""
    if _BRACE.search(_PLACE.sub("", text)):
        raise FaultyKind(f"braces that are no place: {text!r}")
    return frozenset(_PLACE.findall(text))


def checked_text(text: Text, *, what: str, is_line: bool) -> frozenset[str]:
    """The places of a text that is there in all three languages and has the same places in each.

    ``is_line`` says that it stands in one line (subject, name of a kind). Raises ``FaultyKind``.
    """
    if missing := text.missing(LANGUAGES):
        raise FaultyKind(f"{what}: no text in {', '.join(missing)}")
    places = {language: places_in(text.in_language(language)) for language in LANGUAGES}
    if len(set(places.values())) > 1:
        raise FaultyKind(f"{what}: the languages have different places: {places}")
    if is_line and any(_is_broken(text.in_language(language)) for language in LANGUAGES):
        raise FaultyKind(f"{what}: a line break")
    return places["ja"]


def filled(text: Text, values: Mapping[str, TextValue], *, is_line: bool) -> dict[str, str]:
    """The text in each language with its places filled.

    Values cannot bring places of their own. In a line, every control character of a value becomes a space. Raises
    ``KeyError`` naming a place nobody filled.
    """
    return {language: _filled(text.in_language(language), values, language, is_line) for language in LANGUAGES}


def _filled(text: str, values: Mapping[str, TextValue], language: str, is_line: bool) -> str:
    return _PLACE.sub(lambda found: _said(values[found.group(1)], language, is_line), text)


def _said(value: TextValue, language: str, is_line: bool) -> str:
    if isinstance(value, Text):
        value = value.in_language(language)
    if isinstance(value, bool):
        raise TypeError("a truth value says nothing in a text")
    if isinstance(value, date):
        if language == "en":
            return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
        return era_date(value)
    if isinstance(value, int):
        return f"{value:,}"
    return one_line(value) if is_line else plain(value)


def one_line(text: str) -> str:
    """The text in one line: line breaks and every other control character become a space."""
    tidy = "".join(
        " " if unicodedata.category(one) in ("Cc", "Zl", "Zp", "Cs") else one for one in text[:LONGEST_VALUE]
    )
    return tidy.strip()


def plain(text: str) -> str:
    """The text without control characters except line breaks, which are ``\\n``."""
    text = text[:LONGEST_VALUE].replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in text if one == "\n" or unicodedata.category(one) not in ("Cc", "Cs")).strip()


def paragraphs(body: str) -> list[str]:
    """The paragraphs of a body: parts between line breaks, empty ones left out."""
    return [part.strip() for part in body.split("\n") if part.strip()]


def _is_broken(text: str) -> bool:
    return one_line(text) != text.strip()
