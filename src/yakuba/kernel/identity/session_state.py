"""What the office remembers in a session about how it came about."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yakuba.kernel.identity.models import Account, AccountKind
from yakuba.kernel.identity.rules.steps import OFFICE_HOURS, RESIDENT_HOURS, is_day_over

_KEY = "yakuba.sign_in"
#: The last use is written at most this often, so that reading pages costs no writes.
_REFRESH_SECONDS = 60


@dataclass
class SessionState:
    """How the session of a request came about. ``used`` and ``confirmed`` are seconds since 1970."""

    sign_in: str
    method: str
    second_factor: str
    used: float
    #: When the person last showed who they are in this session, for pages that change the ways in.
    confirmed: float = 0.0
    is_on_shared_device: bool = False
    is_locked: bool = False
    #: When the person last signed in completely: the session ends some hours later, however much it is used.
    began: float = 0.0

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


def is_over(state: SessionState, account: Account, now: datetime) -> bool:
    """Whether the day of this session is over: nothing opens it again but a complete sign-in."""
    hours = OFFICE_HOURS if account.kind == AccountKind.STAFF else RESIDENT_HOURS
    return is_day_over(began=state.began, now=now.timestamp(), hours=hours)


def idle_minutes(state: SessionState) -> float:
    """After how many minutes without use this session locks its screen."""
    return float(settings.YAKUBA_IDLE_MINUTES_SHARED if state.is_on_shared_device else settings.YAKUBA_IDLE_MINUTES)
