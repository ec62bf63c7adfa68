"""Finding procedures by everyday words."""

from __future__ import annotations

from django.db.models import QuerySet

from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.catalogue.rules.find import ranked, words_of


def find_procedures(rows: QuerySet[Procedure], words: str) -> list[Procedure]:
    """The procedures of a gated queryset that match the words, best first; all of them, in their order, without words."""
    found = list(rows)
    if not words_of(words):
        return found
    return ranked(found, words, lambda one: one.content)
