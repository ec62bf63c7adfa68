"""What somebody who acts for another person says about themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from yakuba.kernel.cases.api import Party
from yakuba.kernel.ui.api import TownForm


class AgentForm(TownForm):
    """Name, reading, place and how to reach the agent."""

    name = forms.CharField(
        label=pgettext_lazy("agent", "あなたの氏名（会社や団体は、名称と担当者の氏名）"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "input--medium"}),
    )
    kana = forms.CharField(
        label=pgettext_lazy("agent", "フリガナ"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--medium"}),
    )
    postal_code = forms.CharField(
        label=pgettext_lazy("agent", "郵便番号"),
        max_length=8,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric", "class": "input--short"}),
    )
    address = forms.CharField(
        label=pgettext_lazy("agent", "あなたの住所"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    phone = forms.CharField(
        label=pgettext_lazy("agent", "昼間つながる電話番号"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "class": "input--medium"}),
    )
    mail = forms.EmailField(
        label=pgettext_lazy("agent", "メールアドレス"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "input--medium"}),
        help_text=lazy("手続きのお知らせは、代理人のあなたに届きます。"),
    )

    def clean_postal_code(self) -> str:
        typed = str(self.cleaned_data["postal_code"]).translate(_WIDE).replace("-", "").strip()
        if typed and not (len(typed) == 7 and typed.isascii() and typed.isdigit()):
            raise forms.ValidationError(_("郵便番号は、7けたの数字で入力してください。例：969-6500"))
        return typed

    def party(self) -> Party:
        """The agent as the case will know them."""
        said: dict[str, Any] = self.cleaned_data
        return Party(**{name: said[name] for name in ("name", "kana", "postal_code", "address", "phone", "mail")})


_WIDE = {ord(wide): str(number) for number, wide in enumerate("０１２３４５６７８９")} | {
    ord(one): "-" for one in "－ー―‐−"
}
