"""Which procedures everyday words mean: folded parts of titles, search words and explanations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from yakuba.kernel.catalogue.rules.content import ProcedureContent
from yakuba.kernel.japan.api import fold

T = TypeVar("T")

MOST_WORDS = 5
MOST_LETTERS = 100


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a search line; at most five."""
    return tuple(key for word in text[:MOST_LETTERS].replace("　", " ").split()[:MOST_WORDS] if (key := fold(word)))


def ranked(things: Iterable[T], text: str, content_of: Callable[[T], ProcedureContent]) -> list[T]:
    """Things whose description holds every word, those with the word in their title before the others."""
    words = words_of(text)
    scored = []
    for place, thing in enumerate(things):
        score = score_of(content_of(thing), words)
        if score:
            scored.append((-score, place, thing))
    return [thing for _, _, thing in sorted(scored, key=lambda one: one[:2])]


def score_of(content: ProcedureContent, words: Iterable[str]) -> int:
    """0 unless every word is found. A word counts most in the title, then among the search words, then elsewhere; found
    in both title and search words it counts twice, so that the procedure people mean stands before those it touches."""
    titles = [fold(text) for text in content.title.to_dict().values()]
    own = [fold(word) for word in content.words]
    other = [fold(text) for part in (content.about, content.who, content.when) for text in part.to_dict().values()]
    total = 0
    for word in words:
        score = _in_titles(word, titles) + _in_words(word, own) or int(any(word in one for one in other))
        if not score:
            return 0
        total += score
    return total


def _in_titles(word: str, titles: Iterable[str]) -> int:
    return max((8 if title == word else 6 for title in titles if word in title), default=0)


def _in_words(word: str, own: Iterable[str]) -> int:
    best = 0
    for one in own:
        if word == one:
            return 5
        if word in one:
            best = max(best, 3)
        elif len(one) >= 3 and one in word:
            # 「引っ越しの手続き」 holds the search word 引っ越し.
            best = max(best, 2)
    return best
