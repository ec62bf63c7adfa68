"""One tap, and words if somebody likes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from yakuba.kernel.ui.api import TownForm

SCORES = (
    ("5", lazy("5：とてもよかった")),
    ("4", lazy("4：よかった")),
    ("3", lazy("3：どちらともいえない")),
    ("2", lazy("2：よくなかった")),
    ("1", lazy("1：とてもよくなかった")),
)


class OpinionForm(TownForm):
    """How content the person was."""

    score = forms.ChoiceField(
        label=pgettext_lazy("opinion", "この手続きは、いかがでしたか"), choices=SCORES, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=pgettext_lazy("opinion", "よかったところ・困ったところ"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("お名前や電話番号は書かないでください。ここに書いたことには、返事ができません。"),
    )
