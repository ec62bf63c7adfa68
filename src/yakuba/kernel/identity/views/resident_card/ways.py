"""Where the pages of the card lead, and whose request it is."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.identity.digital_auth.base import Certified, IdentityProvider
from yakuba.kernel.identity.fronts import resident_front
from yakuba.kernel.identity.levels import raise_level
from yakuba.kernel.identity.models import Account, LinkedIdentity, SignInMethod
from yakuba.kernel.identity.persons import person_of
from yakuba.kernel.identity.proving import Purpose, address_to_show_card
from yakuba.kernel.identity.services.link_identity import note_proof
from yakuba.kernel.identity.session import begin_session
from yakuba.kernel.values.api import Clock, Refusal

_FAULT = "yakuba.card_fault"


class WrongCard(Refusal):
    """A card, but not of the one whose session this is; ``kind`` chooses the words of the page."""

    def __init__(self, kind: str) -> None:
        super().__init__("このマイナンバーカードでは、手続きを続けられません。")
        self.kind = kind


def home_of(purpose: Purpose) -> str:
    """Where somebody goes afterwards who asked for no page."""
    return reverse("resident-account") if purpose in (Purpose.LINK, Purpose.CONFIRM) else resident_front()


def ask_to_confirm_first(onward: str) -> HttpResponse:
    """The page on which residents show once more who they are."""
    return HttpResponseRedirect(f"{reverse('resident-confirm')}?{urlencode({'next': onward})}")


def back_to_start(request: HttpRequest, kind: str, purpose: Purpose, onward: str) -> HttpResponse:
    """The page where it can be tried again; it says once what went wrong (``kind``)."""
    request.session[_FAULT] = kind
    return HttpResponseRedirect(address_to_show_card(purpose, onward))


def nothing_to_answer(purpose: Purpose, onward: str) -> HttpResponse:
    """The same for answers nobody here asked for: strangers who send them leave nothing in our sessions."""
    return HttpResponseRedirect(f"{address_to_show_card(purpose, onward)}&fault=lost")


def fault_to_show(request: HttpRequest) -> str:
    """What went wrong before, to be said once."""
    return "lost" if request.GET.get("fault") == "lost" else str(request.session.pop(_FAULT, ""))


def account_of(request: HttpRequest) -> Account | None:
    """The resident's account of this request, if its session still opens it."""
    person: Person = request.person  # type: ignore[attr-defined]
    account = request.user
    return account if person.kind is PersonKind.RESIDENT and isinstance(account, Account) else None


def enter_by_card(
    request: HttpRequest, provider: IdentityProvider, certified: Certified, linked: LinkedIdentity, purpose: Purpose
) -> None:
    """Sign the holder of a linked card in, at the level the card shows."""
    begin_session(request, linked.account, method=SignInMethod.CARD)
    reach_level(request, provider, certified, purpose=purpose, account=linked.account, linked=linked)


def reach_level(
    request: HttpRequest,
    provider: IdentityProvider,
    certified: Certified,
    *,
    purpose: Purpose,
    account: Account | None,
    linked: LinkedIdentity | None,
) -> None:
    """The card counts from now on in this session; the log keeps for what it was shown."""
    clock: Clock = request.clock  # type: ignore[attr-defined]
    by: Person = person_of(account, clock.today()) if account else request.person  # type: ignore[attr-defined]
    note_proof(by=by, account=account, linked=linked, provider=provider.kind, purpose=purpose.value, clock=clock)
    raise_level(request, certified, account=account, provider=provider)
