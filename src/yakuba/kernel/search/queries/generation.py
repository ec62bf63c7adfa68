"""Which generation of the index counts."""

from __future__ import annotations

from django.db import connection

from yakuba.kernel.search.models import IndexState
from yakuba.kernel.search.rules.keys import TOKENIZER


def current_generation() -> int | None:
    """The generation that exists in this database; ``None`` before the first, and after the bigrams changed."""
    return (
        IndexState.objects.filter(vendor=connection.vendor, tokenizer=TOKENIZER)
        .values_list("generation", flat=True)
        .first()
    )
