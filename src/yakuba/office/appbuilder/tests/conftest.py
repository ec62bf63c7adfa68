from __future__ import annotations

from typing import Any

import pytest
from django.urls import is_valid_path

from tests.harness.databases import made_once


@pytest.fixture
@made_once("appbuilder_desk")
def desk(db: None) -> Any:
    """A town hall with an app for lending equipment."""
    from yakuba.office.appbuilder.tests.world import open_desk  # Django is set up by now

    return open_desk()


@pytest.fixture
def doors(desk: Any) -> Any:
    """The same, with doors for residents."""
    from yakuba.office.appbuilder.tests.door_world import Doors

    is_valid_path("/")  # the addresses of the house are read before a transaction waits for them
    return Doors(desk)


@pytest.fixture(autouse=True)
def _no_checks(request: Any, monkeypatch: Any) -> None:
    """Apps of the tests are used without a check by somebody else, but where a test asks for the fixture `checks`."""
    if "checks" in request.fixturenames:
        return
    from yakuba.office.appbuilder.queries import checking

    monkeypatch.setattr(checking, "why_checked", lambda *_, **__: ())
    monkeypatch.setattr(checking, "why_wider", lambda *_, **__: ())
    monkeypatch.setattr(checking, "why_token", lambda *_, **__: ())


@pytest.fixture
def checks() -> None:
    """Whatever needs a check by somebody else needs it here."""
