"""The sample town for tests of pages: few residents, the whole town hall, the plan and what apps add."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.harness import databases

TODAY = date(2026, 11, 23)


@pytest.fixture
def sample_town(db: None) -> None:
    """The sample town, and the transaction of a test on it."""


@pytest.fixture
def open_sample_town(transactional_db: None, live_server: object) -> None:
    """The sample town as a browser on the live server sees it."""


def _make(residents: int = 300) -> None:
    from yakuba.kernel.parameters.api import forget_installation
    from yakuba.site.sample import make_sample_town

    forget_installation()
    make_sample_town(say=lambda text: None, today=TODAY, residents=residents)
    shutil.copyfile(_register(), _kept_register())


def _enter() -> None:
    from yakuba.kernel.parameters.api import forget_installation

    forget_installation()
    shutil.copyfile(_kept_register(), _register())  # it lies beside the database, where no copy brings it back


def _leave() -> None:
    from yakuba.kernel.parameters.api import forget_installation

    forget_installation()
    _register().unlink(missing_ok=True)


def _register() -> Path:
    from yakuba.kernel.people.register.vendors.sample import sample_register_file

    return sample_register_file()


def _kept_register() -> Path:
    return _register().with_suffix(".kept")


databases.offer(databases.SAMPLE, make=_make, enter=_enter, leave=_leave)
