"""Public names of ``kernel.search``: declaring what can be found, keeping it found, finding it, showing why."""

from yakuba.kernel.search.queries.excerpts import Excerpt, excerpts, marked_html
from yakuba.kernel.search.queries.matching import matching, words_of
from yakuba.kernel.search.registry import PartOf, Searchable, searchable
from yakuba.kernel.search.rules.ranking import Weight
from yakuba.kernel.search.rules.words import Word
from yakuba.kernel.search.services.put import put, remove

__all__ = [
    "Excerpt",
    "PartOf",
    "Searchable",
    "Weight",
    "Word",
    "excerpts",
    "marked_html",
    "matching",
    "put",
    "remove",
    "searchable",
    "words_of",
]
