"""The forms beside cases: letters in bulk, receipts of other channels, templates of words, handling, disposal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from yakuba.kernel.approval.api import ActKind, Decider
from yakuba.kernel.cases.models import Handling, SignUpMode, TemplateUse
from yakuba.kernel.cases.rules.states import GrantStage
from yakuba.kernel.catalogue.api import ChannelKind, Procedure
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.ui.api import DateField
from yakuba.residents.procedures.forms.act import ActForm, words_field


class ReceiptsForm(ActForm):
    """A list of receipts of another channel."""

    channel = forms.ChoiceField(
        label="どの窓口の一覧か", choices=[(one.value, one.label) for one in ChannelKind if one.needs_address]
    )
    file = forms.FileField(
        label="受付一覧（CSV か Excel）",
        help_text="手続・受付番号・受付日時・状態の4列だけを読みます。ほかの列（氏名など）は読みません。5MBまで",
    )


class TemplateForm(ActForm):
    """A template of words (定型文)."""

    section = forms.ChoiceField(label="所属")
    procedure = forms.ChoiceField(label="手続き", required=False)
    use = forms.ChoiceField(label="使うところ", choices=TemplateUse.choices)
    title = forms.CharField(label="題名", max_length=80, help_text="選ぶときの見出し。例：写真が不鮮明")
    words = words_field("文", rows=6, longest=2000)
    is_retired = forms.BooleanField(label="使わない（選択肢に出さない）", required=False)

    def __init__(
        self, *args: Any, sections: Iterable[Section] = (), procedures: Iterable[Procedure] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sections = {one.public_id: one for one in sections}
        self.procedures = {one.key: one for one in procedures}
        places: Any = self.fields["section"]
        places.choices = [(key, one.name) for key, one in self.sections.items()]
        about: Any = self.fields["procedure"]
        about.choices = [("", "どの手続きでも")] + [(key, one.title_ja) for key, one in self.procedures.items()]


class HandlingForm(ActForm):
    """How cases of a procedure are handled (取扱い)."""

    act_kind = forms.ChoiceField(
        label="決定の性質",
        choices=[(one.value, one.label) for one in ActKind],
        help_text="通知書の教示（審査請求・取消訴訟の説明）は、ここから決まります。",
    )
    decider = forms.ChoiceField(label="決裁者", choices=[(one.value, one.label) for one in Decider])
    correction_days = forms.IntegerField(
        label="補正の期限", required=False, min_value=1, max_value=180, help_text="空欄のときは、町の標準の日数"
    )
    places = forms.IntegerField(label="定員", required=False, min_value=0, max_value=100_000)
    sign_up_mode = forms.ChoiceField(label="定員の決め方", choices=SignUpMode.choices)
    report_days = forms.IntegerField(
        label="実績報告の期限",
        required=False,
        min_value=1,
        max_value=730,
        help_text="交付決定から何日か。予算枠に期限があるときは、早いほうになります。",
    )

    def __init__(self, *args: Any, kind: str = "", stage_forms: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != "sign_up":
            del self.fields["places"], self.fields["sign_up_mode"]
        if kind != "subsidy":
            del self.fields["report_days"]
        self.stage_keys = list(stage_forms) if kind == "subsidy" else []
        for key in self.stage_keys:
            self.fields[f"stage_{key}"] = forms.ChoiceField(
                label=f"様式「{key}」の段階", choices=[(one.value, one.label) for one in GrantStage]
            )

    def stages(self) -> dict[str, str]:
        """The stage of each form of a 補助金."""
        return {key: self.cleaned_data[f"stage_{key}"] for key in self.stage_keys}

    def value(self, name: str, held: Handling) -> Any:
        """A value of the form; what this kind of procedure is not asked stays as it is."""
        return self.cleaned_data[name] if name in self.fields else getattr(held, name)


class ProgrammeForm(ActForm):
    """The budget of a 補助金 in one fiscal year (予算枠)."""

    ceiling = forms.IntegerField(label="予算額", min_value=0, max_value=100_000_000_000)
    most_per_grant = forms.IntegerField(label="一件の上限", required=False, min_value=0, max_value=100_000_000_000)
    report_by = DateField(label="実績報告の最後の日", required=False)
    ground = forms.CharField(label="根拠", required=False, max_length=200, help_text="例：○○補助金交付要綱第4条")


class DrawForm(ActForm):
    """A draw (抽選) among the sign-ups."""

    reserves = forms.IntegerField(label="補欠の数", min_value=0, max_value=10_000, initial=0)


class DisposalForm(ActForm):
    """Up to which day a disposal list (廃棄目録) reaches."""

    section = forms.ChoiceField(label="所属")
    until = DateField(label="この日までに保存期間が終わるもの")

    def __init__(self, *args: Any, sections: Iterable[Section] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = {one.public_id: one for one in sections}
        places: Any = self.fields["section"]
        places.choices = [(key, one.name) for key, one in self.sections.items()]
