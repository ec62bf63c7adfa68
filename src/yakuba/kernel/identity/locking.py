"""Locking the screen (画面のロック) of an office session, by hand or after some minutes without use.

Nothing typed is lost: a form sent from a locked screen is sealed into the session and offered again to its sender.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.identity.persons import is_usable
from yakuba.kernel.identity.rules.kept_form import fields_to_keep
from yakuba.kernel.identity.rules.steps import is_idle
from yakuba.kernel.identity.sealing import Unsealable, seal, unseal
from yakuba.kernel.identity.session_state import SessionState, idle_minutes, is_over, keep_state, state_of
from yakuba.kernel.values.api import Clock

_KEPT = "yakuba.kept_form"


@dataclass(frozen=True)
class KeptForm:
    """A form sent from a locked screen."""

    account: str
    address: str
    fields: tuple[tuple[str, str], ...]


def lock(request: HttpRequest) -> None:
    """Lock the screen of this session."""
    state = state_of(request)
    if state is not None:
        state.is_locked = True
        keep_state(request, state)


def unlock(request: HttpRequest) -> None:
    """Open the screen again: its owner has shown who they are."""
    state = state_of(request)
    if state is not None:
        now = request.clock.now().timestamp()  # type: ignore[attr-defined]
        state.is_locked, state.used = False, now
        keep_state(request, state)


def is_own_screen(request: HttpRequest, account: Account) -> bool:
    """Whether this is the locked screen of ``account``, to be opened again; one whose day is over is not."""
    owner, state = locked_account(request), state_of(request)
    clock: Clock = request.clock  # type: ignore[attr-defined]
    is_owner = owner is not None and owner.pk == account.pk
    return is_owner and state is not None and not is_over(state, account, clock.now())


def lock_if_idle(request: HttpRequest, account: Account, state: SessionState) -> None:
    """Lock an office session nobody has used for too long, or whose day is over."""
    now = request.clock.now()  # type: ignore[attr-defined]
    is_left = is_idle(last_used=state.last_used, now=now, minutes=idle_minutes(state))
    if not state.is_locked and (is_left or is_over(state, account, now)):
        state.is_locked = True
        keep_state(request, state)


def locked_account(request: HttpRequest) -> Account | None:
    """Whose locked screen this is; ``None`` if the session is not locked or its account may not be used any more."""
    state, account = state_of(request), request.user
    if state is None or not state.is_locked or not isinstance(account, Account) or account.kind != AccountKind.STAFF:
        return None
    clock: Clock = request.clock  # type: ignore[attr-defined]
    return account if is_usable(account, clock.today()) else None


def answer_when_locked(request: HttpRequest) -> HttpResponse:
    """What a locked screen answers to any page: the way back in."""
    here = request.get_full_path()
    if request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(f"{reverse('office-lock')}?{urlencode({'next': here})}")
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"error": "画面がロックされています。"}, status=423)
    kept = keep_form(request)
    address = f"{reverse('office-lock')}?{urlencode({'kept': '1' if kept else '0'})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def kept_form(request: HttpRequest) -> KeptForm | None:
    """The form kept for the person signed in, if there is one."""
    sealed = request.session.get(_KEPT)
    if not isinstance(sealed, str) or not isinstance(request.user, Account):
        return None
    try:
        found: dict[str, Any] = json.loads(unseal(sealed))
    except (Unsealable, ValueError):
        return None
    if found["account"] != request.user.public_id:
        return None
    return KeptForm(found["account"], found["address"], tuple((name, value) for name, value in found["fields"]))


def sealed_form(request: HttpRequest, account: Account) -> str | None:
    """The form kept for ``account`` as it lies in the session, to be carried into their next one."""
    kept = kept_form(request)
    return str(request.session[_KEPT]) if kept is not None and kept.account == account.public_id else None


def keep_sealed_form(request: HttpRequest, sealed: str) -> None:
    """Put back what ``sealed_form`` gave."""
    request.session[_KEPT] = sealed


def forget_kept_form(request: HttpRequest) -> None:
    request.session.pop(_KEPT, None)


def keep_form(request: HttpRequest) -> bool:
    """Keep what a request sent until its sender is known again; whether that was possible."""
    if request.FILES or not isinstance(request.user, Account):
        return False
    fields = fields_to_keep((name, value) for name in request.POST for value in request.POST.getlist(name))
    if fields is None:
        return False
    content = {"account": request.user.public_id, "address": request.get_full_path(), "fields": fields}
    request.session[_KEPT] = seal(json.dumps(content, ensure_ascii=False))
    return True
