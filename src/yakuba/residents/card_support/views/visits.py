"""``/my/card/visit/``: asking for a support visit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from yakuba.kernel.access.api import Face, PersonKind, anyone, page
from yakuba.kernel.identity.api import TooManyAttempts, client_address, count_attempt
from yakuba.kernel.people.api import profile_of
from yakuba.residents.card_support.forms.residents import VisitForm
from yakuba.residents.card_support.models import VisitKind
from yakuba.residents.card_support.services import ask_visit
from yakuba.residents.card_support.services.sending import new_sending, password_for
from yakuba.residents.card_support.views.asking import (
    keep_password,
    own_visit,
    password_of,
    person_and_clock,
    remember,
)
from yakuba.residents.card_support.views.booking import SENDING_LIMITS


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def personal(request: HttpRequest) -> HttpResponse:
    """For somebody who cannot come."""
    return _asked(request, VisitKind.PERSONAL)


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest) -> HttpResponse:
    """For a company, a community hall, a school."""
    return _asked(request, VisitKind.GROUP)


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_GET
def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """What to keep."""
    one = own_visit(request, public_id)
    context = {"one": one, "password": password_of(request, one.public_id)}
    return render(request, "card_support/visit_receipt.html", context)


def _asked(request: HttpRequest, kind: VisitKind) -> HttpResponse:
    person, clock = person_and_clock(request)
    today = clock.today()
    if request.method == "GET":
        initial = {"sending": new_sending()}
        profile = profile_of(person.id) if person.kind is PersonKind.RESIDENT else None
        if profile is not None:
            initial |= {
                "name": profile.name,
                "kana": "　".join(filter(None, (profile.family_reading, profile.given_reading))),
                "phone": profile.phone,
            }
            if kind is VisitKind.PERSONAL:
                initial["address"] = profile.address
        return _shown(request, VisitForm(initial=initial, kind=kind, today=today), 200)
    form = VisitForm(request.POST, kind=kind, today=today)
    action = request.POST.get("action", "check")
    if action == "edit":
        return _shown(request, form, 200)
    if not form.is_valid():
        return _shown(request, form, 422)
    if action != "send":
        return render(request, "card_support/visit_check.html", {"form": form, "is_group": kind is VisitKind.GROUP})
    try:
        count_attempt("card-sending", limits=SENDING_LIMITS, who={"address": client_address(request)})
    except TooManyAttempts as refusal:
        form.add_error(
            None,
            _("短い間にたくさんの申込みがあったため、止めています。あと%(minutes)d分お待ちください。")
            % {"minutes": refusal.minutes},
        )
        return _shown(request, form, 429)
    sending = form.cleaned_data["sending"]
    password = "" if person.kind is PersonKind.RESIDENT else password_for(sending)
    made = ask_visit(
        by=person,
        asked=form.asked(),
        sending=sending,
        password=password,
        language=get_language() or "ja",
        clock=clock,
    )
    remember(request, made.public_id)
    if password:
        keep_password(request, made.public_id, password)
    return HttpResponseRedirect(reverse("card-visit-receipt", args=[made.public_id]))


def _shown(request: HttpRequest, form: VisitForm, status: int) -> HttpResponse:
    context = {"form": form, "is_group": form.kind is VisitKind.GROUP}
    return render(request, "card_support/visit.html", context, status=status)
