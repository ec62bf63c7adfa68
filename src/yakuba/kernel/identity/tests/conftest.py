"""Every test of identity begins with empty counters and, where it uses a database, with quick password hashing."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _fresh(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    from yakuba.kernel.parameters.api import forget_installation

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if request.node.get_closest_marker("django_db") or {"db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("_django_db_helper")
        cache.clear()
        forget_installation()
    yield
    forget_installation()
