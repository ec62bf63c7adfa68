"""The forms of everyday work on a case: assign, note, confirm, complete."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from yakuba.kernel.cases.models import TemplateUse
from yakuba.kernel.cases.rules.parties import PartyRole
from yakuba.kernel.cases.rules.places import Lot
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.ui.api import DateField
from yakuba.residents.procedures.forms.act import ActForm, TargetForm, words_field


class CompleteForm(ActForm):
    """A case ends; words are for colleagues."""

    words = words_field(
        "残しておくこと", rows=2, longest=400, required=False, help_text="町民には見えません。なくてもかまいません。"
    )


class ReturnForm(ActForm):
    """Why a 届出 or claim goes back."""

    template_use, template_field = TemplateUse.RETURN, "reason"
    reason = words_field(
        "返す理由", help_text="届け出た人が読みます。どこが整っていないか、どうすればよいかを書いてください。"
    )


class AssignForm(ActForm):
    """Who takes a case in hand."""

    to = forms.ChoiceField(label="担当者", required=False)
    words = forms.CharField(label="ひとこと", required=False, max_length=200, help_text="例：産休の間お願いします")

    def __init__(self, *args: Any, colleagues: Iterable[Staff] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.public_id: one for one in colleagues}
        field: Any = self.fields["to"]
        field.choices = [("", "担当を決めない")] + [
            (key, f"{getattr(one, 'section_name', '')}　{one.name}") for key, one in self.people.items()
        ]

    def chosen(self) -> Staff | None:
        """The person chosen; ``None`` for nobody."""
        return self.people.get(self.cleaned_data["to"])


class TransferForm(ActForm):
    """Which section takes a case over, and why."""

    section = forms.ChoiceField(label="移す先の所属", error_messages={"required": "移す先を選んでください。"})
    reason = words_field(
        "移す理由",
        rows=2,
        longest=400,
        help_text="移す先の課に伝わります。町民には、担当の課が替わったことだけを知らせます。",
    )

    def __init__(self, *args: Any, sections: Iterable[Section] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = {one.public_id: one for one in sections}
        field: Any = self.fields["section"]
        field.choices = [("", "所属を選ぶ")] + [(key, one.name) for key, one in self.sections.items()]


CONTACT_WAYS = (
    ("", "メモ"),
    ("電話した", "電話した"),
    ("電話があった", "電話があった"),
    ("窓口で話した", "窓口で話した"),
    ("メールした", "メールした"),
    ("訪問した", "訪問した"),
)


class NoteForm(ActForm):
    """An internal note, or a line of the log of contacts (連絡の記録)."""

    template_use, template_field = TemplateUse.NOTE, "words"
    way = forms.ChoiceField(label="種類", choices=CONTACT_WAYS, required=False)
    words = words_field("内容", longest=3900, help_text="町民には見えません。")

    def text(self) -> str:
        """What is kept: the kind of contact stands in brackets before the words."""
        way = self.cleaned_data["way"]
        return f"［{way}］{self.cleaned_data['words']}" if way else str(self.cleaned_data["words"])


class HowForm(ActForm):
    """By what something was confirmed."""

    how = forms.CharField(label="何で確かめたか", max_length=200)

    def __init__(self, *args: Any, example: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].help_text = f"例：{example}" if example else ""


class ConsentForm(TargetForm):
    """How a co-applicant agreed on paper or in person."""

    how = forms.CharField(label="何で確かめたか", max_length=200, help_text="例：同意書の原本、窓口で本人から")


class ReasonForm(ActForm):
    """Why something is done; ``told`` says who reads it."""

    reason = words_field("理由", rows=2, longest=400)

    def __init__(self, *args: Any, told: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = told


class PlaceForm(ActForm):
    """Confirm a 申込, put it on the waiting list, or tell that there is no place."""

    lot = forms.ChoiceField(
        label="結果",
        choices=[(one.value, one.value) for one in Lot],
        error_messages={"required": "「確定する」「空き待ちにする」「落選とする」のどれかを押してください。"},
    )


class CorrectionForm(ActForm):
    """Around the ticked answers: what is said about all of them, and until when."""

    template_use, template_field = TemplateUse.CORRECTION, "message"
    deadline = DateField(
        label="答えてもらう期限", help_text="開庁日にしてください。この日まで、標準処理期間は止まります。"
    )
    message = words_field(
        "全体への説明",
        longest=4000,
        required=False,
        rows=4,
        help_text="答えごとのコメントと一緒に、本人に届きます。なくてもかまいません。",
    )


class ContactForm(ActForm):
    """Why the contact of a protected person is opened."""

    role = forms.ChoiceField(
        choices=[(one.value, one.label) for one in PartyRole],
        widget=forms.HiddenInput,
        initial=PartyRole.APPLICANT.value,
    )
    reason = forms.CharField(
        label="開く理由", max_length=300, help_text="例：補正について本人に電話するため。経過に残ります。"
    )


class BulkForm(ActForm):
    """What is done with the ticked cases of the worklist."""

    act = forms.ChoiceField(
        choices=[("take", "take"), ("give", "give"), ("note", "note")],
        error_messages={"required": "することのボタンを押してください。", "invalid_choice": "そのボタンはありません。"},
    )
    staff = forms.CharField(required=False, max_length=16)
    note = forms.CharField(label="メモ", required=False, max_length=500)
