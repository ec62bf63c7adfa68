"""The form of a new API token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from yakuba.kernel.ui.api import TownForm
from yakuba.office.appbuilder.rules.tokens import Scope


class TokenForm(TownForm):
    """Who uses the app, as which group, for what, how long."""

    name = forms.CharField(label="使うシステムの名前", max_length=40, help_text="例：公共施設予約、統計の集計")
    group = forms.ChoiceField(
        label="どのグループの権限で使うか", help_text="見える記録と項目は、このグループと同じになります。"
    )
    scopes = forms.MultipleChoiceField(
        label="できること", choices=[(one.value, one.label) for one in Scope], widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label="使える期間",
        choices=[(30, "30日"), (90, "90日"), (180, "180日"), (365, "1年")],
        coerce=int,
        initial=90,
    )

    def __init__(self, *args: Any, groups: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choosing: Any = self.fields["group"]
        choosing.choices = [("", "選んでください"), *((one, one) for one in groups)]
