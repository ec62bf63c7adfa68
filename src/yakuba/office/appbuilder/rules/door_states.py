"""Where something that came in through a door stands, and the life of the door itself."""

from __future__ import annotations

from enum import StrEnum

from yakuba.kernel.values.api import Text, TransitionTable


class EntranceState(StrEnum):
    """The life of a door: nobody comes in before somebody else than its maker has decided so."""

    DRAFT = "draft"
    CHECKING = "checking"
    OPEN = "open"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return {"draft": "下書き", "checking": "確認中", "open": "公開中", "closed": "終了"}[self.value]


_E = EntranceState
ENTRANCES = TransitionTable[EntranceState](
    {
        _E.DRAFT: {_E.CHECKING: "公開の決裁を求めた"},
        _E.CHECKING: {_E.OPEN: "決裁された", _E.DRAFT: "差し戻された、否決された、取り下げた"},
        _E.OPEN: {_E.CLOSED: "職員が受付を終えた"},
        _E.CLOSED: {_E.OPEN: "同じ内容で再開した、または変えた内容が決裁された"},
    },
    start=_E.DRAFT,
)


class ArrivalState(StrEnum):
    """Where one sign-up stands; what came through another door is simply there."""

    THERE = "there"
    BOOKED = "booked"
    WAITING = "waiting"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"

    @property
    def label(self) -> str:
        return self.text.ja

    @property
    def text(self) -> Text:
        return _ARRIVALS[self]


_ARRIVALS = {
    ArrivalState.THERE: Text("受付済み", easy="うけました", en="Received"),
    ArrivalState.BOOKED: Text("確定", easy="参加（さんか） できます", en="Confirmed"),
    ArrivalState.WAITING: Text("空き待ち", easy="空（あ）くのを まって います", en="On the waiting list"),
    ArrivalState.OFFERED: Text(
        "返事待ち（空きました）",
        easy="空（あ）きました。返事（へんじ）を して ください",
        en="A place is free: please answer",
    ),
    ArrivalState.CANCELLED: Text("取消", easy="とりけしました", en="Cancelled"),
    ArrivalState.LAPSED: Text("期限切れ", easy="返事（へんじ）が なかったので 終（お）わりました", en="Lapsed"),
}

_A = ArrivalState
ARRIVALS = TransitionTable[ArrivalState](
    {
        _A.BOOKED: {_A.CANCELLED: "本人か職員が取り消した"},
        _A.WAITING: {
            _A.BOOKED: "空きができた",
            _A.OFFERED: "空きができ、返事を求めた",
            _A.CANCELLED: "本人か職員が取り消した",
        },
        _A.OFFERED: {
            _A.BOOKED: "本人が参加すると返事した",
            _A.LAPSED: "期限までに返事がなかった",
            _A.CANCELLED: "本人か職員が取り消した",
        },
    },
    start=(_A.THERE, _A.BOOKED, _A.WAITING),
)
HOLDING = frozenset({_A.BOOKED, _A.OFFERED})
"""The states that hold places. An offer keeps its place until it is answered or lapses."""
STANDING = frozenset({_A.BOOKED, _A.OFFERED, _A.WAITING})

#: What a field that mirrors the state must offer, by the label of the choice.
MIRRORED = {
    _A.BOOKED: "確定",
    _A.WAITING: "空き待ち",
    _A.OFFERED: "空き待ち",
    _A.CANCELLED: "取消",
    _A.LAPSED: "取消",
}
