"""Finding procedures by everyday words."""

from __future__ import annotations

from django.db.models import QuerySet

from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.catalogue.rules.find import ranked, words_of
from yakuba.kernel.search.api import matching

MOST_FOUND = 60
MOST_LETTERS = 100


def find_procedures(rows: QuerySet[Procedure], words: str) -> list[Procedure]:
    """The procedures of a gated queryset that match the words, best first; all of them, in their order, without words.

    The index answers first (every word is found, synonyms too). People also type whole phrases (保育園に入りたい); when
    the index finds nothing, the search words that stand inside the phrase are looked for.
    """
    words = words[:MOST_LETTERS]
    if not words_of(words):
        return list(rows)
    indexed = list(matching(rows, words).order_by("-search_rank", "number")[:MOST_FOUND])  # type: ignore[misc]  # the rank is annotated
    own = ranked(indexed, words, lambda one: one.content)
    rest = [one for one in indexed if one not in own]
    # What the index found through titles and search words of the procedure itself stands before what synonyms brought.
    return own + rest if indexed else ranked(rows, words, lambda one: one.content)[:MOST_FOUND]
