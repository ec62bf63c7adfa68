from __future__ import annotations

from django import forms

from yakuba.kernel.ui.api import TownForm


class SynonymsForm(TownForm):
    """A line of synonyms."""

    same = forms.CharField(
        label="同じ意味の言葉",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="「、」で区切ります。例：ごみ、廃棄物。ひらがな・カタカナ、全角・半角、旧字体の違いは自動でそろうので、書き分けはいりません。",
    )
    narrower = forms.CharField(
        label="含まれる言葉",
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="上の言葉で探すと、これらも見つかります。例：「引っ越し」に「転入、転出、転居」。転入を探しても転出は出ません。",
    )
    note = forms.CharField(label="メモ", max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
