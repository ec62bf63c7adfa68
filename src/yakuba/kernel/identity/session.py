"""How a session begins and ends."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import login, logout
from django.http import HttpRequest

from yakuba.kernel.access.api import Face
from yakuba.kernel.identity.client import browser_words, client_address
from yakuba.kernel.identity.locking import keep_sealed_form, sealed_form
from yakuba.kernel.identity.models import Account, AccountKind, Device, SecondFactor, SignIn, SignInEnd, SignInMethod
from yakuba.kernel.identity.persons import person_of
from yakuba.kernel.identity.queries import device_user
from yakuba.kernel.identity.services.sign_in import end_sign_in, record_sign_in
from yakuba.kernel.identity.session_state import SessionState, is_over, keep_state, state_of
from yakuba.kernel.values.api import Clock

_BACKEND = "yakuba.kernel.identity.backends.AccountBackend"


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
    began = _began(account, method, device, clock)
    sealed = sealed_form(request, account)
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
            confirmed=0.0 if method == SignInMethod.PIN else clock.now().timestamp(),
            is_on_shared_device=device is not None and device.is_shared,
            began=began.timestamp(),
        ),
    )
    if sealed is not None:
        keep_sealed_form(request, sealed)
    return sign_in


def _began(account: Account, method: SignInMethod, device: Device | None, clock: Clock) -> datetime:
    """A PIN or code goes on with the day that a complete sign-in on this device began."""
    user = device_user(device, account.public_id) if device is not None and method == SignInMethod.PIN else None
    return user.fully_signed_in_at if user is not None else clock.now()


def end_session(request: HttpRequest, end: SignInEnd) -> None:
    """Sign out on this request."""
    state = state_of(request)
    user = request.user
    if state is not None and isinstance(user, Account):
        clock: Clock = request.clock  # type: ignore[attr-defined]
        sign_in = SignIn.objects.filter(public_id=state.sign_in, account=user).first()
        if is_over(state, user, clock.now()):
            end = SignInEnd.OVER
        if sign_in is not None:
            end_sign_in(by=person_of(user, clock.today()), sign_in=sign_in, end=end, clock=clock)
    logout(request)
