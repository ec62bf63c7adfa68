"""A card no account knows: its holder says what shall become of it. Nothing is joined by name or mail address."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.identity.confirmation import is_confirmed
from yakuba.kernel.identity.digital_auth.base import IdentityProvider
from yakuba.kernel.identity.digital_auth.registry import working_provider
from yakuba.kernel.identity.fronts import resident_front
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.proving import Purpose, UnknownCard, forget_unknown, unknown_card
from yakuba.kernel.identity.queries import identity_of
from yakuba.kernel.identity.resident_forms import ResidentNameForm
from yakuba.kernel.identity.services.link_identity import link_identity, new_resident, register_by_identity
from yakuba.kernel.identity.views.resident_card.ways import (
    account_of,
    ask_to_confirm_first,
    enter_by_card,
    nothing_to_answer,
    reach_level,
)
from yakuba.kernel.values.api import Refusal


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resident_digital_auth_choose(request: HttpRequest) -> HttpResponse:
    """Register anew, link an account one has, or use the card this once."""
    card, provider = unknown_card(request), working_provider()
    if card is None or provider is None or card.certified.issuer != provider.issuer:
        return nothing_to_answer(Purpose.SIGN_IN, resident_front())
    account, act = account_of(request), request.POST.get("act", "")
    form = ResidentNameForm(request.POST or None, initial={"name": card.certified.facts.name})
    is_refused = False
    if request.method == "POST":
        try:
            if act == "link" and account is not None:
                return _link(request, provider, card, account)
            if act == "register" and account is None and form.is_valid():
                return _register(request, provider, card, form.cleaned_data["name"])
            if act == "once" and account is None and card.purpose is Purpose.LEVEL:
                return _use_once(request, provider, card)
        except Refusal:
            is_refused = True
    context = {
        "card": card,
        "account": account,
        "form": form,
        "is_refused": is_refused,
        "has_another_card": account is not None and identity_of(account, provider.issuer) is not None,
        "may_use_once": card.purpose is Purpose.LEVEL and account is None,
        "is_sample": provider.is_sample,
        "this_page": reverse("resident-digital-auth-choose"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "identity/resident_card_unknown.html", context, status=status)


def _link(request: HttpRequest, provider: IdentityProvider, card: UnknownCard, account: Account) -> HttpResponse:
    """With the account somebody has just signed in to. Raises ``Refusal``."""
    if not is_confirmed(request):
        return ask_to_confirm_first(reverse("resident-digital-auth-choose"))
    by, clock, certified = request.person, request.clock, card.certified  # type: ignore[attr-defined]
    linked = link_identity(by=by, account=account, issuer=certified.issuer, subject=certified.subject, clock=clock)
    forget_unknown(request)
    reach_level(request, provider, certified, purpose=card.purpose, account=account, linked=linked)
    messages.success(request, _("マイナンバーカードを結び付けました。次からは、カードで入れます。"))
    return HttpResponseRedirect(card.onward)


def _register(request: HttpRequest, provider: IdentityProvider, card: UnknownCard, name: str) -> HttpResponse:
    """A new account that this card opens. Raises ``Refusal`` when the card came to an account meanwhile."""
    fresh, person = new_resident()
    certified, clock = card.certified, request.clock  # type: ignore[attr-defined]
    linked = register_by_identity(
        by=person, account=fresh, issuer=certified.issuer, subject=certified.subject, name=name, clock=clock
    )
    forget_unknown(request)
    enter_by_card(request, provider, certified, linked, card.purpose)
    messages.success(request, _("利用登録ができました。お知らせを受け取るには、メールアドレスも登録してください。"))
    return HttpResponseRedirect(card.onward)


def _use_once(request: HttpRequest, provider: IdentityProvider, card: UnknownCard) -> HttpResponse:
    """The visitor goes on without an account, known by the card for an hour."""
    forget_unknown(request)
    reach_level(request, provider, card.certified, purpose=card.purpose, account=None, linked=None)
    messages.success(request, _("マイナンバーカードで本人確認ができました。"))
    return HttpResponseRedirect(card.onward)
