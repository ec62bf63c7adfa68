"""What a resident may do with a case now."""

from __future__ import annotations

from enum import StrEnum

from yakuba.kernel.cases.rules.states import Mover, Phase, table_of
from yakuba.kernel.values.api import Text


class Action(StrEnum):
    """Something a resident may do with their case."""

    ANSWER_CORRECTION = "answer_correction"
    WITHDRAW = "withdraw"
    DECLINE = "decline"
    OPEN_NOTICE = "open_notice"
    INVITE_COSIGNER = "invite_cosigner"
    NEXT_STAGE = "next_stage"

    @property
    def text(self) -> Text:
        return _TEXTS[self]


_TEXTS = {
    Action.ANSWER_CORRECTION: Text("直して送る", easy="直して 送る", en="Correct and send"),
    Action.WITHDRAW: Text("取り下げる", easy="やめる（取り下げる）", en="Withdraw"),
    Action.DECLINE: Text("辞退する", easy="やめる（辞退する）", en="Decline"),
    Action.OPEN_NOTICE: Text("通知書を開く", easy="通知書を 開く", en="Open the notice"),
    Action.INVITE_COSIGNER: Text(
        "同意の依頼を送り直す", easy="いっしょに 出す 人に もう一度 たのむ", en="Ask for consent again"
    ),
    Action.NEXT_STAGE: Text("次の手続きに進む", easy="次の 手続きを する", en="Go on to the next step"),
}

_LEAVING = {"withdrawn": Action.WITHDRAW, "declined": Action.DECLINE}


def way_out(kind: str, state: str, stage: str = "") -> str:
    """The state a resident's own withdrawal leads to from here; empty when it is too late."""
    ways = table_of(kind, stage).ways(state, Mover.RESIDENT)
    return next((to for to in _LEAVING if to in ways), "")


def possible_actions(
    *,
    kind: str,
    state: str,
    stage: str,
    asks_correction: bool,
    has_notice: bool,
    has_next_stage: bool,
) -> tuple[Action, ...]:
    """What the applicant or an agent may do, in the order of the page."""
    phase = table_of(kind, stage).phase(state)
    found: list[Action] = []
    if asks_correction and phase in (Phase.APPLICANT, Phase.OVERDUE):
        found.append(Action.ANSWER_CORRECTION)
    if phase is Phase.CONSENT:
        found.append(Action.INVITE_COSIGNER)
    if has_notice:
        found.append(Action.OPEN_NOTICE)
    if has_next_stage:
        found.append(Action.NEXT_STAGE)
    leaving = way_out(kind, state, stage)
    if leaving:
        found.append(_LEAVING[leaving])
    return tuple(found)
