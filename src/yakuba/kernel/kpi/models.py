"""Values of measures over time (KPIの履歴)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.kernel.things.api import NO_PERSONAL_DATA, DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel


class HandState(models.TextChoices):
    PROPOSED = "proposed", "承認待ち"
    APPROVED = "approved", "承認済み"
    REJECTED = "rejected", "差し戻し"


class HandMeasurement(PublicModel):
    """A value a person took (手入力), with its evidence; counts only after a second person approved it."""

    personal = PersonalData(
        purpose="手で測った値の根拠と、入力した人・承認した人を残すため",
        retention="計画期間の終了後5年",
        fields={"entered_by": DataClass.PERSONAL, "decided_by": DataClass.PERSONAL},
    )

    measure_id = models.CharField("指標", max_length=80)
    on = models.DateField("測った日")
    value = models.DecimalField("値", max_digits=18, decimal_places=4)
    n = models.PositiveIntegerField("件数（n）", null=True, blank=True)
    how = models.CharField("測り方", max_length=200)
    evidence = models.TextField("根拠", max_length=2000)
    evidence_file = models.CharField("根拠の資料", max_length=90, blank=True)
    is_baseline = models.BooleanField("基準値", default=False)
    entered_by = models.CharField("入力した人の番号", max_length=40)
    entered_name = models.CharField("入力した人", max_length=80)
    entered_at = models.DateTimeField("入力日時")
    state = models.CharField("状態", max_length=8, choices=HandState.choices, default=HandState.PROPOSED)
    decided_by = models.CharField("承認した人の番号", max_length=40, blank=True)
    decided_name = models.CharField("承認した人", max_length=80, blank=True)
    decided_at = models.DateTimeField("承認日時", null=True, blank=True)
    reason = models.CharField("差し戻しの理由", max_length=400, blank=True)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "手入力の計測"
        ordering = ["-on", "-entered_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="proposed") | ~Q(decided_by=F("entered_by")), name="kpi_second_person_decides"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.on}"


class Snapshot(models.Model):
    """One value of a measure on a day. Rows are only ever added; the database refuses anything else.

    A measured value exists once a day; a corrected hand value is a later row, the earlier one stays readable.
    """

    personal = NO_PERSONAL_DATA

    class Source(models.TextChoices):
        SYSTEM = "system", "自動計測"
        HAND = "hand", "手入力"

    measure_id = models.CharField("指標", max_length=80)
    on = models.DateField("日付")
    value = models.DecimalField("値", max_digits=18, decimal_places=4)
    n = models.PositiveIntegerField("件数（n）", null=True)
    source = models.CharField("出どころ", max_length=6, choices=Source.choices)
    hand = models.ForeignKey(HandMeasurement, on_delete=models.PROTECT, null=True, related_name="snapshots")
    is_baseline = models.BooleanField("基準値", default=False)
    is_sample = models.BooleanField("見本", default=False)
    taken_at = models.DateTimeField("記録日時")

    class Meta:
        verbose_name = "指標の値"
        indexes = [models.Index(fields=["measure_id", "on", "taken_at"], name="kpi_snapshot_series")]
        constraints = [
            models.UniqueConstraint(
                fields=["measure_id", "on"], condition=Q(source="system"), name="kpi_one_measured_value_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.on} {self.value}"
