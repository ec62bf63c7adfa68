"""The form for values taken by hand."""

from __future__ import annotations

from typing import Any

from django import forms

from yakuba.kernel.kpi.registry import known_measures
from yakuba.kernel.ui.api import DateField, TownForm


class HandMeasurementForm(TownForm):
    """Measure, day, value, how it was taken, evidence."""

    measure_id = forms.ChoiceField(label="指標")
    on = DateField(label="測った日")
    value = forms.DecimalField(label="値", max_digits=18, decimal_places=4)
    n = forms.IntegerField(
        label="件数（n）",
        required=False,
        min_value=0,
        max_value=2_000_000_000,
        help_text="いくつの記録・人から求めたか",
    )
    how = forms.CharField(label="測り方", max_length=200, help_text="例：書庫の棚をメジャーで測り、合計した")
    evidence = forms.CharField(
        label="根拠",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="だれが、いつ、何を見て確かめたか。資料の名前や文書番号も書いてください。",
    )
    evidence_file = forms.FileField(
        label="根拠の資料（任意）", required=False, help_text="測定表、写真、集計表など。PDF・写真・Excel・Word・CSV"
    )
    is_baseline = forms.BooleanField(label="この値を基準値にする", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(key, f"{one.title.in_language('ja')}（{one.unit}）") for key, one in known_measures().items()]
        self.fields["measure_id"].choices = [("", "選んでください"), *choices]  # type: ignore[attr-defined]
