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
    """0 unless every word is found; a word counts most in the title, then among the search words, then elsewhere."""
    titles = [fold(text) for text in content.title.to_dict().values()]
    own = [fold(word) for word in content.words]
    other = [fold(text) for part in (content.about, content.who, content.when) for text in part.to_dict().values()]
    total = 0
    for word in words:
        if any(title == word for title in titles) or word in own:
            best = 8
        elif any(word in title for title in titles):
            best = 6
        elif any(word in one for one in own):
            best = 4
        elif len(word) >= 3 and any(len(one) >= 3 and one in word for one in own):
            # 「引っ越しの手続き」 holds the search word 引っ越し.
            best = 3
        elif any(word in one for one in other):
            best = 1
        else:
            return 0
        total += best
    return total
