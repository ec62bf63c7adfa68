from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def hall(db: None) -> Any:
    """The small town hall (`town_hall.TownHall`), open."""
    from yakuba.kernel.organisation.tests.town_hall import open_town_hall  # Django is set up by now

    return open_town_hall()
