"""The sample town for tests of pages: few residents, the whole town hall, the plan and what apps add."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

TODAY = date(2026, 11, 23)


def make_town(residents: int = 300) -> None:
    """Fill the test database with the sample town as it stands on ``TODAY``."""
    from yakuba.kernel.parameters.api import forget_installation
    from yakuba.site.sample import make_sample_town

    forget_installation()
    make_sample_town(say=lambda text: None, today=TODAY, residents=residents)
    forget_installation()


@pytest.fixture
def sample_town(db: None) -> Iterator[None]:
    """The sample town inside the transaction of a test."""
    make_town()
    yield
    _forget()


@pytest.fixture
def open_sample_town(transactional_db: None, live_server: object) -> Iterator[None]:
    """The sample town as a browser on the live server sees it."""
    make_town()
    yield
    _forget()


def _forget() -> None:
    from yakuba.kernel.parameters.api import forget_installation
    from yakuba.kernel.people.register.vendors.sample import sample_register_file

    forget_installation()
    sample_register_file().unlink(missing_ok=True)  # it lies beside the database, where no transaction takes it back
