"""Where people come back to from the app, with a code or without."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.identity.confirmation import confirm, is_confirmed
from yakuba.kernel.identity.digital_auth.base import Certified, IdentityProvider, NotProven, ProviderDeclined
from yakuba.kernel.identity.digital_auth.registry import working_provider
from yakuba.kernel.identity.fronts import resident_front
from yakuba.kernel.identity.models import Account, LinkedIdentity
from yakuba.kernel.identity.persons import is_usable
from yakuba.kernel.identity.proving import Purpose, Question, address_to_show_card, keep_unknown, question_for
from yakuba.kernel.identity.queries import identity_of, linked_identity
from yakuba.kernel.identity.refusals import log_not_proven
from yakuba.kernel.identity.rules.authorisation import known_error
from yakuba.kernel.identity.services.link_identity import link_identity
from yakuba.kernel.identity.views.resident_card.sign import signed
from yakuba.kernel.identity.views.resident_card.ways import (
    WrongCard,
    account_of,
    ask_to_confirm_first,
    back_to_start,
    enter_by_card,
    nothing_to_answer,
    reach_level,
)


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_safe
def resident_digital_auth_callback(request: HttpRequest) -> HttpResponse:
    """Take the answer and lead on at once: this page's address holds the code."""
    provider = working_provider()
    question = question_for(request, request.GET.get("state", "")[:255])
    if provider is None or question is None or question.issuer != provider.issuer:
        log_not_proven(request, why="no such question", provider=provider.kind if provider else "")
        return nothing_to_answer(Purpose.SIGN_IN, resident_front())
    try:
        if "error" in request.GET:
            raise ProviderDeclined(known_error(request.GET["error"]))
        code = request.GET.get("code", "")
        if question.purpose is Purpose.SIGNATURE:
            return signed(request, provider, question, provider.fetch_signature(code=code, attempt=question.attempt))
        return _shown(request, provider, question, provider.prove(code=code, attempt=question.attempt))
    except NotProven as no:
        log_not_proven(request, why=no.reason, provider=provider.kind)
        kind = "cancelled" if no.reason == "access_denied" else no.kind
        return back_to_start(request, kind, question.purpose, question.onward)
    except WrongCard as no:
        log_not_proven(request, why=no.kind, provider=provider.kind)
        return back_to_start(request, no.kind, question.purpose, question.onward)


def _shown(request: HttpRequest, provider: IdentityProvider, question: Question, certified: Certified) -> HttpResponse:
    account, linked = account_of(request), linked_identity(certified.issuer, certified.subject)
    if account is None or question.purpose is Purpose.SIGN_IN:
        return _enters(request, provider, question, certified, linked)
    own = identity_of(account, certified.issuer)
    _check_holder(account, question.purpose, own, linked)
    if question.purpose is Purpose.LINK:
        if not is_confirmed(request):
            return ask_to_confirm_first(address_to_show_card(Purpose.LINK, question.onward))
        own = own or _link(request, account, certified)
    reach_level(request, provider, certified, purpose=question.purpose, account=account, linked=own)
    if question.purpose is Purpose.CONFIRM:
        confirm(request)
    elif question.purpose is Purpose.LEVEL:
        messages.success(request, _("マイナンバーカードで本人確認ができました。"))
    return HttpResponseRedirect(question.onward)


def _enters(
    request: HttpRequest,
    provider: IdentityProvider,
    question: Question,
    certified: Certified,
    linked: LinkedIdentity | None,
) -> HttpResponse:
    """Theirs is the account linked with this very card; for an unknown one its holder chooses."""
    clock = request.clock  # type: ignore[attr-defined]
    if linked is None:
        keep_unknown(request, certified, question)
        return HttpResponseRedirect(reverse("resident-digital-auth-choose"))
    if not is_usable(linked.account, clock.today()):
        log_not_proven(request, why="account closed", provider=provider.kind)
        return HttpResponseRedirect(reverse("account_inactive"))
    enter_by_card(request, provider, certified, linked, question.purpose)
    return HttpResponseRedirect(question.onward)


def _check_holder(
    account: Account, purpose: Purpose, own: LinkedIdentity | None, linked: LinkedIdentity | None
) -> None:
    """A card of somebody else proves nothing about whoever is signed in. Raises ``WrongCard``."""
    if linked is not None and linked.account_id != account.pk:
        raise WrongCard("elsewhere")
    if own is not None and linked is None:
        raise WrongCard("other")
    if purpose is Purpose.CONFIRM and own is None:
        raise WrongCard("unlinked")


def _link(request: HttpRequest, account: Account, certified: Certified) -> LinkedIdentity:
    by, clock = request.person, request.clock  # type: ignore[attr-defined]
    linked = link_identity(by=by, account=account, issuer=certified.issuer, subject=certified.subject, clock=clock)
    messages.success(request, _("マイナンバーカードを結び付けました。次からは、カードで入れます。"))
    return linked
