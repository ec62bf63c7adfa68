"""``/my/sample-card/``: 「見本の認証」, which stands for the app in the sample town. Does not exist in a real town."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.identity.digital_auth.fake.provider import Asked, Refused, StrictProvider
from yakuba.kernel.identity.digital_auth.registry import working_provider
from yakuba.kernel.identity.digital_auth.sample import sample_double


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resident_sample_card(request: HttpRequest) -> HttpResponse:
    """Choose whose card lies on the telephone, or give up."""
    provider = working_provider()
    if provider is None or not provider.is_sample:
        raise Http404
    double = sample_double()
    try:
        asked = double.authorisation(parse_qsl(request.META.get("QUERY_STRING", "")[:4000], keep_blank_values=True))
        if request.method == "POST":
            return HttpResponseRedirect(_answer(request, double, asked))
    except Refused as refused:
        context = {"error": refused.error, "why": refused.why}
        return render(request, "identity/resident_sample_card_refused.html", context, status=400)
    language = str(request.LANGUAGE_CODE)
    cards = [(card, card.note.in_language(language)) for card in double.cards]
    return render(request, "identity/resident_sample_card.html", {"cards": cards})


def _answer(request: HttpRequest, double: StrictProvider, asked: Asked) -> str:
    act = request.POST.get("act", "")
    card = next((one for one in double.cards if one.key == act), None)
    if card is None and act != "cancel":
        raise Http404
    return double.answer_with(asked, card)
