"""Decisions of listings that need no database: what a URL may ask for, page numbers, harmless cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MOST_WORDS = 5
MOST_LETTERS = 100

_PAGE = re.compile(r"[0-9]{1,7}")
_FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page number to go to; `gap` stands for the numbers left out."""

    number: int
    url: str
    current: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Pages:
    """What `<c-pagination>` shows: `first` to `last` of `total` entries, and links."""

    total: int
    first: int
    last: int
    number: int
    count: int
    links: tuple[PageLink, ...]
    previous_url: str
    next_url: str


def asked_page(text: str) -> int:
    """The page a URL asks for; 1 for anything that is no number."""
    return max(1, int(text)) if _PAGE.fullmatch(text) else 1


def page_count(total: int, size: int) -> int:
    """Pages that `total` entries fill, at least 1."""
    return max(1, -(-total // size))


def pages(*, total: int, size: int, asked: int, url: Callable[[int], str]) -> Pages:
    """The pages of a listing; a number beyond the last page gives the last."""
    count = page_count(total, size)
    number = min(max(1, asked), count)
    shown = sorted({1, count, *(near for near in range(number - 2, number + 3) if 1 <= near <= count)})
    links: list[PageLink] = []
    before = 0
    for one in shown:
        if one - before == 2:
            links.append(PageLink(one - 1, url(one - 1)))
        elif one - before > 2:
            links.append(PageLink(0, "", gap=True))
        links.append(PageLink(one, url(one), current=one == number))
        before = one
    return Pages(
        total=total,
        first=(number - 1) * size + 1 if total else 0,
        last=min(total, number * size),
        number=number,
        count=count,
        links=tuple(links),
        previous_url=url(number - 1) if number > 1 else "",
        next_url=url(number + 1) if number < count else "",
    )


def search_words(text: str) -> list[str]:
    """The words of a search line: at most five, of at most 100 letters together, without control characters."""
    visible = "".join(" " if unicodedata.category(letter).startswith("C") else letter for letter in text[:1000])
    return visible[:MOST_LETTERS].split()[:MOST_WORDS]


def tidy_words(text: str) -> str:
    """The search line as it is shown again."""
    return " ".join(search_words(text))


def neutralised(text: str) -> str:
    """A cell text no spreadsheet runs as a formula: an apostrophe before = + - @ and their full-width forms.

    A lone sign stays: `-` means "none" in many town sheets and is no formula. Source: ASVS 5.0 V1.2.10.
    """
    return f"'{text}" if len(text) > 1 and text[0] in _FORMULA_STARTS else text


def without_control_characters(text: str) -> str:
    """The text without characters that neither CSV nor Excel can carry; line breaks and tabs stay."""
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs"))


def choose(asked: str, allowed: Sequence[str], otherwise: str) -> str:
    """`asked` if it is allowed."""
    return asked if asked in allowed else otherwise
