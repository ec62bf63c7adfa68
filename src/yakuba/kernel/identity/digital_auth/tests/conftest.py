"""Both sides of the protocol, for every test that asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from yakuba.kernel.identity.digital_auth.tests.pair import Pair


@pytest.fixture
def pair() -> Iterator[Pair]:
    from yakuba.kernel.identity.digital_auth.tests.pair import a_pair

    with a_pair() as both:
        yield both
