"""What somebody who is asked to apply together types: the code they were told, and their answer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from yakuba.kernel.ui.api import TownForm


class CodeForm(TownForm):
    """The code the applicant has told them."""

    code = forms.CharField(
        label=pgettext_lazy("consent", "確認番号（6けた）"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "input--short"}),
        help_text=lazy("申請した人から、電話などで聞いた番号です。"),
    )


class ConsentForm(TownForm):
    """Yes or no; a yes with the name in full, so that nobody agrees in passing."""

    answer = forms.ChoiceField(
        label=pgettext_lazy("consent", "あなたの返事"),
        choices=[
            ("yes", pgettext_lazy("consent", "同意します（一緒に申請します）")),
            ("no", pgettext_lazy("consent", "同意しません")),
        ],
        widget=forms.RadioSelect,
    )
    typed_name = forms.CharField(
        label=pgettext_lazy("consent", "あなたの氏名"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "input--medium"}),
        help_text=lazy("同意するときは、氏名を省略せずに入力してください。"),
    )
