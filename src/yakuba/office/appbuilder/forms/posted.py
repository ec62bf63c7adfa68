"""What a button sends along: a key, a number. None of it is written by people, and none of it may hold a My Number."""

from __future__ import annotations

from django.http import HttpRequest

from yakuba.kernel.ui.api import without_my_number

_LONGEST = 40


def posted_key(request: HttpRequest, name: str) -> str:
    """A short key; raises `Refusal` for a My Number."""
    return without_my_number(request.POST.get(name, ""), field=name)[:_LONGEST]


def posted_number(request: HttpRequest, name: str) -> int:
    """A whole number of at most nine digits; -1 for anything else, which matches no version or edition."""
    text = posted_key(request, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
