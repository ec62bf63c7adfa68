from __future__ import annotations

from typing import Any

import pytest

from tests.harness.databases import made_once


@pytest.fixture
@made_once("procedures_counter")
def counter(db: None) -> Any:
    """A town hall with open procedures of every kind."""
    from yakuba.residents.procedures.tests.counter import open_counter  # Django is set up by now

    return open_counter()
