"""Cutting long texts into passages, without losing a word that stands across a cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from yakuba.kernel.search.rules.keys import search_key

PASSAGE = 1_200
"""Characters of the source a passage has at least, unless the text ends."""
LONGEST_WORD = 100
"""A word of so many characters of its key is found wherever it stands; longer ones are looked for in pieces."""
_LEANING = frozenset(("Lm", "Mn", "Mc", "Me", "Pd", "Sk", "Cc", "Cf", "Cs", "Zs", "Zl", "Zp"))
_JAMO = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xD7B0, 0xD7FF), (0xFFA0, 0xFFDC))


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text (索引の一節).

    ``section`` counts the pages or sections of the text from 0; ``begins`` and ``ends`` are places in that section.
    ``key`` is the key of the piece and, behind it, ``tail`` characters of the key of what follows.
    """

    section: int
    begins: int
    ends: int
    key: str
    tail: int


@lru_cache(maxsize=20_000)
def may_begin_apart(character: str) -> bool:
    """Whether a text may be cut before this character: its key does not depend on what stands before.

    Not so for marks (々, ー, dashes, combining accents), half-width sound marks, what the key drops, and the letters
    Hangul syllables are made of.
    """
    key = search_key(character)
    return (
        bool(key)
        and key[0] not in "-ー"
        and all(
            unicodedata.category(one) not in _LEANING and not any(low <= ord(one) <= high for low, high in _JAMO)
            for one in (character, key[0])
        )
    )


def cuts(text: str, size: int = PASSAGE) -> Iterator[tuple[int, int]]:
    """Where to cut: (begin, end) of pieces of at least ``size`` characters; their keys, joined, are the text's key."""
    begin, length = 0, len(text)
    while begin < length:
        end = begin + size
        while end < length and not may_begin_apart(text[end]):
            end += 1
        yield begin, min(end, length)
        begin = end


def passages(sections: Sequence[str], size: int = PASSAGE) -> list[Passage]:
    """Cut one text, given as pages or sections, into passages.

    Together the passages have every substring of up to ``LONGEST_WORD`` characters of the joined keys of the sections,
    so a word that a page break divides is found as well. Passages without any key are left out.
    """
    pieces = [
        (section, begin, end, search_key(text[begin:end]))
        for section, text in enumerate(sections)
        for begin, end in cuts(text, size)
    ]
    found: list[Passage] = []
    following = ""
    for section, begin, end, key in reversed(pieces):
        tail = following[: LONGEST_WORD - 1]
        if key:
            found.append(Passage(section, begin, end, key + tail, len(tail)))
        following = (key + tail)[: LONGEST_WORD - 1]
    return found[::-1]
