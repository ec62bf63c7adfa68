from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.harness.databases import made_once


@pytest.fixture(scope="session", autouse=True)
def warm() -> None:
    """What a running server has loaded long ago: addresses and holidays; a test must not pay for them in a verb."""
    from django.urls import get_resolver

    from yakuba.kernel.cases.queries.calendar import read_calendar

    get_resolver().reverse_dict  # noqa: B018
    for year in range(2026, 2034):
        read_calendar(date(year, 1, 5))


@pytest.fixture
@made_once("cases_world")
def world(db: None) -> Any:
    """A town hall with procedures of every kind."""
    from yakuba.kernel.cases.tests.world import open_world  # Django is set up by now

    return open_world()
