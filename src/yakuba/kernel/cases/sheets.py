"""What cases print on the town's own sheets (様式)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from yakuba.kernel.cases.models import Case, Correction, Notice
from yakuba.kernel.japan.api import format_postal_code
from yakuba.kernel.paper.api import FieldKind, SheetField, SheetKind, sheet

DECISION, REFUSAL = "cases.decision_notice", "cases.refusal_notice"
RECEIPT, CORRECTION = "cases.receipt", "cases.correction_request"
_PAPER = Path(__file__).parent / "paper"

_HEAD: Sequence[SheetField] = (
    SheetField("文書番号", "文書番号簿の番号", "8坂総第1号"),
    SheetField("日付", "通知書の日付", date(2026, 11, 2), FieldKind.DATE),
    SheetField("郵便番号", "宛先の郵便番号（支援措置の人は空）", "969-6543"),
    SheetField("住所", "宛先の住所（支援措置の人は空）", "福島県河沼郡会津坂下町字見本1番地"),
    SheetField("氏名", "宛先の氏名", "見本　花子"),
    SheetField("職名", "発信する人の職", "会津坂下町長"),
    SheetField("発信者", "発信する人の氏名", "町長　一郎"),
    SheetField("担当", "担当の課・班", "総務課行政管理班"),
    SheetField("電話", "担当の電話", "0242-00-0000"),
    SheetField("手続名", "手続きの名前", "見本の手続き"),
    SheetField("受付番号", "受付番号", "R8-00001-7"),
)
_DECISION: Sequence[SheetField] = (
    *_HEAD,
    SheetField("題名", "通知書の題名", "決定通知書"),
    SheetField(
        "本文", "はじめの文", "令和8年10月20日付けで申請のありました「見本の手続き」について、次のとおり決定しました。"
    ),
    SheetField("理由", "認めない理由", "基準第3号に当たる事実がないため"),
    SheetField("条件", "決定に付けた条件", "1年以内に使用すること"),
    SheetField("教示", "不服があるときの案内", "この処分に不服があるときは…"),
    SheetField(
        "項目",
        "決定の内容の表",
        [{"名前": "決定の内容", "内容": "申請のとおり認める"}, {"名前": "手数料", "内容": "600円"}],
        FieldKind.ROWS,
        (SheetField("名前", "項目の名前", "決定の内容"), SheetField("内容", "項目の内容", "申請のとおり認める")),
    ),
)


def _letter(notice: Notice) -> dict[str, Any]:
    content: dict[str, Any] = notice.content
    recipient, sender = content["recipient"], content["sender"]
    code = recipient["postal_code"]
    return {
        "文書番号": notice.number.written if notice.number else "",
        "日付": notice.on,
        "郵便番号": format_postal_code(code) if code else "",
        "住所": "　".join(recipient["address"]),
        "氏名": recipient["name"],
        "職名": sender["title"],
        "発信者": sender["name"],
        "担当": sender["section"],
        "電話": sender["phone"],
        "手続名": notice.case.title,
        "受付番号": notice.case.number,
    }


def _decision(notice: Notice) -> dict[str, Any]:
    content: dict[str, Any] = notice.content
    parts = {head.partition("（")[0]: words for head, words in content["parts"]}
    return {
        **_letter(notice),
        "題名": content["title"],
        "本文": content["opening"],
        "理由": parts.get("理由", ""),
        "条件": parts.get("条件", ""),
        "教示": parts.get("教示", ""),
        "項目": [{"名前": name, "内容": value} for name, value in content["items"]],
    }


@sheet(
    key=DECISION,
    title="決定通知書（申請・補助金）",
    kind=SheetKind.WORD,
    fields=_DECISION,
    default=_PAPER / "decision_notice.docx",
)
def decision_notice(*, notice: Notice) -> dict[str, Any]:
    """The values of a letter that grants; places of protected people are empty."""
    return _decision(notice)


@sheet(
    key=REFUSAL,
    title="却下通知書（申請・補助金）",
    kind=SheetKind.WORD,
    fields=_DECISION,
    default=_PAPER / "refusal_notice.docx",
)
def refusal_notice(*, notice: Notice) -> dict[str, Any]:
    """The values of a letter that refuses."""
    return _decision(notice)


@sheet(
    key=CORRECTION,
    title="補正依頼",
    kind=SheetKind.WORD,
    fields=(
        *_HEAD,
        SheetField("期限", "いつまでに直すか", date(2026, 11, 16), FieldKind.DATE),
        SheetField("説明", "全体の説明", "お手数ですが、次のところを直してください。"),
        SheetField(
            "直すところ",
            "直してほしい答え",
            [{"質問": "理由", "内容": "もう少し詳しく書いてください"}],
            FieldKind.ROWS,
            (
                SheetField("質問", "質問の名前", "理由"),
                SheetField("内容", "どう直すか", "もう少し詳しく書いてください"),
            ),
        ),
    ),
    default=_PAPER / "correction_request.docx",
)
def correction_request(*, notice: Notice, correction: Correction) -> dict[str, Any]:
    """The values of a letter that asks for a correction."""
    return {
        **_letter(notice),
        "期限": correction.deadline,
        "説明": correction.message,
        "直すところ": [{"質問": item["label"], "内容": item["comment"]} for item in correction.items],
    }


@sheet(
    key=RECEIPT,
    title="受付票",
    kind=SheetKind.WORD,
    fields=(
        SheetField("受付番号", "受付番号", "R8-00001-7"),
        SheetField("受付日", "受け付けた日", date(2026, 11, 2), FieldKind.DATE),
        SheetField("手続名", "手続きの名前", "見本の手続き"),
        SheetField("氏名", "申請した人", "見本　花子"),
        SheetField("担当", "担当の課・班", "総務課行政管理班"),
        SheetField("電話", "担当の電話", "0242-00-0000"),
        SheetField("受付方法", "窓口・電話・郵送など", "窓口"),
    ),
    default=_PAPER / "receipt.docx",
)
def receipt(*, case: Case) -> dict[str, Any]:
    """The values of a receipt: no place, no contact, no answers."""
    return {
        "受付番号": case.number,
        "受付日": case.received_on,
        "手続名": case.title,
        "氏名": case.applicant_name,
        "担当": str(case.section),
        "電話": case.section.phone,
        "受付方法": case.get_arrival_display(),
    }
