"""The forms of what a town lays down: absences, the 専決 table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from yakuba.kernel.approval.forms.base import VerbForm
from yakuba.kernel.ui.api import DateField


class AbsenceForm(VerbForm):
    """Who is away from when to when."""

    staff = forms.ChoiceField(label="不在の職員", error_messages={"required": "職員を選んでください。"})
    starts_on = DateField(label="不在の始まり")
    back_on = DateField(label="戻る日", help_text="出勤する最初の日です。")
    reason = forms.CharField(
        label="理由", required=False, max_length=100, help_text="例：出張。病名などは書かないでください。"
    )
    is_standing = forms.BooleanField(label="職務代理を置く", required=False)

    def __init__(
        self, *args: Any, staff: Sequence[tuple[str, str]] = (), may_set_standing: bool = False, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        if staff:
            chosen: Any = self.fields["staff"]
            chosen.choices = [("", "選んでください"), *staff]
        else:
            del self.fields["staff"]
        if may_set_standing:
            self.fields[
                "is_standing"
            ].help_text = "本人が欠けたときや、長く職務を行えないときだけ。第1順位の代決者が、代理として全部の決裁を行い、後閲は要りません。"
        else:
            del self.fields["is_standing"]


class DelegationForm(VerbForm):
    """One line of the 専決 table."""

    authority = forms.ChoiceField(label="執行機関")
    matter = forms.CharField(
        label="事務の種類",
        required=False,
        max_length=40,
        help_text="決裁の種類と同じ言葉で。空にすると、すべての事務に当てはまります。",
    )
    up_to = forms.IntegerField(
        label="この額まで", required=False, min_value=1, help_text="空にすると、額にかかわらず専決できます。"
    )
    seat = forms.ChoiceField(label="専決する人")
    ground = forms.CharField(label="根拠", max_length=200, help_text="例：事務決裁規程別表第1")
    starts_on = DateField(label="この日から")

    def __init__(
        self, *args: Any, authorities: Sequence[tuple[str, str]], seats: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("authority", authorities), ("seat", seats)):
            field: Any = self.fields[name]
            field.choices = list(choices)


class EndForm(VerbForm):
    """From which day something holds no more."""

    on = DateField(label="この日から使わない")


class SheetForm(VerbForm):
    """A table to take in."""

    file = forms.FileField(
        label="取り込むファイル",
        help_text="書き出した表（CSV・Excel）を直したもの。2MBまで。",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": "ファイルを選んでください。", "empty": "ファイルが空です。"},
    )
