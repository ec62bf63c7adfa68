"""Fields several forms share: name and reading, telephone, mail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from yakuba.kernel.japan.api import format_phone, to_reading
from yakuba.kernel.ui.api import TownForm
from yakuba.kernel.values.api import Refusal


class RefusableForm(TownForm):
    """A form that shows a refusal of a rule at its field."""

    def refuse(self, refusal: Refusal) -> None:
        """Put the refusal beside its field, or above the form."""
        words = " ".join(filter(None, (refusal.message, refusal.hint)))
        self.add_error(refusal.field if refusal.field in self.fields else None, words)


class ContactForm(RefusableForm):
    """Who asks and how they are reached: telephone or mail, one is enough."""

    name = forms.CharField(
        label=pgettext_lazy("person", "氏名"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "input--medium"}),
    )
    kana = forms.CharField(
        label=gettext_lazy("フリガナ（カタカナ）"),
        max_length=80,
        help_text=gettext_lazy("ひらがなで入力しても、カタカナになります。"),
        widget=forms.TextInput(attrs={"class": "input--medium"}),
    )
    phone = forms.CharField(
        label=pgettext_lazy("person", "電話番号"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("電話番号かメールアドレスの、どちらかを入力してください。"),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "input--medium"}),
    )
    mail = forms.EmailField(
        label=gettext_lazy("メールアドレス"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "input--medium"}),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if get_language() == "en":  # not everybody who reads English has a reading of their name
            self.fields["kana"].required = False

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_kana(self) -> str:
        typed = " ".join(str(self.cleaned_data["kana"]).split())
        if not typed:
            return ""
        reading = to_reading(typed)
        if reading is None:
            raise forms.ValidationError(_("フリガナは、カタカナかひらがなで入力してください。"))
        return reading

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"]).strip()
        if not typed:
            return ""
        try:
            return format_phone(typed)[:20]
        except Refusal:
            raise forms.ValidationError(
                _("電話番号として読めません。市外局番から入力してください（例: 0242-84-1503）。")
            ) from None

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not (found.get("phone") or found.get("mail") or self.errors.get("phone") or self.errors.get("mail")):
            self.add_error("phone", _("電話番号かメールアドレスの、どちらかを入力してください。"))
        return found
