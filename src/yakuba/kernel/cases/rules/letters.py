"""What letters about a case say (通知書の文面). The Japanese text is the one that counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from yakuba.kernel.cases.rules.states import GrantStage
from yakuba.kernel.values.api import Text

LONGEST_REASONS, LONGEST_CONDITIONS = 8000, 4000


@dataclass(frozen=True, slots=True)
class LetterText:
    """One letter: title, opening sentence, items in a table, headed parts below."""

    title: str
    opening: str
    items: tuple[tuple[str, str], ...] = ()
    parts: tuple[tuple[str, str], ...] = field(default=())

    @property
    def plain(self) -> str:
        """The letter as running text, for channels that know no table."""
        lines = [self.opening, ""]
        lines += [f"{name}：{value}" for name, value in self.items]
        for head, words in self.parts:
            lines += ["", f"【{head}】", words]
        return "\n".join(lines).strip()


def decision_title(*, approves: bool, kind: str, stage: str, is_disposition: bool) -> str:
    """What the letter of a decision is called."""
    if kind == "subsidy":
        word = GrantStage(stage).decision
        if approves:
            return f"補助金{word}通知書" if stage != GrantStage.REPORT else "補助金の額の確定通知書"
        return {
            "apply": "補助金不交付決定通知書",
            "change": "補助金変更不承認通知書",
            "report": "補助金の額を確定できない旨の通知書",
        }[stage]
    if approves:
        return "決定通知書"
    return "却下通知書" if is_disposition else "申請を認めない旨の通知書"


def decision_letter(
    *,
    approves: bool,
    kind: str,
    stage: str,
    is_disposition: bool,
    procedure: str,
    number: str,
    received: str,
    reasons: str,
    conditions: str,
    amount: int | None,
    fee: Sequence[tuple[str, int, int]],
    remedy: str,
) -> LetterText:
    """The letter of a decision. ``received`` is the day in words, ``fee`` lines are (name, yen, count)."""
    what = f"{received}付けで申請のありました「{procedure}」（受付番号 {number}）について"
    opening = (
        f"{what}、次のとおり決定しましたので、通知します。"
        if approves
        else f"{what}、次の理由により認めないことに決定しましたので、通知します。"
    )
    items = [("手続", procedure), ("受付番号", number)]
    if approves:
        items.append(("決定の内容", "申請のとおり認める" if amount is None else GrantStage(stage).decision))
        if amount is not None:
            items.append((_AMOUNT_WORDS[GrantStage(stage)], f"金{amount:,}円"))
        total = sum(yen * count for _, yen, count in fee)
        if total:
            lines = [f"{name}　{yen:,}円×{count}" if count != 1 else f"{name}　{yen:,}円" for name, yen, count in fee]
            items.append(("手数料", f"{total:,}円（{'、'.join(lines)}）"))
    parts = []
    if reasons.strip():
        parts.append(("理由", reasons.strip()))
    if conditions.strip() and approves:
        parts.append(("条件", conditions.strip()))
    if remedy.strip():
        parts.append(("教示（この決定に不服があるとき）", remedy.strip()))
    title = decision_title(approves=approves, kind=kind, stage=stage, is_disposition=is_disposition)
    return LetterText(title, opening, tuple(items), tuple(parts))


_AMOUNT_WORDS = {GrantStage.APPLY: "交付決定額", GrantStage.CHANGE: "変更後の交付決定額", GrantStage.REPORT: "確定額"}


def correction_letter(
    *, procedure: str, number: str, deadline: str, message: str, items: Sequence[tuple[str, str]]
) -> LetterText:
    """The letter that asks for a correction."""
    return LetterText(
        "補正のお願い",
        f"お出しいただいた「{procedure}」（受付番号 {number}）に、直していただきたいところがあります。"
        f"{deadline}までに、お直しいただくか、担当までご連絡ください。",
        tuple(items),
        (("説明", message),) if message.strip() else (),
    )


def return_letter(*, procedure: str, number: str, reason: str) -> LetterText:
    """The letter with which a 届出 goes back."""
    return LetterText(
        "届出の返戻について",
        f"お出しいただいた「{procedure}」（受付番号 {number}）は、次の理由で形式が整わないため、お返しします。",
        (),
        (("理由", reason),),
    )


FOREIGN_NOTE = Text(
    "この通知は日本語の文が正文です。",
    easy="これは 役場（やくば）から 届（とど）いた 大切（たいせつ）な 手紙（てがみ）です。日本語（にほんご）の 文（ぶん）が 正（ただ）しい 文です。わからない ときは、下（した）の 電話（でんわ）に 聞（き）いて ください。",
    en="This is an official notice of the town about your application. The Japanese text is authoritative. If anything is unclear, please contact the section named below.",
)
"""What stands below a letter to somebody who reads another language than Japanese."""
