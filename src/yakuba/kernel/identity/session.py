"""What the office remembers in a session, and how a session begins and ends."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest

from yakuba.kernel.access.api import Face
from yakuba.kernel.identity.client import browser_words, client_address
from yakuba.kernel.identity.models import Account, AccountKind, Device, SecondFactor, SignIn, SignInEnd, SignInMethod
from yakuba.kernel.identity.persons import person_of
from yakuba.kernel.identity.services.sign_in import end_sign_in, record_sign_in
from yakuba.kernel.values.api import Clock

_KEY = "yakuba.sign_in"
#: The last use is written at most this often, so that reading pages costs no writes.
_REFRESH_SECONDS = 60
_BACKEND = "yakuba.kernel.identity.backends.AccountBackend"


@dataclass
class SessionState:
    """How the session of a request came about. ``used`` is seconds since 1970."""

    sign_in: str
    method: str
    second_factor: str
    used: float
    is_on_shared_device: bool = False
    is_locked: bool = False

    @property
    def last_used(self) -> datetime:
        return datetime.fromtimestamp(self.used, UTC)


def state_of(request: HttpRequest) -> SessionState | None:
    """The state kept in the session of a request; ``None`` for visitors and for anything of another shape."""
    return read_state(request.session.get(_KEY))


def read_state(stored: Any) -> SessionState | None:
    """A stored state, e.g. of another session of the same account."""
    try:
        return SessionState(**stored)
    except TypeError:
        return None


def stored_state(payload: dict[str, Any]) -> SessionState | None:
    """The state within a whole decoded session."""
    return read_state(payload.get(_KEY))


def keep_state(request: HttpRequest, state: SessionState) -> None:
    request.session[_KEY] = asdict(state)


def note_use(request: HttpRequest, state: SessionState, now: datetime) -> None:
    """Remember that the session was just used."""
    if now.timestamp() - state.used >= _REFRESH_SECONDS or now.timestamp() < state.used:
        state.used = now.timestamp()
        keep_state(request, state)


def begin_session(
    request: HttpRequest,
    account: Account,
    *,
    method: SignInMethod,
    second_factor: SecondFactor = SecondFactor.NONE,
    device: Device | None = None,
) -> SignIn:
    """Sign ``account`` in on this request: fresh session key, audited, on the device it happened."""
    clock: Clock = request.clock  # type: ignore[attr-defined]
    if request.user.is_authenticated:
        end_session(request, SignInEnd.SWITCHED)
    login(request, account, backend=_BACKEND)
    if request.session.session_key is None:
        request.session.save()
    sign_in = record_sign_in(
        by=person_of(account, clock.today()),
        account=account,
        face=Face.OFFICE.value if account.kind == AccountKind.STAFF else Face.RESIDENT.value,
        session_key=str(request.session.session_key),
        method=method,
        second_factor=second_factor,
        device=device,
        address=client_address(request),
        browser=browser_words(request),
        clock=clock,
    )
    keep_state(
        request,
        SessionState(
            sign_in=sign_in.public_id,
            method=method.value,
            second_factor=second_factor.value,
            used=clock.now().timestamp(),
            is_on_shared_device=device is not None and device.is_shared,
        ),
    )
    return sign_in


def end_session(request: HttpRequest, end: SignInEnd) -> None:
    """Sign out on this request."""
    state = state_of(request)
    user = request.user
    if state is not None and isinstance(user, Account):
        clock: Clock = request.clock  # type: ignore[attr-defined]
        sign_in = SignIn.objects.filter(public_id=state.sign_in, account=user).first()
        if sign_in is not None:
            end_sign_in(by=person_of(user, clock.today()), sign_in=sign_in, end=end, clock=clock)
    logout(request)


def idle_minutes(state: SessionState) -> int:
    return int(settings.YAKUBA_IDLE_MINUTES_SHARED if state.is_on_shared_device else settings.YAKUBA_IDLE_MINUTES)
