"""One request: exactly what is decided, its way, and the act that is the person's turn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yakuba.kernel.access.api import Face, NotVisible, Person, page, signed_in_staff
from yakuba.kernel.approval.access import get_for
from yakuba.kernel.approval.forms import ActForm, IssueForm, ReasonForm, WithdrawalForm
from yakuba.kernel.approval.models import DecisionRequest, RouteAct, RouteStage
from yakuba.kernel.approval.on_the_way import Day, deciders_of, turns_on
from yakuba.kernel.approval.queries.former import differences_to
from yakuba.kernel.approval.queries.requests import earlier_requests, has_subject_changed, waiting_for_post_view
from yakuba.kernel.approval.queries.stamps import stamps_of
from yakuba.kernel.approval.queries.way import ActLine, Way, way_of
from yakuba.kernel.approval.rules.flow import Act, StageState, Turn, who_must_be_away
from yakuba.kernel.approval.rules.routes import StageKind
from yakuba.kernel.approval.rules.states import Capacity, RequestState
from yakuba.kernel.approval.services.reroute import may_reroute
from yakuba.kernel.approval.services.withdraw_request import is_drafter
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.files.api import file_response, read_content
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.rules import FileState
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import Ref, show
from yakuba.kernel.values.api import Refusal

MAY = signed_in_staff
_PAGE = viewing("approval.request_page", label="決裁伺いの閲覧")
_FILE = viewing("approval.request_file", label="決裁伺いに添えたファイルの閲覧")
_FORMER = viewing("approval.request_former", label="修正前の決裁伺いの閲覧")

BADGES = {"waiting": "info", "approved": "success", "refused": "error", "returned": "warning", "withdrawn": ""}


@dataclass(frozen=True, slots=True)
class Button:
    """A button of the act form: the first one is the usual way."""

    act: Act
    label: str
    kind: str = ""
    icon: str = ""
    keys: str = ""


_BUTTONS = {
    Act.AGREE: Button(Act.AGREE, "承認する", "primary", "check", "d a"),
    Act.EXAMINE: Button(Act.EXAMINE, "審査済にする", "primary", "check", "d a"),
    Act.HOLD: Button(Act.HOLD, "差し止める", "danger", "", "d x"),
    Act.APPROVE: Button(Act.APPROVE, "承認する", "primary", "check", "d a"),
    Act.SEE: Button(Act.SEE, "供覧した", "primary", "check", "d a"),
    Act.LIFT: Button(Act.LIFT, "引き上げて承認する", "", "", "d l"),
    Act.RETURN: Button(Act.RETURN, "差し戻す", "", "", "d r"),
    Act.RETURN_TO: Button(Act.RETURN_TO, "選んだ段階に戻す"),
    Act.DISSENT: Button(Act.DISSENT, "同意しない", "danger", "", "d x"),
    Act.REFUSE: Button(Act.REFUSE, "否決する", "danger", "", "d x"),
}
_ORDER = tuple(_BUTTONS)


@page(Face.OFFICE, may=MAY)
@require_safe
def decision(request: HttpRequest, public_id: str) -> HttpResponse:
    """One request with everything a person needs to judge it, and what they may do."""
    asking: Any = request
    day = Day.of(asking.clock.today())
    return shown(asking, get_for(asking.person, public_id, on=day.on, day=day), day=day)


@page(Face.OFFICE, may=MAY)
@require_safe
def former(request: HttpRequest, public_id: str, edition: int) -> HttpResponse:
    """What a draft said in a former edition, beside what it says now, and who had agreed to that."""
    asking: Any = request
    found = get_for(asking.person, public_id, on=asking.clock.today())
    earlier = found.former.filter(edition=edition).first()
    if earlier is None:
        raise NotVisible
    record_view(by=asking.person, subjects=[found.subject], what=_FORMER)
    context = {
        "asked": found,
        "former": earlier,
        "rows": differences_to(earlier, found),
        "acts": RouteAct.objects.filter(request=found, edition=edition).exclude(act=Act.REMIND.value),
        "crumbs": [
            {"title": "決裁", "url": reverse("approval-decisions")},
            {"title": found.title, "url": reverse("approval-decision", args=[found.public_id])},
            {"title": f"第{edition}版"},
        ],
    }
    return render(request, "approval/former.html", context)


@page(Face.OFFICE, may=MAY)
@require_safe
def file_of(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """A file that is decided with the request, for whoever sees the request; only as it was when it was asked."""
    asking: Any = request
    found = get_for(asking.person, public_id, on=asking.clock.today())
    return _file(asking, found, found.files, number, "起案された時")


@page(Face.OFFICE, may=MAY)
@require_safe
def file_of_act(request: HttpRequest, public_id: str, act: str, number: int) -> HttpResponse:
    """A file somebody added on the way, for whoever sees the request."""
    asking: Any = request
    found = get_for(asking.person, public_id, on=asking.clock.today())
    made = RouteAct.objects.filter(request=found, public_id=act).select_related("said").first()
    said = getattr(made, "said", None)
    return _file(asking, found, said.files if said else [], number, "添えた時")


def _file(asking: Any, found: DecisionRequest, files: Sequence[dict[str, str]], number: int, then: str) -> HttpResponse:
    if not 1 <= number <= len(files):
        raise NotVisible
    said = files[number - 1]
    file = StoredFile.objects.filter(public_id=Ref.parse(said["ref"]).public_id, sha256=said["sha256"]).first()
    if file is None or file.state != FileState.STORED:
        raise Refusal(
            f"「{said['name']}」は、{then}のものが残っていないか、ウイルス検査が済んでいません。",
            hint="しばらくしても開けないときは、添えた人に確かめてください。",
        )
    record_view(by=asking.person, subjects=[found.subject], what=_FILE)
    return file_response(read_content(file), name=file.name, media_type=file.media_type)


def turn_of(person: Person, request: DecisionRequest, day: Day) -> Turn | None:
    """The turn of a person, if it is theirs; who only reads has none."""
    if person.is_read_only or person.staff_id is None:
        return None
    return next(iter(turns_on(request, person.staff_id, day)), None)


def act_form(request: DecisionRequest, turn: Turn, day: Day, *given: Any) -> ActForm:
    """The form of a turn: its acts, who must be away, to which stages it may go back."""
    before = who_must_be_away(turn.may, turn.seat)
    names = dict(Staff.objects.filter(pk__in=before).values_list("pk", "name")) if before else {}
    away = [
        (
            one,
            f"{names[one]}さんが不在のため、代わって行います"
            + ("（不在の登録があります）" if one in day.absent else ""),
        )
        for one in before
    ]
    earlier = []
    if Act.RETURN_TO in turn.acts:
        earlier = [
            (one.position, f"{one.position}. {one.title}")
            for one in RouteStage.objects.filter(request=request, state=StageState.DONE.value).order_by("position")
        ]
    initial = {"seen_edition": request.edition, "said_absent": [one for one in before if one in day.absent]}
    return ActForm(*given, acts=turn.acts, away=away, earlier=earlier, initial=initial)


def cannot_stand_in(turn: Turn, request: DecisionRequest, day: Day) -> bool:
    """Whether a matter is too important to be decided in somebody's place (職務代理 excepted)."""
    is_deputy = turn.may.capacity is not Capacity.OWN and not day.absent.get(turn.may.principal)
    return is_deputy and bool(request.facts.get("is_important") or request.facts.get("is_extraordinary"))


def shown(
    asking: Any,
    found: DecisionRequest,
    *,
    form: ActForm | None = None,
    issue: IssueForm | None = None,
    withdrawal: WithdrawalForm | None = None,
    pulling: ReasonForm | None = None,
    kept: Sequence[StoredFile] = (),
    late: str = "",
    unsent: str = "",
    status: int = 200,
    day: Day | None = None,
) -> HttpResponse:
    """The page of a request, with forms as they were refused; ``late`` says that somebody was faster."""
    person, clock = asking.person, asking.clock
    record_view(by=person, subjects=[found.subject], what=_PAGE)
    day = day or Day.of(clock.today())
    turn = None if late else turn_of(person, found, day)
    way = way_of(found, day, clock=clock)
    is_mine = is_drafter(person, found) and not person.is_read_only
    is_issue = turn is not None and Act.ISSUE in turn.acts
    barred = turn is not None and cannot_stand_in(turn, found, day)
    form = (form or act_form(found, turn, day)) if turn is not None and not is_issue and not barred else None
    deciders = deciders_of(found, day) if found.is_waiting and not way.stages else ()
    context = {
        "asked": found,
        "decision": getattr(found, "decision", None),
        "badge": BADGES[found.state],
        "stamps": stamps_of(found, waiting_for=_name_of_first(deciders)),
        "way": way,
        "turn": turn,
        "act_title": _title_of(turn),
        "act_files": kept,
        "buttons": _buttons(turn, form),
        "form": form,
        "is_deputy": turn is not None and turn.may.capacity is not Capacity.OWN,
        "is_barred_deputy": barred,
        "issue": (issue or IssueForm(initial={"on": clock.today(), "seal_copies": _copies(found)}))
        if is_issue
        else None,
        "seal_name": found.authority.seal_name,
        "unseen": _unseen(person, found),
        "held": _held(way),
        "subject": show(found.subject, to=person),
        "is_changed": has_subject_changed(found) if not found.is_disposed else False,
        "files": list(enumerate(found.files, start=1)),
        "written": _pretty(found.content),
        "earlier": earlier_requests(found),
        "editions": list(found.former.all()) if found.edition > 1 else [],
        "is_own_draft": found.is_waiting and is_mine,
        "is_pulled_back": found.pulled_back_at is not None and found.is_waiting,
        "withdrawal": (withdrawal or WithdrawalForm()) if found.is_waiting and is_mine else None,
        "pulling": (pulling or ReasonForm()) if found.is_waiting and is_mine and not found.pulled_back_at else None,
        "may_reroute": may_reroute(person, found) and bool(way.stages),
        "may_receive": found.state == RequestState.RETURNED
        and is_mine
        and found.answered_at is None
        and not found.followed_by.exists(),
        "late": late,
        "unsent": unsent[:2000],
        "crumbs": [{"title": "決裁", "url": reverse("approval-decisions")}, {"title": found.title}],
    }
    return render(asking, "approval/decision.html", context, status=status)


def _title_of(turn: Turn | None) -> str:
    if turn is None:
        return ""
    what = {
        StageKind.LINE: "回議に答える",
        StageKind.CONSULT: "合議に答える",
        StageKind.EXAMINE: "審査する",
        StageKind.DECIDE: "決裁する",
        StageKind.CIRCULATE: "供覧",
        StageKind.ISSUE: "施行する",
    }[turn.stage.kind]
    if turn.acts == (Act.LIFT,):
        return "引き上げる（先に承認する）"
    return f"代わって{what}" if turn.may.capacity is not Capacity.OWN else what


def _buttons(turn: Turn | None, form: ActForm | None) -> list[Button]:
    if turn is None or form is None:
        return []
    said = [_BUTTONS[one] for one in _ORDER if one in turn.acts]
    if turn.stage.kind is StageKind.CONSULT:
        said = [
            Button(Act.AGREE, "同意する", "primary", "check", "d a") if one.act is Act.AGREE else one for one in said
        ]
    return [one for one in said if one.act is not Act.RETURN_TO or "back_to" in form.fields]


def _held(way: Way) -> ActLine | None:
    """The 差止め that stands: a seat that waits although something was answered in it."""
    waiting = [seat for stage in way.stages for seat in stage.seats if seat.is_waiting]
    return next((one.act for one in waiting if one.act is not None), None)


def _copies(found: DecisionRequest) -> int:
    return 1 if found.facts.get("needs_seal") and found.authority.seal_name else 0


def _unseen(person: Person, found: DecisionRequest) -> list[RouteAct]:
    if person.staff_id is None or person.is_read_only:
        return []
    return [one for one in waiting_for_post_view(person.staff_id) if one.request_id == found.pk]


def _name_of_first(deciders: Sequence[Any]) -> str:
    first = Staff.objects.filter(pk=deciders[0].staff).first() if deciders else None
    return first.name if first else ""


def _pretty(content: str) -> str:
    return json.dumps(json.loads(content), ensure_ascii=False, indent=2, sort_keys=True) if content else ""
