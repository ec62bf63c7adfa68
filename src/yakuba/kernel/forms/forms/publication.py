"""Forms around publishing: the legal ground, when and for how many it is open, whom to ask."""

from __future__ import annotations

from datetime import datetime
from datetime import time as clock_time
from typing import Any

from django import forms
from django.db.models import QuerySet

from yakuba.kernel.forms.models import FormVersion
from yakuba.kernel.forms.rules.lifecycle import LegalGround
from yakuba.kernel.organisation.models import Authority, Section
from yakuba.kernel.ui.api import DateField, TownForm
from yakuba.kernel.values.api import TOKYO


class GroundForm(TownForm):
    """Why the form may be online (法的根拠), and its opening period and capacity."""

    law = forms.CharField(
        label="手続の根拠（法令・条例）", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="条まで書きます。例：○○町放課後児童クラブ条例第5条、同施行規則第3条",
    )  # fmt: skip
    online = forms.CharField(
        label="オンラインで受け付ける根拠", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例：情報通信技術を活用した行政の推進等に関する法律第6条第1項、または町の情報通信技術利用条例",
    )  # fmt: skip
    signature = forms.CharField(
        label="署名・押印の定めと扱い", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="署名や押印を求める定めがあるか、オンラインでは何に代えるか。定めがないときは、そう書きます。",
    )  # fmt: skip
    purpose = forms.CharField(
        label="個人情報の利用目的", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="何のために、どの範囲で使うか。町民の画面にも出ます。",
    )  # fmt: skip
    opens_on = DateField(label="受付を始める日", required=False, help_text="空欄なら、公開したときから受け付けます。")
    opens_at = forms.TimeField(
        label="時刻",
        required=False,
        input_formats=["%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    closes_on = DateField(label="受付を終える日", required=False, help_text="空欄なら、期限なく受け付けます。")
    closes_at = forms.TimeField(
        label="時刻", required=False, input_formats=["%H:%M"], widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="空欄なら、その日の終わりまで受け付けます。",
    )  # fmt: skip
    capacity = forms.IntegerField(
        label="定員（受け付ける件数）",
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text="空欄なら、制限しません。",
    )

    def __init__(self, data: Any = None, *, version: FormVersion) -> None:
        opens, closes = _local(version.opens_at), _local(version.closes_at)
        super().__init__(
            data,
            initial={
                "law": version.law,
                "online": version.online_ground,
                "signature": version.signature_rule,
                "purpose": version.purpose,
                "opens_on": opens.date() if opens else None,
                "opens_at": opens.time() if opens else None,
                "closes_on": closes.date() if closes else None,
                "closes_at": closes.time() if closes else None,
                "capacity": version.capacity,
            },
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for day, time in (("opens_on", "opens_at"), ("closes_on", "closes_at")):
            if cleaned.get(time) is not None and cleaned.get(day) is None and not self.errors.get(day):
                self.add_error(day, "時刻だけでは決まりません。日付も入力してください。")
        opens, closes = self._moment("opens", cleaned, "00:00"), self._moment("closes", cleaned, "23:59:59")
        if opens and closes and closes <= opens:
            self.add_error("closes_on", "受付を終える日時が、始める日時より前になっています。")
        return cleaned

    def _moment(self, name: str, cleaned: dict[str, Any], otherwise: str) -> datetime | None:
        day, time = cleaned.get(f"{name}_on"), cleaned.get(f"{name}_at")
        if day is None:
            return None
        return datetime.combine(day, time or clock_time.fromisoformat(otherwise), TOKYO)

    @property
    def ground(self) -> LegalGround:
        """The legal ground that was typed."""
        return LegalGround(
            **{name: self.cleaned_data[name].strip() for name in ("law", "online", "signature", "purpose")}
        )

    @property
    def opening(self) -> tuple[datetime | None, datetime | None, int | None]:
        """Opening, closing, capacity."""
        cleaned = self.cleaned_data
        return (
            self._moment("opens", cleaned, "00:00"),
            self._moment("closes", cleaned, "23:59:59"),
            cleaned.get("capacity"),
        )


class AskForm(TownForm):
    """Whom the decision to publish is asked of."""

    authority = forms.ModelChoiceField(
        label="決裁を受ける執行機関",
        queryset=Authority.objects.none(),
        to_field_name="public_id",
        empty_label=None,
        help_text="手続きを所管する機関です。決裁者は、担当課の決裁の定めに従います。",
    )

    def __init__(self, data: Any = None, *, authorities: QuerySet[Authority], first: Authority | None) -> None:
        super().__init__(data, initial={"authority": first.public_id if first else None})
        self.fields["authority"].queryset = authorities  # type: ignore[attr-defined]


class SectionForm(TownForm):
    """Which section keeps the form."""

    section = forms.ModelChoiceField(
        label="担当", queryset=Section.objects.none(), required=False, empty_label="決めない（DX推進事務局だけが変える）",
        to_field_name="public_id",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, sections: QuerySet[Section], first: Section | None) -> None:
        super().__init__(data, initial={"section": first.public_id if first else None})
        self.fields["section"].queryset = sections  # type: ignore[attr-defined]


class NewVersionForm(TownForm):
    """Why there is a next version."""

    note = forms.CharField(label="変えること", max_length=300, help_text="例：令和9年度の料金に合わせる")


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(TOKYO) if moment is not None else None
