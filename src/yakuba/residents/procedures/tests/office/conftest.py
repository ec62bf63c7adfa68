from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.harness.databases import made_once


@pytest.fixture
@made_once("office_world")
def world(db: None) -> Any:
    """A town hall with procedures of every kind."""
    from yakuba.residents.procedures.tests.counter import open_counter  # Django is set up by now

    return open_counter()


@pytest.fixture
def seat(world: Any) -> Callable[[str], Client]:
    """A browser of a member of staff."""
    from yakuba.kernel.audit.api import unaudited_writes
    from yakuba.kernel.identity.models import Account, AccountKind
    from yakuba.kernel.identity.tests.people import sign_in

    def sit(name: str = "行政 主事") -> Client:
        staff = world.hall.staff[name]
        with unaudited_writes("tests"):
            account, _ = Account.objects.get_or_create(
                staff=staff,
                defaults={"kind": AccountKind.STAFF, "sign_in_name": staff.number, "display_name": staff.name},
            )
        client = Client()
        sign_in(client, account)
        return client

    return sit
