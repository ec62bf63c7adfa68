"""Decisions in the office: mine to decide, asked by me, decided; one request with all that is decided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yakuba.kernel.access.api import Face, NotAllowed, NotVisible, Person, Role, page, signed_in_staff
from yakuba.kernel.approval.access import get_for, visible_to
from yakuba.kernel.approval.forms import DecisionForm, WithdrawalForm
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.on_the_way import deciders_on
from yakuba.kernel.approval.queries.requests import (
    earlier_requests,
    has_subject_changed,
    turns_of,
    waiting_for,
)
from yakuba.kernel.approval.queries.stamps import stamps_of
from yakuba.kernel.approval.rules.states import Capacity, Outcome, RequestState
from yakuba.kernel.approval.rules.who_decides import MayDecide
from yakuba.kernel.approval.services import decide, receive_return, withdraw_request
from yakuba.kernel.approval.services.decide import AlreadyClosed
from yakuba.kernel.approval.services.withdraw_request import is_drafter
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.files.api import file_response, read_content
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.rules import FileState
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import Ref, show
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing
from yakuba.kernel.values.api import Refusal

_MAY = signed_in_staff
_LIST = viewing("approval.request_list", label="決裁伺いの一覧の閲覧")
_PAGE = viewing("approval.request_page", label="決裁伺いの閲覧")
_FILE = viewing("approval.request_file", label="決裁伺いに添えたファイルの閲覧")

_BADGES = {"waiting": "info", "approved": "success", "refused": "error", "returned": "warning", "withdrawn": ""}

BOXES = (
    ("decide", "決裁するもの"),
    ("deputy", "代理で決裁できるもの"),
    ("asked", "起案したもの"),
    ("decided", "決裁したもの"),
    ("all", "所属のすべて"),
)
_EMPTY = {
    "decide": ("決裁を待っているものはありません", "決裁を求められると、ここと「ホーム」に出ます。"),
    "deputy": ("代理で決裁できるものはありません", "代決者に指定されている人の決裁待ちが、ここに出ます。"),
    "asked": ("起案したものはありません", "申請や様式などの画面から決裁を求めると、ここに出ます。"),
    "decided": ("決裁したものはありません", ""),
    "all": ("決裁伺いはありません", ""),
}


def _decider_words(request: DecisionRequest) -> str:
    if hasattr(request, "decision"):
        return f"{request.decision.title} {request.decision.decided_name}"
    return request.withdrawn_name


def _listing(box: str) -> Listing:
    title, text = _EMPTY[box]
    return Listing(
        name="decisions",
        title=dict(BOXES)[box],
        columns=(
            Column(
                "title",
                "件名",
                "title",
                sort="title",
                search=("title",),
                url=lambda one: reverse("approval-decision", args=[one.public_id]),
            ),
            Column("kind", "種類", "kind", sort="kind", search=("kind",), kind=Kind.TIGHT),
            Column(
                "section", "担当", "section.name", sort="section__order", search=("section__name",), kind=Kind.TIGHT
            ),
            Column("asked", "起案者", "asked_name", sort="asked_name", search=("asked_name",)),
            Column("on", "起案日時", "asked_at", sort="asked_at", kind=Kind.DATE),
            Column("due", "期限", "due", sort="due", kind=Kind.DATE),
            Column(
                "state",
                "状態",
                "get_state_display",
                badge=lambda one: _BADGES[one.state],
                shown=box not in ("decide", "deputy"),
            ),
            Column("by", "決裁者", _decider_words, shown=box not in ("decide", "deputy")),
        ),
        filters=()
        if box in ("decide", "deputy")
        else (Filter("state", "状態", [(one.value, one.label) for one in RequestState], apply="state"),),
        order=(F("due").asc(nulls_last=True), "asked_at") if box in ("decide", "deputy") else ("-asked_at",),
        keep=("box",),
        empty_title=title,
        empty_text=text,
    )


_LISTINGS = {box: _listing(box) for box, _ in BOXES}


@page(Face.OFFICE, may=_MAY)
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """決裁: five boxes; the first is what waits for the person."""
    asking: Any = request
    person, today = asking.person, asking.clock.today()
    turns = turns_of(person, on=today)
    decide_now, stand_in = [one.pk for one in turns.own], [one.pk for one in turns.deputy]
    box = request.GET.get("box", "")
    if box not in _LISTINGS:
        box = "all" if person.has(Role.AUDITOR) else "decide"
    rows: QuerySet[DecisionRequest] = visible_to(person, on=today)
    narrowed = {
        "decide": Q(pk__in=decide_now),
        "deputy": Q(pk__in=stand_in),
        "asked": Q(asked_staff=person.staff_id) | Q(holder=person.staff_id),
        "decided": Q(decision__decided_staff=person.staff_id),
        "all": Q(),
    }
    counts = {"decide": len(decide_now), "deputy": len(stand_in)}
    tabs = [
        {"title": title, "url": f"?box={key}", "current": key == box, "badge": counts.get(key) or ""}
        for key, title in BOXES
        if key != "deputy" or stand_in or box == "deputy"
    ]

    def shown(things: Sequence[Any], how: str) -> None:
        record_view(by=person, subjects=[one.subject for one in things], what=_LIST, detail=f"{box} {how}")

    return _LISTINGS[box].answer(
        request,
        rows.filter(narrowed[box]),
        template="approval/decisions.html",
        context={"tabs": tabs, "box": box},
        on_show=shown,
    )


@page(Face.OFFICE, may=_MAY)
@require_safe
def decision(request: HttpRequest, public_id: str) -> HttpResponse:
    """One request: exactly what is decided, its stamps, and the act that is the person's turn."""
    asking: Any = request
    found = get_for(asking.person, public_id, on=asking.clock.today())
    return _shown(asking, found)


@page(Face.OFFICE, may=_MAY)
@require_POST
def decide_request(request: HttpRequest, public_id: str) -> HttpResponse:
    """Approve, refuse or send back; whatever is refused keeps what was typed."""
    asking: Any = request
    found = get_for(asking.person, public_id, on=asking.clock.today())
    may = _mine(asking.person, _deciders(asking, found))
    form = _decision_form(asking, may, request.POST)
    if form.is_valid():
        try:
            decide(
                by=asking.person,
                request=found,
                outcome=Outcome(form.cleaned_data["outcome"]),
                comment=form.cleaned_data["comment"],
                principal_is_absent=bool(form.cleaned_data.get("principal_is_absent")),
                clock=asking.clock,
            )
        except (AlreadyClosed, NotAllowed) as late:
            fresh = get_for(asking.person, public_id, on=asking.clock.today())
            told = f"{late}{getattr(late, 'hint', None) or ''}"
            return _shown(asking, fresh, late=told, unsent=form.cleaned_data["comment"], status=409)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _after_deciding(asking, found, Outcome(form.cleaned_data["outcome"]))
    return _shown(asking, found, form=form, status=422)


@page(Face.OFFICE, may=_MAY)
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a draft back."""
    asking: Any = request
    found = get_for(asking.person, public_id, on=asking.clock.today())
    form = WithdrawalForm(request.POST)
    if form.is_valid():
        try:
            withdraw_request(by=asking.person, request=found, reason=form.cleaned_data["reason"], clock=asking.clock)
        except AlreadyClosed as late:
            fresh = get_for(asking.person, public_id, on=asking.clock.today())
            return _shown(asking, fresh, late=str(late), unsent=form.cleaned_data["reason"], status=409)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "取り下げました。直して出し直すときは、元の画面から決裁を求めてください。")
            return redirect("approval-decision", public_id=public_id)
    return _shown(asking, found, withdrawal=form, status=422)


@page(Face.OFFICE, may=_MAY)
@require_POST
def receive(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take up what was sent back without asking again."""
    asking: Any = request
    found = get_for(asking.person, public_id, on=asking.clock.today())
    try:
        receive_return(by=asking.person, request=found, clock=asking.clock)
        messages.success(request, "差戻しを受け取りました。「ホーム」には出なくなります。")
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return redirect("approval-decision", public_id=public_id)


@page(Face.OFFICE, may=_MAY)
@require_safe
def file_of(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """A file that is decided with the request, for whoever sees the request; only as it was when it was asked."""
    asking: Any = request
    found = get_for(asking.person, public_id, on=asking.clock.today())
    if not 1 <= number <= len(found.files):
        raise NotVisible
    said = found.files[number - 1]
    file = StoredFile.objects.filter(public_id=Ref.parse(said["ref"]).public_id, sha256=said["sha256"]).first()
    if file is None or file.state != FileState.STORED:
        raise Refusal(
            f"「{said['name']}」は、起案された時のものが残っていないか、ウイルス検査が済んでいません。",
            hint="しばらくしても開けないときは、起案した人に確かめてください。",
        )
    record_view(by=asking.person, subjects=[found.subject], what=_FILE)
    return file_response(read_content(file), name=file.name, media_type=file.media_type)


def _after_deciding(asking: Any, found: DecisionRequest, outcome: Outcome) -> HttpResponse:
    """On to the next request that waits, else back to this one: the way of a person who decides many in a row."""
    following = waiting_for(asking.person, on=asking.clock.today())
    done = {"approved": "承認しました", "refused": "否決しました", "returned": "差し戻しました"}[outcome.value]
    if following:
        messages.success(asking, f"「{found.title}」を{done}。次の決裁を開いています（あと{len(following)}件）。")
        return redirect("approval-decision", public_id=following[0].public_id)
    messages.success(asking, f"「{found.title}」を{done}。決裁を待つものは、もうありません。")
    return redirect("approval-decision", public_id=found.public_id)


def _deciders(asking: Any, found: DecisionRequest) -> tuple[MayDecide, ...]:
    return deciders_on(found, on=asking.clock.today()) if found.is_waiting else ()


def _mine(person: Person, deciders: Sequence[MayDecide]) -> MayDecide | None:
    if person.is_read_only:
        return None
    return next((one for one in deciders if one.staff == person.staff_id), None)


def _decision_form(asking: Any, may: MayDecide | None, given: Any = None) -> DecisionForm:
    is_deputy = may is not None and may.capacity is Capacity.DEPUTY
    principal = Staff.objects.filter(pk=may.principal).first() if may and is_deputy else None
    return DecisionForm(given, is_deputy=is_deputy, principal=f"{principal.name}さん" if principal else "本人")


def _shown(
    asking: Any,
    found: DecisionRequest,
    *,
    form: DecisionForm | None = None,
    withdrawal: WithdrawalForm | None = None,
    late: str = "",
    unsent: str = "",
    status: int = 200,
) -> HttpResponse:
    person = asking.person
    record_view(by=person, subjects=[found.subject], what=_PAGE)
    deciders = _deciders(asking, found)
    people = Staff.objects.in_bulk([one.staff for one in deciders])
    may = _mine(person, deciders)
    may_decide = may is not None and not late
    is_mine = is_drafter(person, found)
    context = {
        "asked": found,
        "decision": getattr(found, "decision", None),
        "badge": _BADGES[found.state],
        "stamps": stamps_of(found, waiting_for=people[deciders[0].staff].name if deciders else ""),
        "deciders": [
            {
                "name": people[one.staff].name,
                "capacity": one.capacity.label,
                "is_deputy": one.capacity is Capacity.DEPUTY,
            }
            for one in deciders
        ],
        "subject": show(found.subject, to=person),
        "is_changed": has_subject_changed(found) if not found.is_disposed else False,
        "files": list(enumerate(found.files, start=1)),
        "written": _pretty(found.content),
        "earlier": earlier_requests(found),
        "may_decide": may_decide,
        "form": (form or _decision_form(asking, may)) if may_decide else None,
        "is_own_draft": found.is_waiting and is_mine,
        "withdrawal": (withdrawal or WithdrawalForm()) if found.is_waiting and is_mine else None,
        "may_receive": found.state == RequestState.RETURNED
        and is_mine
        and found.answered_at is None
        and not found.followed_by.exists(),
        "late": late,
        "unsent": unsent[:2000],
        "crumbs": [{"title": "決裁", "url": reverse("approval-decisions")}, {"title": found.title}],
    }
    return render(asking, "approval/decision.html", context, status=status)


def _pretty(content: str) -> str:
    return json.dumps(json.loads(content), ensure_ascii=False, indent=2, sort_keys=True) if content else ""
