"""Finding in the text as it was written what was found in its key, and choosing what to show of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yakuba.kernel.search.rules.cutting import may_begin_apart
from yakuba.kernel.search.rules.keys import search_key

SHOWN = 120
"""Characters of an excerpt, about two lines on a telephone."""
_BEFORE = 24


@dataclass(frozen=True, slots=True)
class Fragment:
    """A stretch of a text; ``is_hit`` where a word was found."""

    text: str
    is_hit: bool


def places(text: str, keys: Iterable[str]) -> list[tuple[int, int]]:
    """Where in ``text`` the words with these keys stand: (begin, end), in order, none overlapping.

    A character whose key holds only a part of a word (㍿ for 株) is taken whole.
    """
    joined, sources = _with_sources(text)
    found: list[tuple[int, int]] = []
    for key in keys:
        place = joined.find(key) if key else -1
        while place >= 0:
            found.append((sources[place][0], sources[place + len(key) - 1][1]))
            place = joined.find(key, place + len(key))
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(found):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def marked(text: str, keys: Iterable[str]) -> tuple[Fragment, ...]:
    """The whole text, its hits marked."""
    return _fragments(text, places(text, keys), 0, len(text))


def excerpt(text: str, keys: Iterable[str], *, shown: int = SHOWN) -> tuple[Fragment, ...]:
    """The part of the text with most hits, about ``shown`` characters, with … where something is left out.

    Line ends and runs of spaces become one space. Without any hit: the beginning.
    """
    flat = " ".join(text.split())
    hits = places(flat, keys)
    begin, end = _window(flat, hits, shown)
    inside = [(max(first, begin), min(last, end)) for first, last in hits if first < end and last > begin]
    found = _fragments(flat, inside, begin, end)
    before = (Fragment("…", is_hit=False),) if begin > 0 else ()
    after = (Fragment("…", is_hit=False),) if end < len(flat) else ()
    return (*before, *found, *after)


def _window(text: str, hits: list[tuple[int, int]], shown: int) -> tuple[int, int]:
    """The stretch with most hits; the first of those that have equally many."""
    if len(text) <= shown:
        return 0, len(text)
    best, most = 0, 0
    last = 0
    for number, (first, _) in enumerate(hits):
        begin = max(0, first - _BEFORE)
        last = max(last, number)
        while last < len(hits) and hits[last][1] <= begin + shown:
            last += 1
        if last - number > most:
            best, most = begin, last - number
    if hits and not most:  # a single hit longer than what is shown
        best = max(0, hits[0][0] - _BEFORE)
    begin = min(best, len(text) - shown)
    return begin, begin + shown


def _fragments(text: str, hits: list[tuple[int, int]], begin: int, end: int) -> tuple[Fragment, ...]:
    found: list[Fragment] = []
    place = begin
    for first, last in hits:
        if first > place:
            found.append(Fragment(text[place:first], is_hit=False))
        found.append(Fragment(text[first:last], is_hit=True))
        place = last
    if place < end:
        found.append(Fragment(text[place:end], is_hit=False))
    return tuple(found)


def _with_sources(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The key of the text, and for each of its characters the stretch of the text it comes from."""
    keys: list[str] = []
    sources: list[tuple[int, int]] = []
    begin = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or may_begin_apart(text[place]):
            key = search_key(text[begin:place])
            keys.append(key)
            written = begin + len(text[begin:place].rstrip())
            sources += [(begin, written)] * len(key)
            begin = place
    return "".join(keys), sources
