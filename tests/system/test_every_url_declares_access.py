"""Every URL declares face and rule."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from yakuba.kernel.access.api import Face, declaration_of

PREFIXES = {
    Face.OFFICE: ("office/",),
    Face.RESIDENT: ("my/",),
    Face.DEVICE: ("device/",),
    Face.MACHINE: ("api/", "hooks/", "healthz", "metrics"),
}


def all_patterns(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        address = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from all_patterns(entry, address)
        else:
            yield address, entry


@pytest.mark.parametrize(
    ("address", "pattern"), list(all_patterns()), ids=lambda one: one if isinstance(one, str) else ""
)
def test_declares_face_and_rule(address: str, pattern: URLPattern) -> None:
    declared = declaration_of(pattern.callback)
    assert declared is not None, f"/{address} declares no face and rule (@page)"
    prefixes = PREFIXES.get(declared.face)
    if prefixes:
        assert address.lstrip("^").startswith(prefixes), (
            f"/{address} belongs to {declared.face.value} but stands elsewhere"
        )
    else:
        others = tuple(prefix for group in PREFIXES.values() for prefix in group)
        assert not address.startswith(others), f"/{address} is public but stands under another face"


@pytest.mark.django_db
def test_an_undeclared_view_is_refused(client, settings) -> None:
    settings.ROOT_URLCONF = "tests.system.undeclared_urls"
    assert client.get("/undeclared/").status_code == 403
