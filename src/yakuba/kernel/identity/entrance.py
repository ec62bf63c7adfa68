"""The way in for staff: from the first factor, over the steps the rules ask for, into the office.

Until the last step is done nobody is signed in: what is known so far stands in the visitor's session for a quarter of an hour.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from yakuba.kernel.identity.client import browser_words
from yakuba.kernel.identity.devices import device_of, keep_device
from yakuba.kernel.identity.fronts import office_front
from yakuba.kernel.identity.locking import kept_form
from yakuba.kernel.identity.models import Account, AccountKind, SecondFactor, SignInMethod
from yakuba.kernel.identity.persons import is_usable, person_of
from yakuba.kernel.identity.requirements import is_second_factor_required
from yakuba.kernel.identity.rules.steps import Step, next_step
from yakuba.kernel.identity.second_factors import has_second_factor
from yakuba.kernel.identity.services.devices import note_device
from yakuba.kernel.identity.session import begin_session
from yakuba.kernel.ui.api import safe_return
from yakuba.kernel.values.api import Clock

_KEY = "yakuba.entering"
_SECONDS = 15 * 60

_PAGES = {
    Step.SHOW_SECOND_FACTOR: "office-second-factor",
    Step.CHANGE_PASSWORD: "office-new-password",
    Step.SET_UP_SECOND_FACTOR: "office-set-up",
}


@dataclass
class Entering:
    """Somebody on the way in.

    ``began`` is seconds since 1970; ``onward`` the page asked for at first; ``password`` a keyed digest of the
    account's password: once that is another one, whoever came this far with the old one begins again.
    """

    account: str
    method: str
    second_factor: str
    began: float
    onward: str
    is_shared: bool
    password: str


def entering_of(request: HttpRequest) -> tuple[Entering, Account] | None:
    """Who is on the way in with this request, if that time is not over and the account may still be used."""
    clock: Clock = request.clock  # type: ignore[attr-defined]
    try:
        entering = Entering(**request.session.get(_KEY, {}))
    except TypeError:
        return None
    if not 0 <= clock.now().timestamp() - entering.began <= _SECONDS:
        request.session.pop(_KEY, None)
        return None
    account = Account.objects.select_related("staff").filter(public_id=entering.account, kind=AccountKind.STAFF).first()
    is_still = account is not None and constant_time_compare(entering.password, account.get_session_auth_hash())
    if account is None or not is_still or not is_usable(account, clock.today()):
        request.session.pop(_KEY, None)
        return None
    return entering, account


def enter(
    request: HttpRequest, account: Account, *, method: SignInMethod, onward: str, is_shared: bool = False
) -> HttpResponse:
    """The first factor was right: lead to the next step or into the office."""
    clock: Clock = request.clock  # type: ignore[attr-defined]
    entering = Entering(
        account=account.public_id,
        method=method.value,
        second_factor=SecondFactor.PASSKEY.value if method == SignInMethod.PASSKEY else "",
        began=clock.now().timestamp(),
        onward=safe_return(request, onward, otherwise=""),
        is_shared=is_shared,
        password=account.get_session_auth_hash(),
    )
    return _go_on(request, entering, account)


def enter_by_pin(request: HttpRequest, account: Account, *, factor: SecondFactor, onward: str) -> HttpResponse:
    """Back in on a device where this person signed in completely within the last hours."""
    clock: Clock = request.clock  # type: ignore[attr-defined]
    entering = Entering(
        account=account.public_id,
        method=SignInMethod.PIN.value,
        second_factor=factor.value,
        began=clock.now().timestamp(),
        onward=safe_return(request, onward, otherwise=""),
        is_shared=False,
        password=account.get_session_auth_hash(),
    )
    return _go_on(request, entering, account)


def showed_second_factor(request: HttpRequest, factor: SecondFactor) -> HttpResponse:
    """The second factor was right, or has just been set up: lead on."""
    found = entering_of(request)
    if found is None:
        return HttpResponseRedirect(reverse("office-sign-in"))
    entering, account = found
    entering.second_factor = factor.value
    return _go_on(request, entering, account)


def changed_password(request: HttpRequest, entering: Entering, account: Account) -> HttpResponse:
    """The person on the way in has just chosen a new password: lead on."""
    entering.password = account.get_session_auth_hash()
    return _go_on(request, entering, account)


def go_on(request: HttpRequest) -> HttpResponse:
    """Lead to whatever is next for whoever is on the way in."""
    found = entering_of(request)
    return _go_on(request, *found) if found else HttpResponseRedirect(reverse("office-sign-in"))


def next_step_of(entering: Entering, account: Account) -> Step:
    """What somebody on the way in has to do next."""
    return next_step(
        method=entering.method,
        has_second_factor=has_second_factor(account),
        showed_second_factor=bool(entering.second_factor),
        must_change_password=account.must_change_password,
        is_required=is_second_factor_required(),
    )


def _go_on(request: HttpRequest, entering: Entering, account: Account) -> HttpResponse:
    step = next_step_of(entering, account)
    if step is Step.BEGIN_AGAIN:
        request.session.pop(_KEY, None)
        return HttpResponseRedirect(f"{reverse('office-sign-in')}?{urlencode({'other': '1', 'next': entering.onward})}")
    if step is not Step.ENTER:
        kept: dict[str, Any] = asdict(entering)
        if not request.user.is_authenticated and request.session.get(_KEY, {}).get("account") != entering.account:
            request.session.cycle_key()  # the session of a locked screen keeps its key: its entry names it
        request.session[_KEY] = kept
        return HttpResponseRedirect(reverse(_PAGES[step]))
    return _into_the_office(request, entering, account)


def _into_the_office(request: HttpRequest, entering: Entering, account: Account) -> HttpResponse:
    clock: Clock = request.clock  # type: ignore[attr-defined]
    request.session.pop(_KEY, None)
    device = note_device(
        by=person_of(account, clock.today()),
        device=device_of(request),
        name=browser_words(request),
        is_shared=entering.is_shared,
        clock=clock,
    )
    begin_session(
        request,
        account,
        method=SignInMethod(entering.method),
        second_factor=SecondFactor(entering.second_factor),
        device=device,
    )
    onward = reverse("office-resume") if kept_form(request) else entering.onward or office_front()
    response = HttpResponseRedirect(onward)
    keep_device(response, device)
    return response
