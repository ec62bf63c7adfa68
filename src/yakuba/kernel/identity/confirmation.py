"""Asking again who sits there before the ways in are changed: an unattended screen shall not give away an account."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yakuba.kernel.identity.locking import keep_form
from yakuba.kernel.identity.models import SignInMethod
from yakuba.kernel.identity.session_state import keep_state, state_of

_SECONDS = 15 * 60


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person showed who they are within the last quarter of an hour; personas have nothing to show."""
    state = state_of(request)
    if state is None:
        return False
    now = request.clock.now().timestamp()  # type: ignore[attr-defined]
    return state.method == SignInMethod.PERSONA or 0 <= now - state.confirmed <= _SECONDS


def confirm(request: HttpRequest) -> None:
    """Remember that the person has just shown who they are."""
    state = state_of(request)
    if state is not None:
        state.confirmed = request.clock.now().timestamp()  # type: ignore[attr-defined]
        keep_state(request, state)


def ask_to_confirm(request: HttpRequest, *, otherwise: str) -> HttpResponse:
    """Lead to the confirmation page; what was sent is kept and offered afterwards. ``otherwise`` if it cannot be."""
    onward = reverse("office-resume") if keep_form(request) else otherwise
    return HttpResponseRedirect(f"{reverse('office-confirm')}?{urlencode({'next': onward})}")


def confirmed_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lead to the confirmation page first when needed. Stands below ``@page``; visitors on their way in pass."""

    @wraps(view)
    def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.person.is_signed_in and not is_confirmed(request):  # type: ignore[attr-defined]
            here = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("office-account")
            return HttpResponseRedirect(f"{reverse('office-confirm')}?{urlencode({'next': here})}")
        return view(request, *args, **kwargs)

    return confirmed
