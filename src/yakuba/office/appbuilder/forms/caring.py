"""Forms of the ledger: purpose and retention, hours saved."""

from __future__ import annotations

from django import forms

from yakuba.kernel.ui.api import DateField, TownForm
from yakuba.office.appbuilder.rules.keeping import MOST_YEARS, Care

_TEXT = forms.Textarea(attrs={"rows": 2})


class CareForm(TownForm):
    """What the owner says about the app."""

    purpose = forms.CharField(
        label="利用目的",
        max_length=500,
        required=False,
        widget=_TEXT,
        help_text="何の事務のために記録するか。例：備品の貸出しと返却を管理し、返却の遅れを連絡するため",
    )
    years = forms.IntegerField(
        label="保存期間（年）",
        min_value=0,
        max_value=MOST_YEARS,
        required=False,
        help_text="記録を最後に変えた年度の次の4月1日から数えます。空なら、期限なし（自動で廃棄の候補にしません）。",
    )
    retention = forms.CharField(
        label="保存期間の説明",
        max_length=200,
        required=False,
        help_text="例：文書管理規程の別表「備品台帳」による。期限を定めないときは、その理由",
    )
    people = forms.CharField(
        label="だれの情報か", max_length=200, required=False, help_text="例：備品を借りた団体の代表者"
    )
    collected = forms.CharField(
        label="どのように集めるか", max_length=200, required=False, help_text="例：本人が窓口で書く申込書"
    )
    given_to = forms.CharField(
        label="いつも渡している相手",
        max_length=200,
        required=False,
        help_text="庁外へ決まって渡す相手。なければ空のまま",
    )

    def made(self) -> Care:
        """What was typed, as the definition holds it."""
        return Care(**{key: value for key, value in self.cleaned_data.items() if value not in ("", None)})


class HoursForm(TownForm):
    """Hours a month before and now."""

    before = forms.DecimalField(
        label="前（月に何時間）", min_value=0, max_value=10_000, max_digits=6, decimal_places=1, help_text="全員の合計"
    )
    after = forms.DecimalField(
        label="今（月に何時間）", min_value=0, max_value=10_000, max_digits=6, decimal_places=1, help_text="全員の合計"
    )
    basis = forms.CharField(
        label="数え方",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="あとで確かめられるように、件数と1件あたりの時間などで書きます。例：転記 1件5分×月120件",
    )
    from_on = DateField(label="この日から")
