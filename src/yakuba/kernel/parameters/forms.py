from __future__ import annotations

from django import forms

from yakuba.kernel.ui.api import DateField, TownForm


class ValueForm(TownForm):
    """A new value from a day on, with its source."""

    written = forms.CharField(label="新しい値", max_length=400)
    valid_from = DateField(
        label="施行日", help_text="この日の仕事から新しい値を使います。過去の日の仕事には前の値が使われます。"
    )
    source = forms.CharField(
        label="根拠", max_length=200, help_text="例：会津坂下町手数料条例 第3条（令和9年4月1日施行）"
    )
