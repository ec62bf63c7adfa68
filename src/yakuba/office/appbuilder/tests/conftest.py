from __future__ import annotations

from typing import Any

import pytest

from tests.harness.databases import made_once


@pytest.fixture
@made_once("appbuilder_desk")
def desk(db: None) -> Any:
    """A town hall with an app for lending equipment."""
    from yakuba.office.appbuilder.tests.world import open_desk  # Django is set up by now

    return open_desk()
