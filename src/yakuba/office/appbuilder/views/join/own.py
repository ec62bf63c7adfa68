"""`/my/join/…`: an own sign-up: looked up by its code, answered, cancelled."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, anyone, page
from yakuba.kernel.audit.api import record_refusal, refusal_name
from yakuba.kernel.identity.api import Limit, TooManyAttempts, client_address, count_attempt
from yakuba.kernel.ui.api import TownForm
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.models import Arrival
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.door_states import STANDING, ArrivalState
from yakuba.office.appbuilder.rules.values import as_read
from yakuba.office.appbuilder.services import accept_place, cancel_sign_up
from yakuba.office.appbuilder.services.door_arrivals import CODE_LENGTH, stored_code
from yakuba.office.appbuilder.services.door_places import is_over
from yakuba.office.appbuilder.services.door_telling import moment_text
from yakuba.office.appbuilder.views.join.keeping import code_of, own_arrival, remember
from yakuba.office.appbuilder.views.join.shown import choice_labels, person_and_clock, said, shown, words

_LIMITS = (Limit("address", 20, 10 * 60),)
_WRONG = refusal_name("appbuilder.door_look_up", label="入口の申込みの控えの不一致")


class LookUpForm(TownForm):
    """The code of a receipt."""

    code = forms.CharField(
        label=gettext_lazy("控えの番号"),
        max_length=60,
        help_text=gettext_lazy("申し込んだときの画面にある、16文字の番号です（例：abcd-efgh-jkmn-pqrs）。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


def tidy_code(typed: str) -> str:
    """The code as it was given, from what somebody typed: any width, case, marks between."""
    letters = re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKC", typed[:100]).lower())
    if len(letters) != CODE_LENGTH:
        return ""
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LENGTH, 4))


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """The code of the receipt, without an account."""
    template = "appbuilder/join/look_up.html"
    form = LookUpForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, template, {"form": form})
    if not form.is_valid():
        return render(request, template, {"form": form}, status=422)
    person, _clock = person_and_clock(request)
    try:
        attempt = count_attempt("door-look-up", limits=_LIMITS, who={"address": client_address(request)})
    except TooManyAttempts as refusal:
        wait = _("何度も違ったため、止めています。あと%(minutes)d分お待ちください。") % {"minutes": refusal.minutes}
        form.add_error(None, wait)
        return render(request, template, {"form": form}, status=429)
    code = tidy_code(form.cleaned_data["code"])
    found = Arrival.objects.filter(code=stored_code(code), erased_on__isnull=True).first() if code else None
    if found is None:
        record_refusal(by=person, what=_WRONG)
        form.add_error("code", _("この番号の申込みはありません。控えを見て、もう一度入力してください。"))
        return render(request, template, {"form": form}, status=422)
    attempt.give_back()
    remember(request, found.public_id)
    return HttpResponseRedirect(reverse("join-own", args=[found.public_id]))


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_safe
def own(request: HttpRequest, public_id: str) -> HttpResponse:
    """One sign-up: where it stands, what was written, what one may do. The receipt right after sending."""
    one = own_arrival(request, public_id)
    _person, clock = person_and_clock(request)
    return render(request, "appbuilder/join/own.html", _context(request, one, clock))


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Cancel, after asking."""
    one = own_arrival(request, public_id)
    person, clock = person_and_clock(request)
    context = _context(request, one, clock)
    if request.method != "POST":
        if not context["may_cancel"]:
            return HttpResponseRedirect(reverse("join-own", args=[public_id]))
        return render(request, "appbuilder/join/cancel.html", context)
    try:
        cancel_sign_up(by=person, arrival=one, clock=clock)
    except Refusal:
        messages.warning(request, _("この申込みは、もう取り消せません。"))
    else:
        messages.success(request, _("申込みを取り消しました。"))
    return HttpResponseRedirect(reverse("join-own", args=[public_id]))


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_POST
def accept(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take the place that is offered."""
    one = own_arrival(request, public_id)
    person, clock = person_and_clock(request)
    try:
        accept_place(by=person, arrival=one, clock=clock)
    except Refusal:
        messages.warning(request, _("返事の期限を過ぎました。"))
    else:
        messages.success(request, _("参加が決まりました。"))
    return HttpResponseRedirect(reverse("join-own", args=[public_id]))


def _context(request: HttpRequest, one: Arrival, clock: Clock) -> dict[str, Any]:
    entrance = one.entrance
    door = entrance.door
    values = Shapes(entrance.app).of(one.record, today=clock.today()).values
    asks = {ask.field: ask for ask in door.asks}
    rows = []
    for field in entrance.fields:
        if values.get(field.key) is None:
            continue
        label = asks[field.key].label.text(field.label) if field.key in asks else None
        named = choice_labels(entrance, field.key)
        value = values[field.key]
        chosen = [value] if isinstance(value, str) and value in named else value if isinstance(value, list) else None
        text = "、".join(str(named.get(part, part)) for part in chosen) if chosen else as_read(field, value)
        rows.append((said(label) if label else field.label, text))
    state = one.standing
    return {
        "one": one,
        "door": shown(entrance, clock=clock, definition=None),
        "title": words(door.title),
        "state": said(state.text),
        "state_kind": {"booked": "success", "offered": "warning", "waiting": "info"}.get(state.value, "info"),
        "rows": rows,
        "code": code_of(request, one.public_id),
        "waiting_place": _place_in_line(one) if state is ArrivalState.WAITING else 0,
        "answer_by": said(moment_text(one.answer_by)) if one.answer_by else "",
        "may_cancel": state in STANDING and not is_over(door, clock),
        "may_accept": state is ArrivalState.OFFERED and one.answer_by is not None and clock.now() < one.answer_by,
        "is_standing": state in STANDING,
    }


def _place_in_line(one: Arrival) -> int:
    before = Arrival.objects.filter(place=one.place, state=ArrivalState.WAITING, pk__lt=one.pk)
    return before.count() + 1
