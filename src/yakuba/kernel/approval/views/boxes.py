"""Decisions in the office, in boxes: my turn, for others, to see, seen afterwards, asked, done, of my sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from yakuba.kernel.access.api import Face, Person, Role, page
from yakuba.kernel.approval.access import visible_to
from yakuba.kernel.approval.models import DecisionRequest, RouteAct
from yakuba.kernel.approval.on_the_way import Day
from yakuba.kernel.approval.queries.requests import Turns, turns_of, waiting_for_post_view
from yakuba.kernel.approval.rules.flow import Act
from yakuba.kernel.approval.rules.routes import StageKind
from yakuba.kernel.approval.rules.states import RequestState
from yakuba.kernel.approval.services.bulk import MOST_AT_ONCE, answer_many
from yakuba.kernel.approval.services.keep_routes import keeps_routes
from yakuba.kernel.approval.views.one_request import BADGES, MAY
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing

_LIST = viewing("approval.request_list", label="決裁伺いの一覧の閲覧")

BOXES = (
    ("decide", "自分の番"),
    ("deputy", "代決できるもの"),
    ("see", "供覧"),
    ("after", "後閲"),
    ("asked", "起案したもの"),
    ("decided", "処理したもの"),
    ("all", "所属のすべて"),
)
_EMPTY = {
    "decide": ("自分の番のものはありません", "回議・合議・審査・決裁を求められると、ここと「ホーム」に出ます。"),
    "deputy": ("代決できるものはありません", "代決者に指定されている人の番のものが、ここに出ます。"),
    "see": ("供覧するものはありません", "見ておくように回された決裁が、ここに出ます。"),
    "after": ("後閲するものはありません", "不在の間に代決されたものが、ここに出ます。"),
    "asked": ("起案したものはありません", "申請や様式などの画面から決裁を求めると、ここに出ます。"),
    "decided": ("処理したものはありません", ""),
    "all": ("決裁伺いはありません", ""),
}
_WAITING = ("decide", "deputy", "see")
_HIDDEN_WHEN_EMPTY = ("deputy", "see", "after")


def _decider_words(request: DecisionRequest) -> str:
    if hasattr(request, "decision"):
        return f"{request.decision.title} {request.decision.decided_name}"
    return request.withdrawn_name


def _stage_words(request: Any) -> str:
    return getattr(request, "stage_words", "")


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
            Column("stage", "段階", _stage_words, kind=Kind.TIGHT, shown=box in ("decide", "deputy"), exported=False),
            Column("kind", "種類", "kind", sort="kind", search=("kind",), kind=Kind.TIGHT),
            Column(
                "section", "担当", "section.name", sort="section__order", search=("section__name",), kind=Kind.TIGHT
            ),
            Column("asked", "起案者", "asked_name", sort="asked_name", search=("asked_name",)),
            Column("on", "起案日時", "asked_at", sort="asked_at", kind=Kind.DATE),
            Column("due", "期限", "due", sort="due", kind=Kind.DATE),
            Column(
                "state", "状態", "get_state_display", badge=lambda one: BADGES[one.state], shown=box not in _WAITING
            ),
            Column("by", "決裁者", _decider_words, shown=box not in _WAITING),
        ),
        filters=()
        if box in _WAITING
        else (Filter("state", "状態", [(one.value, one.label) for one in RequestState], apply="state"),),
        order=(F("due").asc(nulls_last=True), "asked_at") if box in _WAITING else ("-asked_at",),
        keep=("box", "stage"),
        empty_title=title,
        empty_text=text,
    )


_LISTINGS = {box: _listing(box) for box, _ in BOXES}


@page(Face.OFFICE, may=MAY)
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """決裁: the first box is what waits for the person."""
    asking: Any = request
    person, today = asking.person, asking.clock.today()
    day = Day.of(today)
    turns = turns_of(person, on=today, day=day)
    box = request.GET.get("box", "")
    if box not in _LISTINGS:
        box = "all" if person.has(Role.AUDITOR) else "decide"
    stage = request.GET.get("stage", "") if box == "decide" else ""
    rows: QuerySet[DecisionRequest] = visible_to(person, on=today, day=day)
    ids = _ids_by_box(person, turns)
    lines = [pk for pk in ids["decide"] if turns.kinds.get(pk) is StageKind.LINE]
    if stage == StageKind.LINE:
        ids["decide"] = lines
    tabs = [
        {"title": title, "url": f"?box={key}", "current": key == box, "badge": len(ids.get(key, ())) or ""}
        for key, title in BOXES
        if key not in _HIDDEN_WHEN_EMPTY or ids[key] or box == key
    ]
    harmless = box == "see" or stage == StageKind.LINE

    def noted(things: Sequence[Any], how: str) -> None:
        record_view(by=person, subjects=[one.subject for one in things], what=_LIST, detail=f"{box} {how}")

    def prepared(things: Sequence[Any]) -> None:
        for one in things:
            kind = turns.kinds.get(one.pk)
            one.stage_words = kind.label if kind else ""

    return _LISTINGS[box].answer(
        request,
        rows.filter(_narrowed(box, person, ids)),
        template="approval/decisions.html",
        context={
            "tabs": tabs,
            "box": box,
            "bulk": "bulk" if harmless and not person.is_read_only else "",
            "bulk_label": "選んだものを供覧済にする" if box == "see" else "選んだものを承認する",
            "is_line_only": stage == StageKind.LINE,
            "lines": len(lines) if box == "decide" and len(lines) > 1 else 0,
            "keeps_routes": keeps_routes(person),
        },
        on_show=noted,
        prepare=prepared,
    )


def _ids_by_box(person: Person, turns: Turns) -> dict[str, list[int]]:
    unseen = waiting_for_post_view(person.staff_id) if person.staff_id is not None else []
    return {
        "decide": [one.pk for one in turns.own],
        "deputy": [one.pk for one in turns.deputy],
        "see": [one.pk for one in turns.see],
        "after": list(dict.fromkeys(one.request_id for one in unseen)),
    }


def _narrowed(box: str, person: Person, ids: Mapping[str, list[int]]) -> Q:
    if box in ids:
        return Q(pk__in=ids[box])
    if box == "asked":
        return Q(asked_staff=person.staff_id) | Q(holder=person.staff_id) if person.staff_id else Q(pk__in=[])
    if box == "decided":
        acted = RouteAct.objects.filter(staff=person.staff_id).exclude(act__in=[Act.DRAFT.value, Act.REMIND.value])
        return Q(decision__decided_staff=person.staff_id) | Q(pk__in=acted.values("request"))
    return Q()


@page(Face.OFFICE, may=MAY)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Answer several harmless ones at once; what became of each stands on its line."""
    asking: Any = request
    today = asking.clock.today()
    seen: dict[str, int] = {}
    for one in request.POST.getlist("seen")[:500]:
        public_id, _, edition = one.partition(":")
        if edition.isascii() and edition.isdigit() and len(edition) < 6:
            seen[public_id] = int(edition)
    picked = list(dict.fromkeys(request.POST.getlist("picked")))
    found = {
        one.public_id: one for one in visible_to(asking.person, on=today).filter(public_id__in=picked[:MOST_AT_ONCE])
    }
    lines = answer_many(
        by=asking.person,
        requests=[(found[one], seen.get(one)) for one in picked[:MOST_AT_ONCE] if one in found],
        clock=asking.clock,
    )
    context = {
        "lines": lines,
        "done": sum(not one.why for one in lines),
        "too_many": len(picked) > MOST_AT_ONCE,
        "most": MOST_AT_ONCE,
        "crumbs": [{"title": "決裁", "url": reverse("approval-decisions")}, {"title": "まとめて処理した結果"}],
    }
    return render(request, "approval/bulk.html", context)
