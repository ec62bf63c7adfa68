"""The forms of the decision pages."""

from __future__ import annotations

from typing import Any

from django import forms

from yakuba.kernel.approval.rules.states import MOST_WORDS, Outcome
from yakuba.kernel.ui.api import DateField, TownForm
from yakuba.kernel.values.api import Refusal


class _ActForm(TownForm):
    """A form whose verb may refuse: the refusal is shown at the field it names."""

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal of the verb; what was typed stays."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, f"{refusal.message}{refusal.hint or ''}")


class DecisionForm(_ActForm):
    """Approve, refuse with a reason, send back with words; deputies say that the head is away."""

    outcome = forms.ChoiceField(
        label="決裁",
        choices=[(one.value, one.label) for one in Outcome],
        error_messages={"required": "「承認する」「差し戻す」「否決する」のどれかを押してください。"},
    )
    principal_is_absent = forms.BooleanField(label="本人が不在です", required=False)
    comment = forms.CharField(
        label="理由・意見",
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="承認のときは、なくてもかまいません。差し戻すときと否決するときは、必ず書いてください。",
    )

    def __init__(self, *args: Any, is_deputy: bool = False, principal: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_deputy:
            self.fields["principal_is_absent"].label = f"{principal}が不在のため、代わって決裁します"
        else:
            del self.fields["principal_is_absent"]


class WithdrawalForm(_ActForm):
    """Why a draft is taken back."""

    reason = forms.CharField(label="取り下げる理由", max_length=400, help_text="例：申請者が申請を取り下げた")


class VoidForm(_ActForm):
    """Why a number is not used."""

    reason = forms.CharField(
        label="欠番にする理由",
        max_length=200,
        help_text="文書番号簿に残ります。個人の名前などは書かないでください。例：施行前に起案を取りやめた",
    )


class SymbolForm(_ActForm):
    """The symbol of a section from a day on."""

    symbol = forms.CharField(label="文書記号", max_length=10, help_text="漢字・かな・英大文字の1〜4文字")
    starts_on = DateField(label="この日から", help_text="すでに取った番号は変わりません。")
