"""The page before the app: what will happen, what is handed over and for what; then off."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.identity.client import client_address
from yakuba.kernel.identity.confirmation import is_confirmed
from yakuba.kernel.identity.digital_auth.base import IdentityProvider, NotProven
from yakuba.kernel.identity.digital_auth.registry import working_provider
from yakuba.kernel.identity.levels import proof_of
from yakuba.kernel.identity.proving import Purpose, address_to_show_card, ask, document_kept
from yakuba.kernel.identity.refusals import log_not_proven
from yakuba.kernel.identity.rules.client_address import throttle_group
from yakuba.kernel.identity.rules.identity_level import IdentityLevel
from yakuba.kernel.identity.rules.throttling import CARD_LIMITS
from yakuba.kernel.identity.throttle import TooManyAttempts, count_attempt
from yakuba.kernel.identity.views.resident_card.ways import (
    account_of,
    ask_to_confirm_first,
    back_to_start,
    fault_to_show,
    home_of,
    nothing_to_answer,
)
from yakuba.kernel.ui.api import safe_return


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resident_digital_auth(request: HttpRequest) -> HttpResponse:
    """Before the app, and after it when something went wrong."""
    asked = request.GET.get("purpose", "")
    purpose = Purpose(asked) if asked in set(Purpose) else Purpose.SIGN_IN
    onward = safe_return(request, request.GET.get("next", ""), otherwise=home_of(purpose))
    here = address_to_show_card(purpose, onward)
    if purpose in (Purpose.LINK, Purpose.CONFIRM) and account_of(request) is None:
        return HttpResponseRedirect(f"{reverse('resident-sign-in')}?{urlencode({'next': here})}")
    if purpose is Purpose.LINK and not is_confirmed(request):
        return ask_to_confirm_first(here)
    provider = working_provider()
    if request.method == "POST" and provider is not None:
        return _send_off(request, provider, purpose, onward)
    proof = proof_of(request)
    context = {
        "provider": provider,
        "purpose": purpose.value,
        "onward": onward,
        "this_page": here,
        "document": document_kept(request) if purpose is Purpose.SIGNATURE else None,
        "can_sign": provider is not None and provider.can_sign,
        "fault": fault_to_show(request),
        "proof": proof,
        "is_proven": proof.level is IdentityLevel.PUBLIC_AUTH,
    }
    response = render(request, "identity/resident_card.html", context)
    if provider is not None and not provider.is_sample:
        # Browsers hold a form to `form-action` over every redirect that follows, those inside the provider included.
        setattr(response, "_csp_update", {"form-action": [_form_target(provider)]})  # noqa: B010  django-csp reads it
    return response


def _send_off(request: HttpRequest, provider: IdentityProvider, purpose: Purpose, onward: str) -> HttpResponse:
    try:
        count_attempt("resident-card", limits=CARD_LIMITS, who={"address": throttle_group(client_address(request))})
    except TooManyAttempts as refusal:
        log_not_proven(request, why="too many attempts", provider=provider.kind, refusal=refusal)
        answer = render(request, "identity/resident_wait.html", {"refusal": refusal}, status=429)
        answer["Retry-After"] = str(refusal.seconds)
        return answer
    document, transaction = None, ""
    if purpose is Purpose.SIGNATURE:
        document = document_kept(request)
        if document is None or not provider.can_sign:
            return nothing_to_answer(purpose, onward)
        try:
            transaction = provider.open_signature(bytes.fromhex(document.digest))
        except NotProven as no:
            log_not_proven(request, why=no.reason, provider=provider.kind)
            return back_to_start(request, no.kind, purpose, onward)
    return HttpResponseRedirect(
        ask(request, provider, purpose=purpose, onward=onward, document=document, sign_transaction=transaction)
    )


def _form_target(provider: IdentityProvider) -> str:
    parts = urlsplit(provider.issuer)
    return "https:" if parts.scheme == "https" else f"{parts.scheme}://{parts.netloc}"
