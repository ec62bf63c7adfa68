from __future__ import annotations

from typing import Any

import pytest

from tests.harness.databases import made_once


@pytest.fixture
@made_once("organisation_hall")
def hall(db: None) -> Any:
    """The small town hall (`town_hall.TownHall`), open."""
    from yakuba.kernel.organisation.tests.town_hall import open_town_hall  # Django is set up by now

    return open_town_hall()
