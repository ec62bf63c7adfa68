"""What the office's top bar needs to know about the session: when it locks and how it opens again."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from yakuba.kernel.access.api import PersonKind
from yakuba.kernel.identity.devices import device_of
from yakuba.kernel.identity.models import Account, SignInMethod
from yakuba.kernel.identity.passwords import has_typed_password
from yakuba.kernel.identity.queries import device_user
from yakuba.kernel.identity.session_state import idle_minutes, state_of


@dataclass(frozen=True)
class OfficeTools:
    """``opens_with``: pin, password, persona, or empty when the lock page has to ask (passkeys)."""

    idle_seconds: int
    opens_with: str
    template: str = "identity/office_bar.html"


def office_tools(request: HttpRequest) -> OfficeTools | None:
    """The tools of the person signed in to the office; ``None`` for everybody else."""
    state, account, person = state_of(request), request.user, getattr(request, "person", None)
    if state is None or person is None or person.kind not in (PersonKind.STAFF, PersonKind.OUTSIDE):
        return None
    if not isinstance(account, Account):
        return None
    opens_with = "password" if has_typed_password(account) else ""
    if state.method == SignInMethod.PERSONA:
        opens_with = "persona"
    elif state.is_on_shared_device:
        device = device_of(request)
        user = device_user(device, account.public_id) if device else None
        if user is not None and user.is_pin_open(request.clock.now()):  # type: ignore[attr-defined]
            opens_with = "pin"
    return OfficeTools(int(idle_minutes(state) * 60), opens_with)
