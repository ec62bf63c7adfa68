from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness.databases import made_once


@pytest.fixture
@made_once("yearturn_hall")
def hall(db: None) -> Any:
    """The small town hall of the organisation's tests, open."""
    from yakuba.kernel.organisation.tests.town_hall import open_town_hall  # Django is set up by now

    return open_town_hall()


@pytest.fixture
def errands() -> Iterator[Any]:
    """Open work of an app that only these tests have: errands by their id."""
    from yakuba.kernel.organisation import open_work
    from yakuba.kernel.yearturn.tests.errands import Errands

    made = Errands()
    open_work.open_work_source("test.errands", hand_over=made.hand_over)(made.find)
    yield made
    del open_work._sources["test.errands"]
