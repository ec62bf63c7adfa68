"""The forms around decision, letters and money."""

from __future__ import annotations

from typing import Any

from django import forms

from yakuba.kernel.cases.models import Outcome, TemplateUse
from yakuba.kernel.ui.api import DateField
from yakuba.residents.procedures.forms.act import ActForm, TargetForm, words_field

FEE_LINES = 4
"""So many lines of a fee have room on the page."""


class ProposalForm(ActForm):
    """The proposal (案): what is decided, why, on which conditions, for how much."""

    outcome = forms.ChoiceField(
        label="結果",
        choices=[(Outcome.APPROVED.value, "認める"), (Outcome.REFUSED.value, "認めない")],
        widget=forms.RadioSelect,
        error_messages={"required": "認めるか、認めないかを選んでください。"},
    )
    reasons = words_field(
        "理由",
        rows=5,
        longest=8000,
        required=False,
        help_text="認めないときは必ず書きます。どの基準に、どの事実が当てはまらないかを、本人に分かるように書いてください。",
    )
    conditions = words_field(
        "条件", rows=3, longest=4000, required=False, help_text="認めるときに付ける条件。なければ空欄"
    )
    amount = forms.IntegerField(label="額", required=False, min_value=0, max_value=10_000_000_000)
    due = DateField(label="決裁してほしい日", required=False, help_text="空欄のときは、標準処理期間の期限の日")

    def __init__(self, *args: Any, has_amount: bool = False, amount_label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_amount:
            self.fields["amount"].label = amount_label
        else:
            del self.fields["amount"]
        for number in range(1, FEE_LINES + 1):
            self.fields[f"fee_name_{number}"] = forms.CharField(
                label=f"手数料{number}の名前", required=False, max_length=80
            )
            self.fields[f"fee_yen_{number}"] = forms.IntegerField(
                label=f"手数料{number}の単価", required=False, min_value=0, max_value=9_999_999
            )
            self.fields[f"fee_count_{number}"] = forms.IntegerField(
                label=f"手数料{number}の数", required=False, min_value=1, max_value=9999
            )

    def fee_lines(self) -> list[tuple[Any, Any, Any]]:
        """The bound fields of the fee, line by line."""
        return [
            (self[f"fee_name_{number}"], self[f"fee_yen_{number}"], self[f"fee_count_{number}"])
            for number in range(1, FEE_LINES + 1)
        ]

    def fee_items(self) -> list[dict[str, Any]]:
        """The lines that say something."""
        found = []
        for number in range(1, FEE_LINES + 1):
            name = self.cleaned_data.get(f"fee_name_{number}") or ""
            yen = self.cleaned_data.get(f"fee_yen_{number}")
            if name or yen:
                found.append({"name": name, "yen": yen, "count": self.cleaned_data.get(f"fee_count_{number}") or 1})
        return found

    template_use, template_field = TemplateUse.REFUSAL, "reasons"


class MakeNoticeForm(ActForm):
    """The letter of a decision."""

    on_paper = forms.BooleanField(label="電子の通知に同意していても、紙で送る", required=False)


class HandForm(TargetForm):
    """Who took the letter at the counter."""

    to_whom = forms.CharField(label="渡した相手", max_length=60, help_text="本人か代理人の氏名")


class CameBackForm(TargetForm):
    """Why a posted letter came back."""

    reason = forms.CharField(label="返ってきた理由", max_length=200, help_text="例：あて所に尋ねあたりません")


class ReplaceForm(TargetForm):
    """Why a letter is made anew."""

    reason = forms.CharField(label="作り直す理由", max_length=200, help_text="番号は欠番として文書番号簿に残ります。")


class OwnLetterForm(TargetForm):
    """A letter the clerk made on the town's own sheet."""

    file = forms.FileField(label="町の様式で作ったPDF", help_text="WordやExcelの様式は、PDFにして選んでください。")


class AskFeeForm(ActForm):
    """A fee outside of a decision."""

    name = forms.CharField(label="名前", max_length=80, help_text="例：住民票の写し")
    yen = forms.IntegerField(label="単価（円）", min_value=1, max_value=9_999_999)
    count = forms.IntegerField(label="数", min_value=1, max_value=9999, initial=1)


class PaidForm(TargetForm):
    """Where a fee was paid."""

    where = forms.CharField(label="納めたところ", max_length=80, initial="会計窓口")
    slip = forms.CharField(label="領収・伝票の番号", max_length=60, required=False)


class DropFeeForm(TargetForm):
    """A fee is waived, or was asked for by mistake."""

    way = forms.ChoiceField(label="どうするか", choices=[("waive", "減免する"), ("cancel", "取り消す（誤りだった）")])
    reason = forms.CharField(label="理由", max_length=200, help_text="減免の根拠、または取り消す理由")


class PaymentForm(ActForm):
    """When a 補助金 was paid."""

    paid_on = DateField(label="支払日")


class JudgeFileForm(TargetForm):
    """Whether the number in a file is a My Number."""

    verdict = forms.ChoiceField(
        label="判断",
        choices=[("none", "個人番号ではない（開けるようにする）"), ("found", "個人番号である（この書類を廃棄する）")],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label="判断の理由", max_length=200, help_text="番号そのものは書かないでください。例：預金の口座番号だった"
    )
