"""The states of a request for a decision (決裁の状態), and what a decision may say."""

from __future__ import annotations

from enum import StrEnum

from yakuba.kernel.values.api import Refusal, TransitionTable


class RequestState(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]


_STATE_LABELS = {
    RequestState.WAITING: "決裁待ち",
    RequestState.APPROVED: "承認",
    RequestState.REFUSED: "否決",
    RequestState.RETURNED: "差戻し",
    RequestState.WITHDRAWN: "取下げ",
}


class Outcome(StrEnum):
    """What was decided (決裁の結果): the draft holds (承認), does not hold (否決), or is to be done anew (差戻し)."""

    APPROVED = "approved"
    REFUSED = "refused"
    RETURNED = "returned"

    @property
    def label(self) -> str:
        return self.state.label

    @property
    def state(self) -> RequestState:
        """The state the request is in after this outcome."""
        return RequestState(self.value)


class Decider(StrEnum):
    """Who decides a request (決裁者)."""

    SECTION_HEAD = "section_head"  # 専決: the head of the responsible section
    AUTHORITY_HEAD = "authority_head"  # the head of the deciding authority: 町長, 教育長 …

    @property
    def label(self) -> str:
        return {"section_head": "所属長の専決", "authority_head": "執行機関の長の決裁"}[self.value]


class Capacity(StrEnum):
    """In which capacity somebody acted: in person, as deputy in office (代理), or in place of who is away (代決)."""

    OWN = "own"
    DEPUTY = "deputy"
    ACTING = "acting"

    @property
    def label(self) -> str:
        return {"own": "本人", "deputy": "代理", "acting": "代決"}[self.value]


#: A request is decided once. What was sent back comes again as a new request that follows the old one, so that every
#: decision stays with exactly what was decided.
TRANSITIONS = TransitionTable(
    {
        RequestState.WAITING: {
            RequestState.APPROVED: "決裁者が承認した",
            RequestState.REFUSED: "決裁者が理由を付けて否決した",
            RequestState.RETURNED: "決裁者が意見を付けて起案者に戻した",
            RequestState.WITHDRAWN: "起案者が決裁の前に取り下げた",
        }
    },
    start=RequestState.WAITING,
)

MOST_WORDS = 2000
"""Letters of a reason or an opinion."""


def words_of_decision(outcome: Outcome, comment: str) -> str:
    """The comment as it is stored. Raises ``Refusal`` where one is missing or too long.

    A refusal needs its reason (行政手続法第8条 for applications), a return must say what to mend; an approval may
    stand alone.
    """
    words = comment.strip()
    if len(words) > MOST_WORDS:
        raise Refusal(
            f"理由・意見が{len(words):,}文字あります。",
            field="comment",
            hint=f"{MOST_WORDS:,}文字までにしてください。長い資料は対象に添えてください。",
        )
    if outcome is Outcome.REFUSED and not words:
        raise Refusal("否決の理由が空です。", field="comment", hint="なぜ認めないのかを書いてください。")
    if outcome is Outcome.RETURNED and not words:
        raise Refusal(
            "差し戻す意見が空です。", field="comment", hint="起案者が直せるように、どこをどう直すかを書いてください。"
        )
    return words
