from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def world(db: None) -> Any:
    """A town hall with procedures of every kind."""
    from yakuba.kernel.cases.tests.world import open_world  # Django is set up by now

    return open_world()
