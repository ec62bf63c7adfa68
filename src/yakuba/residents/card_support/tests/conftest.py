from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.harness.databases import made_once


@pytest.fixture
@made_once("card_support_desk")
def desk(db: None) -> Any:
    """A town hall whose 行政管理班 is in charge of the card, with one place and slots."""
    from yakuba.residents.card_support.tests.world import open_desk  # Django is set up by now

    return open_desk()


@pytest.fixture
def seat(desk: Any) -> Callable[..., Client]:
    """A browser of a member of staff."""
    from yakuba.residents.card_support.tests.world import sit

    return lambda name="行政 主事": sit(desk, name)
