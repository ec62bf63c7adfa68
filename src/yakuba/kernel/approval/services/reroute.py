"""Changing the rest of a draft's way (ルートの変更), by who keeps routes and by the head of the responsible section."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import F

from yakuba.kernel.access.api import NotAllowed, Person, Role
from yakuba.kernel.approval.models import DecisionRequest, RouteSeat, RouteStage
from yakuba.kernel.approval.on_the_way import Day, draft_of
from yakuba.kernel.approval.rules.flow import Act, StageState, words_of_act
from yakuba.kernel.approval.rules.laying import LaidSeat, LaidStage, nobody_in
from yakuba.kernel.approval.rules.routes import ALL, MOST_STAGES, Seat, StageKind
from yakuba.kernel.approval.rules.seats import who_sits
from yakuba.kernel.approval.services.closing import AlreadyClosed, words_of_the_end
from yakuba.kernel.approval.services.keep_routes import keeps_routes
from yakuba.kernel.approval.services.recording import record_act
from yakuba.kernel.approval.services.routing import Names, open_next, store_stages
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.values.api import Clock, Refusal

CHANGEABLE = (StageKind.LINE, StageKind.CONSULT, StageKind.CIRCULATE)
"""What may be added or taken out on the way. 審査, 決裁 and 施行 stay as the town has laid them down."""


@dataclass(frozen=True, slots=True)
class Added:
    """A stage to add before the decision (回議, 合議) or after it (供覧)."""

    kind: StageKind
    seats: tuple[Seat, ...]
    quorum: int = ALL


def may_reroute(person: Person, request: DecisionRequest) -> bool:
    """Whether somebody may change the rest of the way: who keeps routes, or the head of the responsible section."""
    if person.is_read_only or not request.is_waiting:
        return False
    return keeps_routes(person) or (person.has(Role.SECTION_HEAD) and _is_in(request.section, person.section_ids))


def _is_in(section: Section, ids: Collection[int]) -> bool:
    """Whether a section or one above it is among ``ids``: the head of a 課 answers for its 班."""
    looked_at: Section | None = section
    seen: set[int] = set()
    while looked_at is not None and looked_at.pk not in seen:
        if looked_at.pk in ids:
            return True
        seen.add(looked_at.pk)
        looked_at = looked_at.parent
    return False


@verb("approval.reroute", label="決裁ルートの変更")
def reroute(
    *,
    by: Person,
    request: DecisionRequest,
    leave_out: Sequence[int] = (),
    add: Sequence[Added] = (),
    reason: str,
    clock: Clock,
) -> DecisionRequest:
    """Leave out stages by position that have not been answered, and add 回議, 合議 or 供覧.

    Who was to be consulted and is left out sees it in the route, with the reason. Raises ``AlreadyClosed``,
    ``NotAllowed``, ``Refusal`` for 審査, 決裁 and 施行, for stages that were answered, for a seat nobody sits in.
    """
    kept = (
        DecisionRequest.objects.select_for_update(of=("self",))
        .select_related("section", "authority")
        .get(pk=request.pk)
    )
    if not kept.is_waiting:
        raise AlreadyClosed(words_of_the_end(kept), hint="今の状態を確かめてください。")
    if not may_reroute(by, kept):
        raise NotAllowed("ルートを変えられるのは、担当の所属長と、人事担当・情報システム担当です。")
    words = words_of_act(Act.REROUTE, reason)
    if not leave_out and not add:
        raise Refusal("変えるところが選ばれていません。", hint="省く段階か、加える段階を選んでください。")
    stages = {one.position: one for one in RouteStage.objects.filter(request=kept)}
    for position in leave_out:
        _leave_out(stages.get(position), words)
    if len(stages) + len(add) > MOST_STAGES:
        raise Refusal(f"段階は{MOST_STAGES}までです。", hint="供覧をまとめるなどして、減らしてください。")
    for one in add:
        _add(kept, one, clock)
    record_act(Act.REROUTE, by=by, request=kept, clock=clock, words=words)
    open_next(kept, is_decided=False, clock=clock)
    return kept


def _leave_out(stage: RouteStage | None, words: str) -> None:
    if stage is None:
        raise Refusal("その段階はありません。", field="leave_out", hint="画面を開き直して、選び直してください。")
    if StageKind(stage.kind) not in CHANGEABLE:
        raise Refusal(
            f"「{stage.title}」（{stage.get_kind_display()}）は省けません。",
            field="leave_out",
            hint="審査・決裁・施行は、町の定めのとおりに行います。",
        )
    if stage.state not in (StageState.AHEAD, StageState.OPEN) or stage.seats.exclude(state="waiting").exists():
        raise Refusal(
            f"「{stage.title}」は、もう処理が始まっています。",
            field="leave_out",
            hint="まだだれも処理していない段階だけを省けます。",
        )
    stage.state = StageState.SKIPPED.value
    stage.why = f"ルートの変更で省いた：{words}"[:300]
    stage.save(update_fields=["state", "why"])


def _add(request: DecisionRequest, added: Added, clock: Clock) -> None:
    if added.kind not in CHANGEABLE or not added.seats:
        raise Refusal("加えられるのは、回議・合議・供覧です。", field="add", hint="種類と席を選んでください。")
    day = Day.of(clock.today())
    draft, name = draft_of(request, day.directory), Names(request, day)
    laid = LaidStage(
        added.kind,
        added.kind.label,
        min(added.quorum, len(added.seats)),
        tuple(
            LaidSeat(
                one,
                name(one),
                who_sits(one, kind=added.kind, draft=draft, house=day.house, directory=day.directory),
            )
            for one in added.seats
        ),
        "ルートの変更で加えた",
    )
    missing = nobody_in([laid])
    if missing:
        raise Refusal(
            f"席に着く人がいません：{'、'.join(missing[:5])}", field="add", hint="別の所属・職員を選んでください。"
        )
    decide = RouteStage.objects.get(request=request, kind=StageKind.DECIDE.value)
    first = decide.position if added.kind.comes_before_decision else decide.position + 1
    # From the last one: positions are unique at every moment.
    for position in (
        RouteStage.objects.filter(request=request, position__gte=first)
        .order_by("-position")
        .values_list("position", flat=True)
    ):
        RouteStage.objects.filter(request=request, position=position).update(position=F("position") + 1)
    store_stages(request, [laid], first=first)
    if decide.state == StageState.OPEN and added.kind.comes_before_decision:
        RouteStage.objects.filter(pk=decide.pk).update(state=StageState.AHEAD.value, opened_at=None)
    waiting = RouteSeat.objects.filter(stage__request=request, stage__kind=StageKind.DECIDE.value, state="waiting")
    if not waiting.exists():
        raise Refusal("決裁が済んでいます。", hint="画面を開き直して、今の状態を確かめてください。")
