"""``/my/cases/<id>/opinion/``: how the procedure was, in one tap."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.asking import clock_of
from yakuba.residents.procedures.forms.opinion import OpinionForm
from yakuba.residents.procedures.queries.opinions import may_be_asked
from yakuba.residents.procedures.services import give_opinion
from yakuba.residents.procedures.views.own_case_gate import acting_in, case_for


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def opinion(request: HttpRequest, public_id: str) -> HttpResponse:
    """The question by itself; the case's page asks it too and sends here."""
    case = case_for(request, public_id)
    back = HttpResponseRedirect(reverse("own-case", args=[case.public_id]))
    if not may_be_asked(case):
        messages.info(request, _("この手続きについては、もうお答えいただいたか、まだ結果が出ていません。"))
        return back
    form = OpinionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            give_opinion(
                by=acting_in(request, case),
                case=case,
                score=int(form.cleaned_data["score"]),
                words=form.cleaned_data["words"],
                clock=clock_of(request),
            )
        except Refusal:
            return back  # answered in another window meanwhile
        messages.success(request, _("お答えありがとうございました。"))
        return back
    return render(
        request,
        "procedures/cases/opinion.html",
        {"case": case, "form": form, "language": get_language() or "ja"},
        status=422 if form.is_bound else 200,
    )
