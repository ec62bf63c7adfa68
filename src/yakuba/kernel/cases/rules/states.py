"""The states of a case (案件の状態): a table of its own for each kind, with the reason and who may move beside each edge.

申請 is examined and decided; 届出 is complete on arrival once its form is right (行政手続法第37条), so it knows no
審査 and no 却下; 申込 is confirmed, waits or is drawn by lot; 相談 is talked over; a 補助金 runs through linked cases,
of which all but the claim are decided like 申請.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum, StrEnum
from typing import Any

from yakuba.kernel.values.api import Refusal, Text, TransitionTable


class CaseKind(StrEnum):
    """What a case is in law; the same keys as the kinds of procedures in the catalogue."""

    APPLICATION = "application"
    NOTIFICATION = "notification"
    SIGN_UP = "sign_up"
    CONSULTATION = "consultation"
    SUBSIDY = "subsidy"


class GrantStage(StrEnum):
    """The stages of a 補助金, each a case of its own."""

    APPLY = "apply"
    CHANGE = "change"
    REPORT = "report"
    CLAIM = "claim"

    @property
    def label(self) -> str:
        return {"apply": "交付申請", "change": "変更承認申請", "report": "実績報告", "claim": "請求"}[self.value]

    @property
    def words(self) -> Text:
        """The label for residents, in their language."""
        return {
            "apply": Text(self.label, easy="はじめの 申請", en="application"),
            "change": Text(self.label, easy="中身を かえる 申請", en="change"),
            "report": Text(self.label, easy="おわった ことの 報告", en="report"),
            "claim": Text(self.label, easy="お金を もらう 手続き", en="claim"),
        }[self.value]

    @property
    def decision(self) -> str:
        """What the town decides on it; nothing is decided on a claim."""
        return {"apply": "交付決定", "change": "変更承認", "report": "額の確定", "claim": ""}[self.value]


class Mover(StrEnum):
    """Who makes a step."""

    RESIDENT = "resident"
    CLERK = "clerk"
    DECIDER = "decider"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        return {
            "resident": "申請した人",
            "clerk": "担当の職員",
            "decider": "決裁者",
            "system": "システム",
        }[self.value]


class Phase(StrEnum):
    """Where a case stands for the worklist, whatever its kind."""

    CONSENT = "consent"
    NEW = "new"
    WORKING = "working"
    APPLICANT = "applicant"
    OVERDUE = "overdue"
    DECIDING = "deciding"
    DECIDED = "decided"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return _PHASE_LABELS[self]

    @property
    def is_open(self) -> bool:
        return self is not Phase.CLOSED

    @property
    def waits_for_applicant(self) -> bool:
        """Whether the town waits: the standard period (標準処理期間) stands still."""
        return self in (Phase.CONSENT, Phase.APPLICANT)


_PHASE_LABELS = {
    Phase.CONSENT: "同意待ち",
    Phase.NEW: "未着手",
    Phase.WORKING: "対応中",
    Phase.APPLICANT: "補正待ち",
    Phase.OVERDUE: "期限経過・要判断",
    Phase.DECIDING: "決裁中",
    Phase.DECIDED: "通知待ち",
    Phase.CLOSED: "終了",
}


class ApplicationState(StrEnum):
    """States of a 申請, and of every decided stage of a 補助金."""

    AWAITING_CONSENT = "awaiting_consent"
    RECEIVED = "received"
    EXAMINING = "examining"
    CORRECTING = "correcting"
    OVERDUE = "overdue"
    DECIDING = "deciding"
    APPROVED = "approved"
    REFUSED = "refused"
    NOTIFIED = "notified"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class NotificationState(StrEnum):
    """States of a 届出: nothing is examined, nothing refused."""

    ARRIVED = "arrived"
    CHECKING = "checking"
    CORRECTING = "correcting"
    OVERDUE = "overdue"
    COMPLETED = "completed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class SignUpState(StrEnum):
    """States of a 申込."""

    AWAITING_CONSENT = "awaiting_consent"
    RECEIVED = "received"
    CORRECTING = "correcting"
    OVERDUE = "overdue"
    DRAWING = "drawing"
    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    LOST = "lost"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


class ConsultationState(StrEnum):
    """States of a 相談."""

    RECEIVED = "received"
    WORKING = "working"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class ClaimState(StrEnum):
    """States of the claim (請求) of a 補助金."""

    RECEIVED = "received"
    CHECKING = "checking"
    CORRECTING = "correcting"
    OVERDUE = "overdue"
    PAYING = "paying"
    PAID = "paid"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


_R, _C, _D, _S = Mover.RESIDENT, Mover.CLERK, Mover.DECIDER, Mover.SYSTEM
_Ways = Mapping[Any, Mapping[Any, tuple[str, tuple[Mover, ...]]]]


class CaseTable:
    """A transition table that also says who makes each step, and in which phase each state is.

    `phases` names every state; a state that nothing leads out of is closed.
    """

    def __init__(
        self,
        ways: _Ways,
        *,
        start: Collection[Any],
        labels: Mapping[Any, str],
        phases: Mapping[Any, Phase],
    ) -> None:
        edges = {state: {to: why for to, (why, _) in there.items()} for state, there in ways.items()}
        self.table: TransitionTable[Any] = TransitionTable(edges, start=tuple(start), labels=labels)
        self.states: type[Enum] = type(self.table.start[0])
        self._movers = {(state, to): frozenset(who) for state, there in ways.items() for to, (_, who) in there.items()}
        self._phases = dict(phases)
        for state in self.table.states:
            if state not in labels or state not in phases:
                raise ValueError(f"{state!r} has no label or no phase")
            if self.table.is_final(state) != (phases[state] is Phase.CLOSED):
                raise ValueError(f"{state!r}: what is closed leads nowhere, and what leads nowhere is closed")

    def read(self, value: str) -> Any:
        """The state of a stored value. Raises `ValueError` for a state of another kind."""
        return self.states(value)

    def knows(self, value: str) -> bool:
        """Whether the table has such a state."""
        return any(state.value == value for state in self.table.states)

    def phase(self, value: str) -> Phase:
        """The phase of a stored state."""
        found: Phase = self._phases[self.read(value)]
        return found

    def label(self, value: str) -> str:
        """What clerks read for a stored state."""
        return self.table.label(self.read(value))

    def check(self, current: str, wanted: str, mover: Mover) -> None:
        """Raise `TransitionRefused` unless the table knows this step, `NotTheirStep` unless `mover` makes it."""
        if not self.knows(wanted):
            raise Refusal(
                "この種類の案件は、その状態にはなりません。",
                hint="案件の画面を開き直し、そこにある操作を選んでください。",
            )
        before, after = self.read(current), self.read(wanted)
        if mover not in self._movers.get((before, after), ()):
            self.table.check(before, after)
            raise NotTheirStep(self.table.label(before), self.table.label(after), self.movers(current, wanted))

    def allows(self, current: str, wanted: str, mover: Mover) -> bool:
        """Whether `mover` may make this step."""
        return mover in self._movers.get((self.read(current), self.read(wanted)), ())

    def movers(self, current: str, wanted: str) -> frozenset[Mover]:
        """Who may make this step; nobody when there is none."""
        return self._movers.get((self.read(current), self.read(wanted)), frozenset())

    def ways(self, current: str, mover: Mover) -> dict[str, str]:
        """The states `mover` may move to from a stored state, each with its reason."""
        return {
            to.value: why
            for to, why in self.table.allowed(self.read(current)).items()
            if mover in self._movers[(self.read(current), to)]
        }

    @property
    def is_examined(self) -> bool:
        """Whether something is decided in this table."""
        return any(phase is Phase.DECIDING for phase in self._phases.values())


class NotTheirStep(Refusal):
    """The step exists, but somebody else makes it."""

    def __init__(self, before: str, after: str, movers: frozenset[Mover]) -> None:
        who = "・".join(one.label for one in Mover if one in movers)
        super().__init__(
            f"「{before}」から「{after}」へ進めるのは、{who}です。",
            hint="画面を開き直して、今の状態を確かめてください。",
        )


_Edges = Mapping[Any, tuple[str, tuple[Mover, ...]]]


def _correcting(states: Any, back: Any, *, also: _Edges, judged: _Edges | None = None) -> dict[Any, Any]:
    """The ways around a correction (補正), the same for every kind that knows one; ``judged`` are further ways once the
    deadline has passed."""
    return {
        states.CORRECTING: {
            back: ("補正の答えが届いた、または担当が補正の求めを取り消した", (_R, _C)),
            states.OVERDUE: ("補正の期限を過ぎた。却下にはせず、担当の判断を待つ（行政手続法第7条）", (_S,)),
            **also,
        },
        states.OVERDUE: {
            states.CORRECTING: ("担当が期限を改めて、もう一度求めた", (_C,)),
            back: ("期限の後に答えが届いた、または担当が今ある内容で進めると決めた", (_R, _C)),
            **also,
            **(judged or {}),
        },
    }


_A, _N, _U, _T, _P = ApplicationState, NotificationState, SignUpState, ConsultationState, ClaimState

_WITHDRAWN = {_A.WITHDRAWN: ("申請した人が取り下げた（決定の前まで）", (_R, _C))}

APPLICATION = CaseTable(
    {
        _A.AWAITING_CONSENT: {
            _A.RECEIVED: ("一緒に申請する人がみな同意した、または担当が書面で同意を確かめた", (_R, _C, _S)),
            **_WITHDRAWN,
        },
        _A.RECEIVED: {
            _A.EXAMINING: ("担当が審査を始めた", (_C,)),
            _A.CORRECTING: ("足りないところを直してもらうことにした（行政手続法第7条）", (_C,)),
            **_WITHDRAWN,
        },
        _A.EXAMINING: {
            _A.CORRECTING: ("足りないところを直してもらうことにした（行政手続法第7条）", (_C,)),
            _A.DECIDING: ("担当が案を作り、決裁を求めた", (_C,)),
            **_WITHDRAWN,
        },
        **_correcting(
            _A,
            _A.EXAMINING,
            also=_WITHDRAWN,
            judged={_A.DECIDING: ("答えのないまま、担当が案を作り決裁を求めた", (_C,))},
        ),
        _A.DECIDING: {
            _A.APPROVED: ("認める案が決裁された", (_D,)),
            _A.REFUSED: ("認めない案が、理由を付けて決裁された（行政手続法第8条）", (_D,)),
            _A.EXAMINING: ("案が差し戻された・否決された・引き戻された、または申請の内容が変わった", (_D, _C, _S)),
            **_WITHDRAWN,
        },
        _A.APPROVED: {_A.NOTIFIED: ("決定を通知した", (_C, _R, _S))},
        _A.REFUSED: {_A.NOTIFIED: ("決定を、理由と教示を付けて通知した", (_C, _R, _S))},
        _A.NOTIFIED: {_A.COMPLETED: ("通知が届き、残った事務もない", (_C, _S))},
    },
    start=(_A.RECEIVED, _A.AWAITING_CONSENT),
    labels={
        _A.AWAITING_CONSENT: "同意待ち",
        _A.RECEIVED: "受付",
        _A.EXAMINING: "審査中",
        _A.CORRECTING: "補正依頼中",
        _A.OVERDUE: "期限経過・要判断",
        _A.DECIDING: "決裁中",
        _A.APPROVED: "承認",
        _A.REFUSED: "却下",
        _A.NOTIFIED: "通知済み",
        _A.COMPLETED: "完了",
        _A.WITHDRAWN: "取下げ",
    },
    phases={
        _A.AWAITING_CONSENT: Phase.CONSENT,
        _A.RECEIVED: Phase.NEW,
        _A.EXAMINING: Phase.WORKING,
        _A.CORRECTING: Phase.APPLICANT,
        _A.OVERDUE: Phase.OVERDUE,
        _A.DECIDING: Phase.DECIDING,
        _A.APPROVED: Phase.DECIDED,
        _A.REFUSED: Phase.DECIDED,
        _A.NOTIFIED: Phase.DECIDED,
        _A.COMPLETED: Phase.CLOSED,
        _A.WITHDRAWN: Phase.CLOSED,
    },
)

_TAKEN_BACK = {_N.WITHDRAWN: ("届け出た人が、完了の前に取りやめた", (_R, _C))}
_SENT_BACK = {_N.RETURNED: ("形式が整わないため、理由を付けて返した", (_C,))}

NOTIFICATION = CaseTable(
    {
        _N.ARRIVED: {
            _N.CHECKING: ("担当が形式を確かめ始めた", (_C,)),
            _N.COMPLETED: ("形式が整っていた（行政手続法第37条）", (_C,)),
            _N.CORRECTING: ("形式の足りないところを直してもらうことにした", (_C,)),
            **_SENT_BACK,
            **_TAKEN_BACK,
        },
        _N.CHECKING: {
            _N.COMPLETED: ("形式が整っていた（行政手続法第37条）", (_C,)),
            _N.CORRECTING: ("形式の足りないところを直してもらうことにした", (_C,)),
            **_SENT_BACK,
            **_TAKEN_BACK,
        },
        **_correcting(
            _N,
            _N.CHECKING,
            also={**_SENT_BACK, **_TAKEN_BACK},
        ),
    },
    start=(_N.ARRIVED,),
    labels={
        _N.ARRIVED: "到達",
        _N.CHECKING: "形式確認中",
        _N.CORRECTING: "補正依頼中",
        _N.OVERDUE: "期限経過・要判断",
        _N.COMPLETED: "完了",
        _N.RETURNED: "返戻",
        _N.WITHDRAWN: "取りやめ",
    },
    phases={
        _N.ARRIVED: Phase.NEW,
        _N.CHECKING: Phase.WORKING,
        _N.CORRECTING: Phase.APPLICANT,
        _N.OVERDUE: Phase.OVERDUE,
        _N.COMPLETED: Phase.CLOSED,
        _N.RETURNED: Phase.CLOSED,
        _N.WITHDRAWN: Phase.CLOSED,
    },
)

_OFF = {
    _U.DECLINED: ("申し込んだ人が辞退した", (_R, _C)),
    _U.CANCELLED: ("町が理由を付けて取り消した", (_C,)),
}

SIGN_UP = CaseTable(
    {
        _U.AWAITING_CONSENT: {
            _U.RECEIVED: ("一緒に申し込む人がみな同意した、または担当が書面で同意を確かめた", (_R, _C, _S)),
            **_OFF,
        },
        _U.RECEIVED: {
            _U.CONFIRMED: ("定員に空きがあった", (_C, _S)),
            _U.WAITLISTED: ("定員に達していたので、空きを待つ", (_C, _S)),
            _U.DRAWING: ("申込が定員を超えたので、抽選にする", (_C, _S)),
            _U.CORRECTING: ("足りないところを直してもらうことにした", (_C,)),
            **_OFF,
        },
        **_correcting(
            _U,
            _U.RECEIVED,
            also=_OFF,
        ),
        _U.DRAWING: {
            _U.CONFIRMED: ("抽選に当たった", (_C, _S)),
            _U.WAITLISTED: ("抽選で補欠になった", (_C, _S)),
            _U.LOST: ("抽選に外れた", (_C, _S)),
            **_OFF,
        },
        _U.WAITLISTED: {
            _U.CONFIRMED: ("空きができた", (_C, _S)),
            _U.LOST: ("空きのないまま締め切った", (_C, _S)),
            **_OFF,
        },
        _U.CONFIRMED: {
            _U.COMPLETED: ("利用・参加が終わった", (_C, _S)),
            **_OFF,
        },
    },
    start=(_U.RECEIVED, _U.AWAITING_CONSENT),
    labels={
        _U.AWAITING_CONSENT: "同意待ち",
        _U.RECEIVED: "受付",
        _U.CORRECTING: "補正依頼中",
        _U.OVERDUE: "期限経過・要判断",
        _U.DRAWING: "抽選待ち",
        _U.CONFIRMED: "確定",
        _U.WAITLISTED: "定員超過待ち",
        _U.LOST: "落選",
        _U.DECLINED: "辞退",
        _U.CANCELLED: "取消",
        _U.COMPLETED: "完了",
    },
    phases={
        _U.AWAITING_CONSENT: Phase.CONSENT,
        _U.RECEIVED: Phase.NEW,
        _U.CORRECTING: Phase.APPLICANT,
        _U.OVERDUE: Phase.OVERDUE,
        _U.DRAWING: Phase.WORKING,
        _U.CONFIRMED: Phase.DECIDED,
        _U.WAITLISTED: Phase.WORKING,
        _U.LOST: Phase.CLOSED,
        _U.DECLINED: Phase.CLOSED,
        _U.CANCELLED: Phase.CLOSED,
        _U.COMPLETED: Phase.CLOSED,
    },
)

CONSULTATION = CaseTable(
    {
        _T.RECEIVED: {
            _T.WORKING: ("担当が対応を始めた", (_C,)),
            _T.COMPLETED: ("その場で答えて終わった", (_C,)),
            _T.WITHDRAWN: ("相談した人が取りやめた", (_R, _C)),
        },
        _T.WORKING: {
            _T.COMPLETED: ("答えを伝え、終わりにした", (_C,)),
            _T.WITHDRAWN: ("相談した人が取りやめた", (_R, _C)),
        },
    },
    start=(_T.RECEIVED,),
    labels={_T.RECEIVED: "受付", _T.WORKING: "対応中", _T.COMPLETED: "完了", _T.WITHDRAWN: "取りやめ"},
    phases={
        _T.RECEIVED: Phase.NEW,
        _T.WORKING: Phase.WORKING,
        _T.COMPLETED: Phase.CLOSED,
        _T.WITHDRAWN: Phase.CLOSED,
    },
)

_UNCLAIMED = {
    _P.RETURNED: ("請求書の内容が確定した額や口座と合わないため、理由を付けて返した", (_C,)),
    _P.WITHDRAWN: ("請求した人が取り下げた", (_R, _C)),
}

CLAIM = CaseTable(
    {
        _P.RECEIVED: {
            _P.CHECKING: ("担当が請求書と口座を確かめ始めた", (_C,)),
            _P.CORRECTING: ("足りないところを直してもらうことにした", (_C,)),
            **_UNCLAIMED,
        },
        _P.CHECKING: {
            _P.PAYING: ("確定した額と合い、支払の手続に回した", (_C,)),
            _P.CORRECTING: ("足りないところを直してもらうことにした", (_C,)),
            **_UNCLAIMED,
        },
        **_correcting(
            _P,
            _P.CHECKING,
            also=_UNCLAIMED,
        ),
        _P.PAYING: {
            _P.PAID: ("会計管理者が支払った", (_C, _S)),
            _P.CHECKING: ("口座の誤りなどで支払えず、会計から戻った", (_C,)),
        },
    },
    start=(_P.RECEIVED,),
    labels={
        _P.RECEIVED: "受付",
        _P.CHECKING: "確認中",
        _P.CORRECTING: "補正依頼中",
        _P.OVERDUE: "期限経過・要判断",
        _P.PAYING: "支払手続中",
        _P.PAID: "支払済み",
        _P.RETURNED: "返戻",
        _P.WITHDRAWN: "取下げ",
    },
    phases={
        _P.RECEIVED: Phase.NEW,
        _P.CHECKING: Phase.WORKING,
        _P.CORRECTING: Phase.APPLICANT,
        _P.OVERDUE: Phase.OVERDUE,
        _P.PAYING: Phase.DECIDED,
        _P.PAID: Phase.CLOSED,
        _P.RETURNED: Phase.CLOSED,
        _P.WITHDRAWN: Phase.CLOSED,
    },
)

_TABLES = {
    CaseKind.APPLICATION: APPLICATION,
    CaseKind.NOTIFICATION: NOTIFICATION,
    CaseKind.SIGN_UP: SIGN_UP,
    CaseKind.CONSULTATION: CONSULTATION,
    CaseKind.SUBSIDY: APPLICATION,
}


def table_of(kind: str, stage: str = "") -> CaseTable:
    """The table a case moves in: by its kind, the claim of a 補助金 in one of its own."""
    return CLAIM if stage == GrantStage.CLAIM else _TABLES[CaseKind(kind)]


def first_state(kind: str, stage: str = "", *, needs_consent: bool = False) -> str:
    """The state a case begins in. Raises `ValueError` for consent in a kind that knows none."""
    table = table_of(kind, stage)
    if needs_consent:
        return str(table.read("awaiting_consent").value)
    return str(table.table.start[0].value)


def every_state() -> tuple[tuple[str, str], ...]:
    """All stored values with one label each, for the choices of a column."""
    found: dict[str, str] = {}
    for table in (APPLICATION, NOTIFICATION, SIGN_UP, CONSULTATION, CLAIM):
        for state in table.table.states:
            found.setdefault(str(state.value), table.table.label(state))
    return tuple(found.items())
