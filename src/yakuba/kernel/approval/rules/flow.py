"""Where a draft stands on its route, and who may do what with it. One table of acts; nothing here reads a clock.

Stages are walked one after the other up to the decision; after it 審査 and 施行 follow one another, 供覧 is open at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from yakuba.kernel.approval.rules.routes import ALL, Seat, StageKind
from yakuba.kernel.approval.rules.states import MOST_WORDS, Capacity
from yakuba.kernel.approval.rules.who_decides import MayDecide
from yakuba.kernel.values.api import Refusal


class SeatState(StrEnum):
    """Where a seat stands."""

    WAITING = "waiting"
    AGREED = "agreed"
    DISSENTED = "dissented"
    UNNEEDED = "unneeded"
    LIFTED = "lifted"

    @property
    def label(self) -> str:
        return {
            "waiting": "未処理",
            "agreed": "済",
            "dissented": "不同意",
            "unneeded": "不要（必要な人数に達した）",
            "lifted": "引き上げ",
        }[self.value]

    @property
    def has_answered(self) -> bool:
        return self in (SeatState.AGREED, SeatState.DISSENTED)


class StageState(StrEnum):
    """Where a stage stands: before its turn, its turn, done, or left out with a reason."""

    AHEAD = "ahead"
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"

    @property
    def label(self) -> str:
        return {"ahead": "これから", "open": "処理中", "done": "済", "skipped": "省略"}[self.value]


class Act(StrEnum):
    """What people do with a draft on its way."""

    DRAFT = "draft"
    AGREE = "agree"
    DISSENT = "dissent"
    EXAMINE = "examine"
    HOLD = "hold"
    APPROVE = "approve"
    REFUSE = "refuse"
    RETURN = "return"
    RETURN_TO = "return_to"
    LIFT = "lift"
    PULL_BACK = "pull_back"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    REROUTE = "reroute"
    ISSUE = "issue"
    SEE = "see"
    POST_VIEW = "post_view"
    REMIND = "remind"

    @property
    def label(self) -> str:
        return {
            "draft": "起案",
            "agree": "承認",
            "dissent": "不同意",
            "examine": "審査済",
            "hold": "差止め",
            "approve": "決裁",
            "refuse": "否決",
            "return": "差戻し（起案者へ）",
            "return_to": "差戻し（前の段階へ）",
            "lift": "引き上げ",
            "pull_back": "引戻し",
            "amend": "修正",
            "withdraw": "取下げ",
            "reroute": "ルートの変更",
            "issue": "施行",
            "see": "供覧",
            "post_view": "後閲",
            "remind": "督促",
        }[self.value]


@dataclass(frozen=True, slots=True)
class ActRule:
    """Where an act is done from a seat, what the seat is then, whether words are needed, and why people do it."""

    kinds: frozenset[StageKind]
    seat: SeatState | None
    needs_words: bool
    why: str


_JUDGING = frozenset({StageKind.LINE, StageKind.CONSULT, StageKind.EXAMINE, StageKind.DECIDE})
_NONE: frozenset[StageKind] = frozenset()
#: The one table of acts. Those without kinds are no act of a seat: the drafter's, the route keeper's, the principal's.
ACTS: dict[Act, ActRule] = {
    Act.AGREE: ActRule(
        frozenset({StageKind.LINE, StageKind.CONSULT}), SeatState.AGREED, False, "回議・合議の相手が認めた"
    ),
    Act.DISSENT: ActRule(
        frozenset({StageKind.CONSULT}), SeatState.DISSENTED, True, "合議の相手が理由を付けて同意しない（合議不調）"
    ),
    Act.EXAMINE: ActRule(frozenset({StageKind.EXAMINE}), SeatState.AGREED, False, "審査する機関が確かめた"),
    Act.HOLD: ActRule(
        frozenset({StageKind.EXAMINE}), None, True, "決裁のあとの審査で、理由を示して施行を差し止めた（席は待ったまま）"
    ),
    Act.APPROVE: ActRule(frozenset({StageKind.DECIDE}), SeatState.AGREED, False, "決裁者が承認した"),
    Act.REFUSE: ActRule(frozenset({StageKind.DECIDE}), SeatState.AGREED, True, "決裁者が理由を付けて否決した"),
    Act.RETURN: ActRule(_JUDGING, None, True, "直すところを示して起案者に戻した"),
    Act.RETURN_TO: ActRule(_JUDGING, None, True, "確かめるところを示して前の段階に戻した"),
    Act.LIFT: ActRule(
        frozenset({StageKind.LINE, StageKind.DECIDE}), SeatState.AGREED, True, "上司が、下の回議を待たずに引き上げた"
    ),
    Act.ISSUE: ActRule(frozenset({StageKind.ISSUE}), SeatState.AGREED, False, "番号と公印を得て施行した"),
    Act.SEE: ActRule(frozenset({StageKind.CIRCULATE}), SeatState.AGREED, False, "供覧を受けた"),
    Act.DRAFT: ActRule(_NONE, None, False, "起案者が決裁を求めた"),
    Act.PULL_BACK: ActRule(_NONE, None, True, "起案者が、決裁の前に手元へ引き戻した"),
    Act.AMEND: ActRule(_NONE, None, True, "起案者が内容を直し、初めから同意を求めた"),
    Act.WITHDRAW: ActRule(_NONE, None, True, "起案者が取り下げた"),
    Act.REROUTE: ActRule(_NONE, None, True, "ルートの担当者が、残りの回議・合議・供覧を変えた"),
    Act.POST_VIEW: ActRule(_NONE, None, False, "不在だった本人が、代決されたものを見た"),
    Act.REMIND: ActRule(_NONE, None, False, "待っている人に知らせた"),
}


@dataclass(frozen=True, slots=True)
class SeatNow:
    """A seat of a stage today: who sits in it is asked anew every day."""

    key: int
    seat: Seat
    state: SeatState
    sitting: tuple[MayDecide, ...] = ()


@dataclass(frozen=True, slots=True)
class StageNow:
    """A stage today."""

    key: int
    kind: StageKind
    quorum: int
    state: StageState
    seats: tuple[SeatNow, ...]

    @property
    def is_over(self) -> bool:
        return self.state in (StageState.DONE, StageState.SKIPPED)


@dataclass(frozen=True, slots=True)
class Turn:
    """That somebody may act: in which seat of which stage, in which capacity, and with which acts."""

    stage: StageNow
    seat: SeatNow
    may: MayDecide
    acts: tuple[Act, ...]


def is_answered(stage: StageNow) -> bool:
    """Whether enough seats have answered: the quorum of consents, or everybody when it cannot be reached any more."""
    answers = [one.state for one in stage.seats]
    if all(one is not SeatState.WAITING for one in answers):
        return True
    needed = stage.quorum if stage.quorum != ALL else len(stage.seats)
    return sum(one is SeatState.AGREED for one in answers) >= needed


def has_failed(stages: Sequence[StageNow]) -> bool:
    """合議不調: a consultation of whose seats fewer than needed agreed, although all answered."""
    return any(one.kind is StageKind.CONSULT and one.state is StageState.DONE and _lacks(one) for one in stages)


def _lacks(stage: StageNow) -> bool:
    agreed = sum(one.state in (SeatState.AGREED, SeatState.LIFTED) for one in stage.seats)
    needed = stage.quorum if stage.quorum != ALL else len(stage.seats)
    return agreed < needed


def next_open(stages: Sequence[StageNow], *, is_decided: bool) -> tuple[int, ...]:
    """The keys of the stages whose turn it is. Before the decision one at a time, in order; 供覧 after it all at once."""
    if not is_decided:
        for one in stages:
            if not one.is_over:
                return (one.key,)
            if one.kind is StageKind.DECIDE:
                return ()
        return ()
    after = [one for one in stages if not one.is_over and one.kind is not StageKind.DECIDE]
    shown = [one.key for one in after if one.kind is StageKind.CIRCULATE]
    in_order = [one.key for one in after if one.kind is not StageKind.CIRCULATE][:1]
    return (*in_order, *shown)


def turns_for(staff: int, stages: Sequence[StageNow], *, acted: Collection[int] = ()) -> list[Turn]:
    """What somebody may do now, the open stages first, then what they may lift (引き上げ).

    ``acted`` are people who have acted in a seat of the same open stage: nobody fills two seats of one stage, else one
    person would make a quorum.
    """
    found: list[Turn] = []
    for stage in stages:
        if stage.state is not StageState.OPEN:
            continue
        for seat in stage.seats:
            may = next((one for one in seat.sitting if one.staff == staff), None)
            if may is None or seat.state is not SeatState.WAITING or staff in acted:
                continue
            found.append(Turn(stage, seat, may, acts_at(stage, stages)))
            break
    if not found:
        lift = _lift(staff, stages)
        if lift is not None:
            found.append(lift)
    return found


def acts_at(stage: StageNow, stages: Sequence[StageNow]) -> tuple[Act, ...]:
    """The acts of a seat whose turn it is. What is decided is sent back no more: 審査 holds it up (差止め) instead."""
    is_decided = any(one.kind is StageKind.DECIDE and one.is_over for one in stages)
    left_out = {Act.LIFT}
    left_out |= {Act.RETURN, Act.RETURN_TO} if is_decided else {Act.HOLD}
    if not any(one.state is StageState.DONE and one.kind is not StageKind.DECIDE for one in stages):
        left_out.add(Act.RETURN_TO)
    return tuple(act for act, rule in ACTS.items() if stage.kind in rule.kinds and act not in left_out)


def _lift(staff: int, stages: Sequence[StageNow]) -> Turn | None:
    """A later seat of one's own in person, when only 回議 lies between: 合議 and 審査 are never passed over."""
    is_open = False
    for stage in stages:
        if stage.state is StageState.OPEN:
            is_open = True
            if stage.kind is not StageKind.LINE:
                return None
            continue
        if not is_open or stage.is_over:
            continue
        if stage.kind not in (StageKind.LINE, StageKind.DECIDE):
            return None
        for seat in stage.seats:
            may = next((one for one in seat.sitting if one.staff == staff), None)
            if may is not None and may.capacity is Capacity.OWN and seat.state is SeatState.WAITING:
                return Turn(stage, seat, may, (Act.LIFT,))
    return None


def words_of_act(act: Act, words: str) -> str:
    """The words of an act as they are stored. Raises ``Refusal`` where they are missing or too long."""
    said = words.strip()
    if len(said) > MOST_WORDS:
        raise Refusal(
            f"理由・意見が{len(said):,}文字あります。",
            field="comment",
            hint=f"{MOST_WORDS:,}文字までにしてください。長い資料は添付してください。",
        )
    if act in (Act.RETURN, Act.RETURN_TO) and not said:
        raise Refusal(
            "差し戻す意見が空です。",
            field="comment",
            hint="直せるように、どこをどう直すか（確かめるか）を書いてください。",
        )
    if ACTS[act].needs_words and not said:
        raise Refusal(
            f"{act.label}の理由が空です。", field="comment", hint="相手に分かるように、一文で書いてください。"
        )
    return said


def who_must_be_away(may: MayDecide, seat: SeatNow) -> list[int]:
    """The staff who must be away for somebody to act in this seat: the principal, and the deputies before; nobody for
    the principal.
    """
    if may.capacity is Capacity.OWN:
        return []
    return [may.principal] + [
        one.staff
        for one in seat.sitting
        if one.capacity is Capacity.DEPUTY and one.principal == may.principal and one.order < may.order
    ]


def lawful_deputy(may: MayDecide, seat: SeatNow, *, absent: Collection[int], said_absent: Collection[int]) -> None:
    """Raise ``Refusal`` unless everybody before this deputy is away (代決の順序).

    ``absent`` are those of whom an absence is entered for today; ``said_absent`` those of whom the deputy says it.
    """
    if not all(one in absent or one in said_absent for one in who_must_be_away(may, seat)):
        raise Refusal(
            "代決できるのは、本人と、先の順位の代決者が不在のときだけです。",
            field="said_absent",
            hint="不在を確かめて、「不在です」に印を付けてください。",
        )
