"""Reads of the index."""

from yakuba.kernel.search.queries.excerpts import Excerpt, excerpts
from yakuba.kernel.search.queries.matching import matching, words_of

__all__ = ["Excerpt", "excerpts", "matching", "words_of"]
