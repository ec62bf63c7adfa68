"""What residents enter about themselves, and what the office enters about protections and the prefill file."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yakuba.kernel.people.models import LANGUAGES
from yakuba.kernel.people.rules.prefill import MOST_BYTES
from yakuba.kernel.people.rules.profiles import (
    LONGEST_LINE,
    LONGEST_NAME,
    NoticePreference,
    ProfileEntry,
    checked_profile,
)
from yakuba.kernel.people.rules.protections import Ground
from yakuba.kernel.ui.api import DateField, EraDateField, TownForm
from yakuba.kernel.values.api import Refusal

_SAID: dict[str, Promise] = {
    "family_name": _("名前を確かめてください。改行などの文字は使えません。"),
    "given_name": _("名前を確かめてください。改行などの文字は使えません。"),
    "family_reading": _("フリガナは、カタカナかひらがなで入力してください。"),
    "given_reading": _("フリガナは、カタカナかひらがなで入力してください。"),
    "born_on": _("生年月日を確かめてください。"),
    "postal_code": _("郵便番号は、7けたの数字で入力してください。例：969-6500"),
    "prefecture": _("都道府県を確かめてください。"),
    "city": _("住所を最後まで入力してください。"),
    "street": _("住所を最後まで入力してください。"),
    "building": _("建物と部屋を確かめてください。"),
    "district": _("行政区を確かめてください。"),
    "phone": _("電話番号は、市外局番から入力してください。例：0242-84-1503"),
}


class ProfileForm(TownForm):
    """A resident's own particulars. What a rule refuses is said in the language of the page."""

    family_name = forms.CharField(
        label=pgettext_lazy("profile", "姓"),
        max_length=LONGEST_NAME,
        help_text=_("姓と名に分かれない名前は、ここに全部を入力してください。"),
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("名前を入力してください。")},
    )
    given_name = forms.CharField(
        label=pgettext_lazy("profile", "名"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_reading = forms.CharField(label=_("姓のフリガナ"), max_length=LONGEST_NAME, required=False)
    given_reading = forms.CharField(label=_("名のフリガナ"), max_length=LONGEST_NAME, required=False)
    born_on = EraDateField(
        label=pgettext_lazy("profile", "生年月日"),
        required=False,
        help_text=_("例：昭和55年5月1日、1980-05-01"),
    )
    postal_code = forms.CharField(
        label=pgettext_lazy("profile", "郵便番号"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric", "class": "input--short"}),
    )
    prefecture = forms.CharField(
        label=pgettext_lazy("profile", "都道府県"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level1", "class": "input--short"}),
    )
    city = forms.CharField(
        label=pgettext_lazy("profile", "市区町村"),
        max_length=LONGEST_LINE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    street = forms.CharField(
        label=_("町名と番地"),
        max_length=LONGEST_LINE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    building = forms.CharField(
        label=_("建物と部屋"),
        max_length=LONGEST_LINE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line2"}),
    )
    district = forms.CharField(
        label=pgettext_lazy("profile", "行政区"),
        max_length=40,
        required=False,
        help_text=_("わかるときだけ入力してください。"),
    )
    phone = forms.CharField(
        label=pgettext_lazy("profile", "電話番号"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "class": "input--medium"}),
    )
    preference = forms.ChoiceField(
        label=_("お知らせの受け取り方"),
        choices=[
            (NoticePreference.MAIL.value, _("お知らせのページと、メール")),
            (NoticePreference.INBOX.value, _("お知らせのページだけ")),
            (NoticePreference.POST.value, _("お知らせのページと、郵便")),
        ],
        widget=forms.RadioSelect,
        initial=NoticePreference.MAIL.value,
        help_text=_("メールには、お知らせがあることだけを書きます。中身は書きません。"),
    )
    language = forms.ChoiceField(label=_("お知らせのことば"), choices=LANGUAGES, widget=forms.RadioSelect, initial="ja")
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                checked_profile(self.entry(), today=self._today)
            except Refusal as refusal:
                field = refusal.field or ""
                self.add_error(field if field in self.fields else None, str(_SAID.get(field, refusal.message)))
        return cleaned

    def entry(self) -> ProfileEntry:
        """What was entered, of a form whose fields are sound."""
        given = {key: value for key, value in self.cleaned_data.items() if key != "version"}
        return ProfileEntry(**{**given, "preference": NoticePreference(given["preference"])})


class ProtectionForm(TownForm):
    """A new protection (支援措置)."""

    name = forms.CharField(label="氏名", max_length=120)
    born_on = EraDateField(
        label="生年月日", required=False, help_text="空欄にすると、同じ名前の人すべてを対象者として扱います。"
    )
    number = forms.CharField(label="宛名番号", max_length=20, required=False, help_text="住民記録の番号がわかるとき")
    account = forms.CharField(
        label="町民アカウントの番号",
        max_length=20,
        required=False,
        help_text="オンラインの利用登録があるとき。氏名と生年月日が合うアカウントは、空欄でも見分けます。",
    )
    ground = forms.ChoiceField(
        label="理由", choices=[(one.value, one.label) for one in Ground], widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="申し送り",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="支援措置担当だけが読めます。避難先など、要らないことは書かないでください。",
    )
    starts_on = DateField(label="始まりの日")
    last_day = DateField(label="終わりの日", help_text="始まりの日から1年以内（住民基本台帳事務処理要領 第5-10）")


class ExtendForm(TownForm):
    """A later end of a protection."""

    last_day = DateField(label="新しい終わりの日", help_text="今の終わりの日から1年以内")


class EndForm(TownForm):
    """An earlier end of a protection."""

    last_day = DateField(label="最後の日", help_text="この日までは対象者として扱います。")
    reason = forms.CharField(label="理由", max_length=400, help_text="例：本人の申出（申出書を確認）")


class PrefillForm(TownForm):
    """A new prefill file (住民情報の写し)."""

    as_of = DateField(
        label="基準日", help_text="住民記録システムから書き出した日。画面と申請書に「○月○日現在」と出ます。"
    )
    file = forms.FileField(
        label="CSV ファイル",
        help_text=f"UTF-8 か Shift_JIS、{MOST_BYTES // 1024 // 1024} MB まで。個人番号の入ったファイルは読み込みません。",
        widget=forms.FileInput(attrs={"accept": ".csv"}),
        error_messages={"required": "ファイルを選んでください。", "empty": "ファイルが空です。"},
    )
