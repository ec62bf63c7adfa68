from __future__ import annotations

from typing import Any

import pytest

from tests.harness.databases import made_once


@pytest.fixture
@made_once("approval_hall")
def hall(db: None) -> Any:
    """The small town hall of the organisation's tests, with a mayor, a deputy and document symbols."""
    from yakuba.kernel.approval.tests.town_hall import open_hall  # Django is set up by now

    return open_hall()
