from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def shelf(db: None) -> Iterator[Any]:
    """An empty shelf of things to be found."""
    from yakuba.kernel.search.tests.shelf import shelf_in_index  # Django is set up by now

    with shelf_in_index() as made:
        yield made
