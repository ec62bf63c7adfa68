"""The stamp row (押印欄) of a request: 起案, 回議, 合議, 審査, 決裁 and 施行, as on the paper form."""

from __future__ import annotations

from dataclasses import dataclass

from yakuba.kernel.approval.models import DecisionRequest, RouteAct, RouteSeat
from yakuba.kernel.approval.queries.way import acts_of, answers_of
from yakuba.kernel.approval.rules.flow import Act, SeatState, StageState
from yakuba.kernel.approval.rules.routes import StageKind
from yakuba.kernel.approval.rules.states import Capacity, Outcome, RequestState
from yakuba.kernel.japan.api import era_date_short
from yakuba.kernel.values.api import business_date

_ENDS = {RequestState.WITHDRAWN: "取下げ", RequestState.REFUSED: "否決のため省略", RequestState.RETURNED: ""}


@dataclass(frozen=True, slots=True)
class Stamp:
    """One cell of `<c-stamp-row>`; ``state`` is done, deputy, dissent, returned, current or "" for an empty one."""

    post: str
    name: str
    date: str
    state: str
    note: str = ""


def stamps_of(request: DecisionRequest, *, waiting_for: str = "") -> list[Stamp]:
    """Every stage of a request but 供覧 as stamps; ``waiting_for`` is who is to decide, while one without stages waits."""
    drafted = Stamp("起案", _short(request.asked_name), era_date_short(business_date(request.asked_at)), "done")
    seats = list(
        RouteSeat.objects.filter(stage__request=request)
        .exclude(stage__kind=StageKind.CIRCULATE.value)
        .select_related("stage")
        .order_by("stage__position", "order")
    )
    if not seats:
        return [drafted, _decided(request, waiting_for)]
    last = answers_of(acts_of(request), request)
    return [drafted, *(_stamp(one, last.get(one.pk), request, waiting_for) for one in seats)]


def _stamp(seat: RouteSeat, act: RouteAct | None, request: DecisionRequest, waiting_for: str) -> Stamp:
    kind, stage = StageKind(seat.stage.kind), StageState(seat.stage.state)
    if kind is StageKind.DECIDE and request.state in (RequestState.APPROVED, RequestState.REFUSED):
        return _decided(request, "")
    post = _post(seat, kind)
    if act is not None and act.act == Act.RETURN and request.state == RequestState.RETURNED:
        return Stamp(post, _short(act.name), _day(act), "returned", _capacity(act))
    if act is not None and act.act == Act.HOLD:
        return Stamp(post, _short(act.name), _day(act), "returned", "差止め")
    if stage is StageState.SKIPPED:
        return Stamp(post, "", "", "", "省略")
    if seat.state == SeatState.LIFTED:
        return Stamp(post, "", "", "", "引き上げ")
    if seat.state == SeatState.UNNEEDED:
        return Stamp(post, "", "", "", "不要")
    if seat.state == SeatState.WAITING or act is None:
        if stage is StageState.OPEN and request.pulled_back_at is None:
            name = seat.traced[0] if seat.traced else waiting_for
            return Stamp(post, _short(name), "", "current", f"{kind.label}待ち")
        return Stamp(post, "", "", "", _ENDS.get(RequestState(request.state), ""))
    if act.act == Act.DISSENT:
        return Stamp(post, _short(act.name), _day(act), "dissent", "不同意")
    state = "done" if act.capacity == Capacity.OWN else "deputy"
    note = "・".join(one for one in (_capacity(act), "引き上げ" if act.act == Act.LIFT else "") if one)
    return Stamp(_title(act) or post, _short(act.name), _day(act), state, note or _kind_note(kind))


def _post(seat: RouteSeat, kind: StageKind) -> str:
    if kind is StageKind.DECIDE:
        return "決裁"
    if kind is StageKind.ISSUE:
        return "施行"
    return seat.words if kind is not StageKind.EXAMINE else seat.stage.title


def _title(act: RouteAct) -> str:
    """The post alone, as it stands over a seal; a consulted section is named, or all heads would look alike."""
    if act.stage_kind in (StageKind.EXAMINE, StageKind.ISSUE):
        return act.stage_title
    title = act.title if act.capacity == Capacity.OWN else act.principal_title
    return title if act.stage_kind == StageKind.CONSULT else title.rpartition(" ")[2]


def _kind_note(kind: StageKind) -> str:
    return "合議" if kind is StageKind.CONSULT else ""


def _capacity(act: RouteAct) -> str:
    return act.get_capacity_display() if act.capacity != Capacity.OWN else ""


def _day(act: RouteAct) -> str:
    return era_date_short(business_date(act.at))


def _decided(request: DecisionRequest, waiting_for: str) -> Stamp:
    """The last stamp, from the decision itself: it stands whether or not there were stages."""
    if request.state == RequestState.WAITING:
        return Stamp("決裁", _short(waiting_for), "", "current", "決裁待ち")
    if request.state == RequestState.WITHDRAWN:
        return Stamp("決裁", "", "", "", "取下げ")
    decision = request.decision
    day = era_date_short(business_date(decision.decided_at))
    is_deputy = decision.capacity != Capacity.OWN
    post = (decision.principal_title if is_deputy else decision.title).rpartition(" ")[2]
    note = decision.get_capacity_display() if is_deputy else ""
    if decision.outcome == Outcome.RETURNED:
        return Stamp(post, _short(decision.decided_name), day, "returned", note)
    if decision.outcome == Outcome.REFUSED:
        note = f"{note}・否決" if is_deputy else "否決"
    return Stamp(post, _short(decision.decided_name), day, "deputy" if is_deputy else "done", note)


def _short(name: str) -> str:
    """The family name, as a seal shows it."""
    return name.replace("　", " ").partition(" ")[0][:4]
