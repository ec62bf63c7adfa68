"""The states of an appointment and of a support visit, each with the reason beside the edge."""

from __future__ import annotations

from enum import StrEnum

from yakuba.kernel.values.api import Text, TransitionTable


class AppointmentState(StrEnum):
    """Where an appointment (予約) stands."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    DONE = "done"
    ABSENT = "absent"
    MUST_MOVE = "must_move"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return APPOINTMENT_WORDS[self].ja

    @property
    def text(self) -> Text:
        return APPOINTMENT_WORDS[self]


APPOINTMENT_WORDS = {
    AppointmentState.BOOKED: Text("予約済み", easy="予約（よやく）して います", en="Booked"),
    AppointmentState.ARRIVED: Text("来庁", easy="役場（やくば）に 来（き）ました", en="Arrived"),
    AppointmentState.DONE: Text("完了", easy="おわりました", en="Done"),
    AppointmentState.ABSENT: Text("不在", easy="来（き）ませんでした", en="Did not come"),
    AppointmentState.MUST_MOVE: Text(
        "日時の選び直しが必要", easy="時間（じかん）を えらびなおして ください", en="Please choose another time"
    ),
    AppointmentState.CANCELLED: Text("取消", easy="とりけしました", en="Cancelled"),
}

_A = AppointmentState
APPOINTMENTS = TransitionTable[AppointmentState](
    {
        _A.BOOKED: {
            _A.ARRIVED: "窓口に来た",
            _A.DONE: "用件が済んだ",
            _A.ABSENT: "時間になっても来なかった",
            _A.MUST_MOVE: "町の都合でその時間を閉じた",
            _A.CANCELLED: "本人か職員が取り消した",
        },
        _A.ARRIVED: {_A.DONE: "用件が済んだ", _A.BOOKED: "押し間違いを直した"},
        _A.DONE: {_A.ARRIVED: "押し間違いを直した"},
        _A.ABSENT: {_A.ARRIVED: "遅れて来た", _A.BOOKED: "押し間違いを直した"},
        _A.MUST_MOVE: {_A.BOOKED: "別の時間を選んだ", _A.CANCELLED: "本人か職員が取り消した"},
    },
    start=_A.BOOKED,
)

HOLDING = frozenset({_A.BOOKED, _A.ARRIVED, _A.DONE, _A.ABSENT})
"""The states that hold places of the slot. What was cancelled or must move gave its places back."""


class VisitState(StrEnum):
    """Where the request for a support visit (訪問・出張の申込) stands."""

    RECEIVED = "received"
    SCHEDULED = "scheduled"
    DECLINED = "declined"
    DONE = "done"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return VISIT_WORDS[self].ja

    @property
    def text(self) -> Text:
        return VISIT_WORDS[self]


VISIT_WORDS = {
    VisitState.RECEIVED: Text(
        "日程の調整中", easy="行（い）く 日（ひ）を 考（かんが）えて います", en="Being arranged"
    ),
    VisitState.SCHEDULED: Text("日程が決まりました", easy="行（い）く 日（ひ）が きまりました", en="Date fixed"),
    VisitState.DECLINED: Text("うかがえません", easy="行（い）く ことが できません", en="We cannot come"),
    VisitState.DONE: Text("完了", easy="おわりました", en="Done"),
    VisitState.WITHDRAWN: Text("取りやめ", easy="やめました", en="Withdrawn"),
}

_V = VisitState
VISITS = TransitionTable[VisitState](
    {
        _V.RECEIVED: {
            _V.SCHEDULED: "日と担当を決めた",
            _V.DECLINED: "うかがえない理由を伝えた",
            _V.WITHDRAWN: "申し込んだ人か職員が取りやめた",
        },
        _V.SCHEDULED: {
            _V.SCHEDULED: "日か担当を変えた",
            _V.DONE: "うかがって、結果を記録した",
            _V.DECLINED: "うかがえなくなった理由を伝えた",
            _V.WITHDRAWN: "申し込んだ人か職員が取りやめた",
        },
        _V.DECLINED: {_V.SCHEDULED: "うかがえることになった"},
    },
    start=_V.RECEIVED,
)
OPEN_VISITS = frozenset({_V.RECEIVED, _V.SCHEDULED})
