"""`/my/join/<number>/`: the questions of a door, a last look, sending. What is typed lives in the page until it is sent."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, PersonKind, anyone, page
from yakuba.kernel.forms.api import Evaluation, Showing, answer_sections, evaluate_form, read_page, show_page
from yakuba.kernel.identity.api import (
    IdentityLevel,
    Limit,
    TooManyAttempts,
    client_address,
    count_attempt,
    level_of,
    way_to_prove,
)
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.models import AnsweredMark, Entrance
from yakuba.office.appbuilder.queries.door_questions import MAIL, PEOPLE, STEP, questions_of, values_of
from yakuba.office.appbuilder.rules.definition import FieldType
from yakuba.office.appbuilder.rules.doors import DoorKind, Needs, Once
from yakuba.office.appbuilder.services import (
    AlreadyThere,
    DoorClosed,
    DoorFull,
    RecordFault,
    answer_survey,
    sign_up,
)
from yakuba.office.appbuilder.services.door_arrivals import code_for, mark_of, new_sending
from yakuba.office.appbuilder.views.join.keeping import keep_code, remember
from yakuba.office.appbuilder.views.join.public import start_of
from yakuba.office.appbuilder.views.join.shown import (
    DoorShown,
    definition_in_use,
    entrance_in,
    language,
    person_and_clock,
    shown,
)

SENDING_LIMITS = (Limit("address", 30, 10 * 60),)
"""So many answers and sign-ups one address sends: a school class does, a machine that fills the door does not."""
_MOST_TYPED, _MOST_VALUES = 6000, 100
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
_DEVICE_LASTS = 400 * 24 * 60 * 60


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def come(request: HttpRequest, number: int) -> HttpResponse:
    """The questions; "check" shows a last look at a sign-up, "send" sends."""
    entrance = entrance_in(number)
    _person, clock = person_and_clock(request)
    if entrance.door.kind is DoorKind.APPLICATION:
        return HttpResponseRedirect(start_of(entrance) or reverse("join-door", args=[number]))
    one = shown(entrance, clock=clock, definition=definition_in_use(entrance))
    if request.method != "POST":
        return _with_device(request, entrance, _first(request, one))
    typed = _typed(request, entrance)
    if not one.is_open or _needs(request, entrance):
        return _page(request, one, typed, status=409)
    if typed["action"] == "edit":
        return _page(request, one, typed)
    evaluation, faults = _evaluated(request, entrance, typed)
    if faults or not evaluation.is_complete:
        return _page(request, one, typed, status=422, shows_faults=True)
    if entrance.door.kind is DoorKind.SIGN_UP and typed["action"] != "send":
        context = _context(request, one, typed) | {
            "rows": [row for section in answer_sections(evaluation, language(), {}) for row in section.rows],
            "kept": [(name, value) for name, values in typed["typed"].items() for value in values],
        }
        return render(request, "appbuilder/join/check.html", context)
    return _send(request, one, typed, evaluation)


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_safe
def thanks(request: HttpRequest, number: int) -> HttpResponse:
    """After a survey: that it arrived, and what the town says then."""
    _person, clock = person_and_clock(request)
    entrance = entrance_in(number)
    one = shown(entrance, clock=clock, definition=None)
    return render(request, "appbuilder/join/thanks.html", {"one": one})


def _first(request: HttpRequest, one: DoorShown) -> HttpResponse:
    return _page(request, one, {"typed": {}, "sending": new_sending(), "action": ""})


def _typed(request: HttpRequest, entrance: Entrance) -> dict[str, Any]:
    """What the page sent, cut, and only under names this door knows."""
    known = {one.key for one in questions_of(entrance).questions()}
    typed = {
        name[:60]: [value[:_MOST_TYPED] for value in request.POST.getlist(name)[:_MOST_VALUES]]
        for name in request.POST
        if name.partition(".")[0] in known
    }
    sending = request.POST.get("sending", "")
    return {
        "typed": typed,
        "sending": sending if _TOKEN.fullmatch(sending) else new_sending(),
        "action": request.POST.get("action", "")[:10],
    }


def _evaluated(request: HttpRequest, entrance: Entrance, typed: dict[str, Any]) -> tuple[Evaluation, dict[str, Any]]:
    person, clock = person_and_clock(request)
    definition = questions_of(entrance)
    reading = read_page(definition, [STEP], typed["typed"], {})
    facts = {"channel": "online", "is_agent": False, "is_signed_in": person.is_signed_in, "is_certified": False}
    evaluation = evaluate_form(definition, reading.answers, today=clock.today(), facts=facts)
    return evaluation, dict(reading.faults)


def _context(request: HttpRequest, one: DoorShown, typed: dict[str, Any]) -> dict[str, Any]:
    needs = _needs(request, one.entrance)
    return {
        "one": one,
        "needs": needs,
        "way": way_to_prove(onward=request.path) if needs == Needs.PUBLIC_AUTH else "",
        "sending": typed["sending"],
        "has_answered": request.method != "POST" and _has_answered(request, one.entrance),
    }


def _page(
    request: HttpRequest,
    one: DoorShown,
    typed: dict[str, Any],
    *,
    status: int = 200,
    shows_faults: bool = False,
    said: str = "",
) -> HttpResponse:
    evaluation, faults = _evaluated(request, one.entrance, typed)
    page_shown = show_page(
        evaluation,
        [STEP],
        Showing(language=language(), typed=typed["typed"], read_faults=faults, shows_faults=shows_faults),
    )
    context = _context(request, one, typed) | {"shown": page_shown, "said": said}
    return render(request, "appbuilder/join/come.html", context, status=status)


def _needs(request: HttpRequest, entrance: Entrance) -> str:
    """What must be shown before the door opens to this person; "" for nothing."""
    person, _clock = person_and_clock(request)
    needs = entrance.door.needs
    if needs is Needs.NONE:
        return ""
    if person.kind is not PersonKind.RESIDENT:
        return Needs.ACCOUNT.value
    if needs is Needs.PUBLIC_AUTH and level_of(request) < IdentityLevel.PUBLIC_AUTH:
        return Needs.PUBLIC_AUTH.value
    return ""


def _send(request: HttpRequest, one: DoorShown, typed: dict[str, Any], evaluation: Evaluation) -> HttpResponse:
    entrance = one.entrance
    person, clock = person_and_clock(request)
    try:
        count_attempt("door-sending", limits=SENDING_LIMITS, who={"address": client_address(request)})
    except TooManyAttempts as refusal:
        words = _("短い間にたくさん送られたため、止めています。あと%(minutes)d分お待ちください。")
        return _page(request, one, typed, status=429, said=words % {"minutes": refusal.minutes})
    is_survey = entrance.door.kind is DoorKind.SURVEY
    device = _device(request, entrance)
    if is_survey and entrance.door.survey.once is Once.DEVICE and not device:
        words = _(
            "クッキーが使えないため、送れません。ブラウザーの設定でクッキーを使えるようにして、もう一度送ってください。"
        )
        return _with_device(request, entrance, _page(request, one, typed, status=422, said=words))
    try:
        values = values_of(entrance.fields, evaluation.answers)
        if is_survey:
            answer_survey(
                by=person,
                entrance=entrance,
                values=values,
                sending=typed["sending"],
                device=device,
                language=language(),
                clock=clock,
            )
            return HttpResponseRedirect(reverse("join-thanks", args=[entrance.number]))
        made = sign_up(
            by=person,
            entrance=entrance,
            values=values,
            people=int(evaluation.answers.get(PEOPLE, 1)),
            mail=str(evaluation.answers.get(MAIL, "")),
            phone=_phone_in(entrance, values),
            sending=typed["sending"],
            language=language(),
            clock=clock,
        )
    except AlreadyThere:
        words = (
            _("すでに回答をいただいています。")
            if is_survey
            else _("すでに申し込まれています。前の申込みの控えで確かめてください。")
        )
        return _page(request, one, typed, status=409, said=words)
    except DoorFull:
        words = (
            _("回答が上限に達したため、受付を終わりました。") if is_survey else _("満員のため、申し込めませんでした。")
        )
        return _page(request, one, typed, status=409, said=words)
    except DoorClosed:
        return _page(request, one, typed, status=409, said=_("ちょうど受付が終わりました。"))
    except (RecordFault, Refusal):
        words = _("この内容は受け付けられませんでした。連絡先と入力した内容を確かめて、もう一度送ってください。")
        return _page(request, one, typed, status=422, said=words)
    if not made.account:
        remember(request, made.public_id)
        keep_code(request, made.public_id, code_for(typed["sending"]))
    return HttpResponseRedirect(reverse("join-own", args=[made.public_id]))


def _phone_in(entrance: Entrance, values: dict[str, Any]) -> str:
    given = (values.get(one.key) for one in entrance.fields if one.type is FieldType.PHONE)
    return next((str(one) for one in given if one), "")


def _cookie(entrance: Entrance) -> str:
    return f"yakuba_join_{entrance.number}"


def _device(request: HttpRequest, entrance: Entrance) -> str:
    """The random token this browser was given for this door alone; "" without one."""
    token = request.COOKIES.get(_cookie(entrance), "")
    return token if _TOKEN.fullmatch(token) else ""


def _with_device(request: HttpRequest, entrance: Entrance, response: HttpResponse) -> HttpResponse:
    """Give the browser a token where a survey takes one answer from a device. It is sent to this door only."""
    door = entrance.door
    if door.kind is DoorKind.SURVEY and door.survey.once is Once.DEVICE and not _device(request, entrance):
        response.set_cookie(
            _cookie(entrance),
            secrets.token_urlsafe(24),
            max_age=_DEVICE_LASTS,
            path=reverse("join-come", args=[entrance.number]),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _has_answered(request: HttpRequest, entrance: Entrance) -> bool:
    door = entrance.door
    person, _clock = person_and_clock(request)
    if door.kind is not DoorKind.SURVEY or door.survey.once is Once.FREELY:
        return False
    who = f"device:{_device(request, entrance)}" if door.survey.once is Once.DEVICE else f"account:{person.id}"
    if who == "device:":
        return False
    return AnsweredMark.objects.filter(digest=mark_of(entrance, who)).exists()
