"""What the office enters about messages, letters, bundles and districts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from yakuba.kernel.notify.rules.letters import BundleOrder, ReturnReason, Service
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.ui.api import DateField, TownForm

_SERVICES = [(one.value, one.label) for one in Service]
_SHEETS = ".xlsx,.csv"


class _SectionForm(TownForm):
    """A form that belongs to one of the person's sections."""

    section = forms.ChoiceField(label="担当の所属")

    def __init__(self, *args: Any, sections: Sequence[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sections = {one.public_id: one for one in sections}
        self.fields["section"].choices = [(key, str(one)) for key, one in self._sections.items()]  # type: ignore[attr-defined]
        if len(sections) == 1:
            self.fields["section"].widget = forms.HiddenInput()
            self.initial.setdefault("section", sections[0].public_id)

    def given(self) -> dict[str, Any]:
        """What was entered, the section as its row."""
        return {**self.cleaned_data, "section": self._sections[self.cleaned_data["section"]]}


class WriteLetterForm(_SectionForm):
    """A letter in a clerk's own words to one person."""

    name = forms.CharField(label="宛名（氏名）", max_length=120)
    honorific = forms.ChoiceField(label="敬称", choices=[("様", "様"), ("御中", "御中"), ("殿", "殿")], initial="様")
    postal_code = forms.CharField(
        label="郵便番号", max_length=12, widget=forms.TextInput(attrs={"class": "input--short", "inputmode": "numeric"})
    )
    address = forms.CharField(
        label="住所", max_length=240, help_text="建物と部屋は、空白のあとに書くと次の行に印刷します。"
    )
    number_of_register = forms.CharField(
        label="宛名番号",
        max_length=20,
        required=False,
        help_text="わかるとき。支援措置の対象者を見分けるために使います。",
    )
    title = forms.CharField(label="件名", max_length=200)
    text = forms.CharField(label="文面", max_length=10_000, widget=forms.Textarea(attrs={"rows": 10}))
    number = forms.CharField(label="文書番号", max_length=40, required=False, help_text="例：8坂第123号")
    service = forms.ChoiceField(label="郵便の種類", choices=_SERVICES, initial=Service.ORDINARY.value)


class MailingForm(_SectionForm):
    """Letters to everybody of a list."""

    file = forms.FileField(
        label="宛先の一覧",
        help_text="Excel（.xlsx）か CSV。列は 氏名・住所（必須）、郵便番号・敬称・行政区・宛名番号、ほかに差し込みたい列。",
        widget=forms.FileInput(attrs={"accept": _SHEETS}),
        error_messages={"required": "一覧を選んでください。", "empty": "一覧が空です。"},
    )
    title = forms.CharField(label="件名", max_length=200)
    text = forms.CharField(
        label="文面",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="{{列の名前}} と書いたところに、一覧のその列の値が入ります。例：納期限は{{納期限}}です。",
    )
    number = forms.CharField(label="文書番号", max_length=40, required=False)
    service = forms.ChoiceField(label="郵便の種類", choices=_SERVICES, initial=Service.ORDINARY.value)


class BundleForm(_SectionForm):
    """A bundle of everything that waits."""

    order = forms.ChoiceField(
        label="並び順",
        choices=[(one.value, one.label) for one in BundleOrder],
        widget=forms.RadioSelect,
        initial=BundleOrder.DISTRICT.value,
        help_text="行政区の順にすると、行政区ごとに仕切り紙が入ります。",
    )
    service = forms.ChoiceField(
        label="郵便の種類", choices=_SERVICES, widget=forms.RadioSelect, initial=Service.ORDINARY.value
    )


class PostForm(TownForm):
    """The day a bundle went to the post office."""

    posted_on = DateField(label="発送日", help_text="郵便局に出した日。この日の料金で費用を計算します。")


class AddressForm(TownForm):
    """Where a letter is to go."""

    postal_code = forms.CharField(
        label="郵便番号",
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--short", "inputmode": "numeric"}),
    )
    address = forms.CharField(label="住所", max_length=240)


class ResendForm(AddressForm):
    """A returned letter goes out again."""

    service = forms.ChoiceField(label="郵便の種類", choices=_SERVICES, initial=Service.ORDINARY.value)


class ReturnForm(TownForm):
    """A letter came back (返戻)."""

    returned_on = DateField(label="戻ってきた日")
    reason = forms.ChoiceField(
        label="理由", choices=[(one.value, one.label) for one in ReturnReason], widget=forms.RadioSelect
    )
    note = forms.CharField(label="メモ", max_length=400, required=False)
    new_postal_code = forms.CharField(
        label="新しい郵便番号",
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--short", "inputmode": "numeric"}),
    )
    new_address = forms.CharField(label="新しい住所", max_length=240, required=False, help_text="わかったとき")


class ReasonForm(TownForm):
    """Why something ends."""

    reason = forms.CharField(label="理由", max_length=400)


class DistrictsForm(TownForm):
    """The list of districts."""

    file = forms.FileField(
        label="行政区の一覧",
        help_text="Excel（.xlsx）か CSV。列は コード・行政区・並び順・町名（一つの行政区に町名がいくつもあるときは、行を分ける）。",
        widget=forms.FileInput(attrs={"accept": _SHEETS}),
        error_messages={"required": "ファイルを選んでください。", "empty": "ファイルが空です。"},
    )
