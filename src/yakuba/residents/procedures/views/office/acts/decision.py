"""Around the decision: take the proposal back, letters, fees, payment, suspect files, holds."""

from __future__ import annotations

from yakuba.kernel.cases import services
from yakuba.kernel.cases.models import (
    Case,
    FileCheck,
    FileFinding,
    LegalHold,
    Notice,
    NoticeKind,
    NoticeState,
    NoticeWay,
    OrderRequest,
    OrderState,
    ProposalState,
)
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.files.api import Kind, Limits, receive_file
from yakuba.kernel.things.api import ref_of
from yakuba.residents.procedures.forms import act as plain
from yakuba.residents.procedures.forms import decision as forms
from yakuba.residents.procedures.forms import work
from yakuba.residents.procedures.views.office.acts.act import Act, Doing, form_of, leads_to

_PDF = Limits(allow=frozenset({Kind.PDF}))
_MADE = (NoticeState.PREPARING.value, NoticeState.READY.value)
_ASKED_BY_PAPER = ("applicant", "overdue")


def _waits_for_decision(case: Case) -> bool:
    return case.phase == Phase.DECIDING.value and any(
        one.state == ProposalState.WAITING for one in case.proposals.all()
    )


def _lacks_letter(case: Case) -> bool:
    """Decided, and no letter of that decision is on its way."""
    decided = {one.pk for one in case.proposals.all() if one.state == ProposalState.DECIDED}
    told = {one.proposal_id for one in case.notices.all() if one.state != NoticeState.REPLACED}
    return case.state in ("approved", "refused") and bool(decided - told)


def _letters(case: Case, kind: NoticeKind | None, *states: str) -> list[Notice]:
    """The letters of a case in some states. The page has fetched them all; nothing is asked again."""
    return [one for one in case.notices.all() if one.state in states and kind in (None, one.kind)]


def _to_send(case: Case) -> list[Notice]:
    return _letters(case, None, NoticeState.READY, NoticeState.SENT_BACK)


def _being_made(case: Case) -> list[Notice]:
    return _letters(case, None, *_MADE)


def _to_replace(case: Case) -> list[Notice]:
    return [one for one in _being_made(case) if one.to_paper_on is None]


def _posted(case: Case) -> list[Notice]:
    return [one for one in _letters(case, None, NoticeState.SENT) if one.way == NoticeWay.POST]


def _asks_by_letter(case: Case) -> bool:
    return case.phase in _ASKED_BY_PAPER and not _letters(case, NoticeKind.CORRECTION, *_MADE)


def _returns_by_letter(case: Case) -> bool:
    sent = (*_MADE, NoticeState.SENT, NoticeState.ARRIVED, NoticeState.SENT_BACK)
    return case.state == "returned" and not _letters(case, NoticeKind.RETURN, *sent)


def _unpaid(case: Case) -> list[OrderRequest]:
    return [one for one in case.orders.all() if one.state == OrderState.UNPAID]


def _suspect(case: Case) -> list[FileCheck]:
    return [one for one in case.file_checks.all() if one.finding == FileFinding.SUSPECT]


def _held(case: Case) -> list[LegalHold]:
    return [one for one in case.holds.all() if one.ended_at is None]


def _take_back(doing: Doing) -> None:
    services.take_back_proposal(by=doing.by, case=doing.case, reason=doing.said["reason"], clock=doing.clock)


def _make(doing: Doing) -> None:
    services.make_notice(by=doing.by, case=doing.case, on_paper=doing.said["on_paper"], clock=doing.clock)


def _make_correction(doing: Doing) -> None:
    services.make_notice(by=doing.by, case=doing.case, kind=NoticeKind.CORRECTION, clock=doing.clock)


def _make_return(doing: Doing) -> None:
    services.make_notice(by=doing.by, case=doing.case, kind=NoticeKind.RETURN, clock=doing.clock)


def _send(doing: Doing) -> str:
    notice = services.send_notice(by=doing.by, notice=doing.thing, clock=doing.clock)
    if notice.way == NoticeWay.ELECTRONIC:
        return "電子で送りました。本人が初めて開いた時に、届いたことになります。"
    return "郵便に回しました。印刷と発送は「郵便（発送簿）」の画面で行います。"


def _hand(doing: Doing) -> str:
    services.hand_notice(by=doing.by, notice=doing.thing, to_whom=doing.said["to_whom"], clock=doing.clock)
    return f"{doing.said['to_whom']}さんに渡したことを記録しました。"


def _came_back(doing: Doing) -> None:
    services.notice_came_back(by=doing.by, notice=doing.thing, reason=doing.said["reason"], clock=doing.clock)


def _replace(doing: Doing) -> None:
    services.replace_notice(by=doing.by, notice=doing.thing, reason=doing.said["reason"], clock=doing.clock)


def _own_letter(doing: Doing) -> None:
    file = receive_file(
        by=doing.by,
        stream=doing.said["file"],
        filename=doing.said["file"].name or "通知書.pdf",
        clock=doing.clock,
        owner=ref_of(doing.thing),
        limits=_PDF,
    )
    services.use_own_letter(by=doing.by, notice=doing.thing, file=file, clock=doing.clock)


def _ask_fee(doing: Doing) -> None:
    item = {"name": doing.said["name"], "yen": doing.said["yen"], "count": doing.said["count"]}
    services.ask_fee(by=doing.by, case=doing.case, items=[item], clock=doing.clock)


def _paid(doing: Doing) -> str:
    order = services.mark_paid(
        by=doing.by, order=doing.thing, where=doing.said["where"], slip=doing.said["slip"], clock=doing.clock
    )
    return f"{order.amount:,}円が納められたことを記録しました。"


def _drop(doing: Doing) -> None:
    services.drop_fee(
        by=doing.by,
        order=doing.thing,
        waives=doing.said["way"] == "waive",
        reason=doing.said["reason"],
        clock=doing.clock,
    )


def _to_payment(doing: Doing) -> None:
    services.send_to_payment(by=doing.by, case=doing.case, clock=doing.clock)


def _record_payment(doing: Doing) -> None:
    services.record_payment(by=doing.by, case=doing.case, paid_on=doing.said["paid_on"], clock=doing.clock)


def _payment_back(doing: Doing) -> None:
    services.payment_came_back(by=doing.by, case=doing.case, reason=doing.said["reason"], clock=doing.clock)


def _judge(doing: Doing) -> str:
    if doing.said["verdict"] == "none":
        services.release_file(by=doing.by, check=doing.thing, why=doing.said["why"], clock=doing.clock)
        return "個人番号ではないと記録しました。書類を開けるようになりました。"
    services.remove_file(by=doing.by, check=doing.thing, why=doing.said["why"], clock=doing.clock)
    return "書類を廃棄しました。必要なときは、補正で出し直してもらってください。"


def _hold(doing: Doing) -> None:
    services.set_hold(by=doing.by, case=doing.case, reason=doing.said["reason"], clock=doing.clock)


def _end_hold(doing: Doing) -> None:
    services.end_hold(by=doing.by, hold_on=doing.thing, clock=doing.clock)


ACTS = (
    Act(
        "take-back-proposal",
        "案を引き戻す",
        _take_back,
        "案を引き戻しました。",
        form_of(work.ReasonForm, told="決裁の記録に残ります。"),
        fits=_waits_for_decision,
    ),
    Act("make-notice", "通知書を作る", _make, "通知書を作っています。少し待って画面を開き直すと、内容を見て送れます。", form_of(forms.MakeNoticeForm), fits=_lacks_letter, kind="primary"),
    Act(
        "correction-letter",
        "補正の依頼を手紙にする",
        _make_correction,
        "補正をお願いする手紙を作っています。",
        form_of(plain.PlainForm),
        fits=_asks_by_letter,
    ),
    Act(
        "return-letter",
        "返戻の理由を手紙にする",
        _make_return,
        "返戻の手紙を作っています。",
        form_of(plain.PlainForm),
        fits=_returns_by_letter,
    ),
    Act("send", "送る", _send, "送りました。", form_of(plain.PlainTargetForm), about=_to_send, kind="primary"),
    Act("hand", "渡したことを記録する", _hand, "記録しました。", form_of(forms.HandForm), about=_to_send),
    Act("came-back", "返ってきたことを記録する", _came_back, "返戻を記録しました。", form_of(forms.CameBackForm), about=_posted),
    Act("own-letter", "このPDFに替える", _own_letter, "町の様式の通知書に替えました。", form_of(forms.OwnLetterForm), about=_being_made, takes_files=True),
    Act("replace", "作り直す", _replace, "この通知書をやめました。もう一度作れます。", form_of(forms.ReplaceForm), about=_to_replace, kind="danger"),
    Act("ask-fee", "納付を依頼する", _ask_fee, "手数料の納付を依頼しました。", form_of(forms.AskFeeForm), fits=lambda case: case.phase != Phase.CLOSED.value),
    Act("paid", "納められたことを記録する", _paid, "記録しました。", form_of(forms.PaidForm), about=_unpaid, kind="primary"),
    Act("drop-fee", "減免・取消しを記録する", _drop, "記録しました。", form_of(forms.DropFeeForm), about=_unpaid),
    Act("to-payment", "支払の手続に回す", _to_payment, "支払の手続に回しました。", form_of(plain.PlainForm), fits=leads_to("paying"), kind="primary"),
    Act("record-payment", "支払ったことを記録する", _record_payment, "支払を記録しました。", form_of(forms.PaymentForm), fits=leads_to("paid"), kind="primary"),
    Act("payment-back", "会計から戻ったことを記録する", _payment_back, "会計から戻ったことを記録しました。", form_of(work.ReasonForm, told="例：口座番号の誤りで振り込めなかった"), fits=lambda case: case.state == "paying"),
    Act("judge-file", "判断を記録する", _judge, "記録しました。", form_of(forms.JudgeFileForm), about=_suspect),
    Act("hold", "廃棄を止める", _hold, "この案件の廃棄を止めました。", form_of(work.ReasonForm, told="例：審査請求の係属中（令和8年第3号）")),
    Act("end-hold", "廃棄の停止を解く", _end_hold, "廃棄の停止を解きました。", form_of(plain.PlainTargetForm), about=_held),
)  # fmt: skip
"""In the order of the page."""
