"""What this installation is, and the town's dated values (例規に基づく値)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.kernel.things.api import NO_PERSONAL_DATA, DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel


class Installation(models.Model):
    """One row: whether this database was made by the sample generator, and the day it lives on."""

    personal = NO_PERSONAL_DATA

    only = models.BooleanField("一つだけ", primary_key=True, default=True)
    is_sample = models.BooleanField("見本の町", default=False)
    sample_today = models.DateField("見本の町の今日", null=True, blank=True)
    made_at = models.DateTimeField("作成日時")

    class Meta:
        verbose_name = "設置の状態"
        constraints = [models.CheckConstraint(condition=Q(only=True), name="parameters_one_installation")]

    def __str__(self) -> str:
        return "見本の町" if self.is_sample else "町"


class ValueState(models.TextChoices):
    PROPOSED = "proposed", "承認待ち"
    APPROVED = "approved", "決定"
    REJECTED = "rejected", "差し戻し"


class ParameterValue(PublicModel):
    """A value of a parameter from a day on (施行日), with its source; proposed by one person, approved by another.

    Decided rows never change: a correction is a later row with the same day.
    """

    personal = PersonalData(
        purpose="条例などに基づく値をだれが変えたかを残すため",
        retention="値を使った記録の保存期間が終わるまで",
        fields={"proposed_by": DataClass.PERSONAL, "decided_by": DataClass.PERSONAL},
    )

    key = models.CharField("項目", max_length=80)
    value = models.JSONField("値")
    valid_from = models.DateField("施行日")
    source = models.CharField("根拠", max_length=200)
    proposed_by = models.CharField("提案した人の番号", max_length=40)
    proposed_name = models.CharField("提案した人", max_length=80)
    proposed_at = models.DateTimeField("提案日時")
    state = models.CharField("状態", max_length=8, choices=ValueState.choices, default=ValueState.PROPOSED)
    decided_by = models.CharField("決定した人の番号", max_length=40, blank=True)
    decided_name = models.CharField("決定した人", max_length=80, blank=True)
    decided_at = models.DateTimeField("決定日時", null=True, blank=True)
    reason = models.CharField("差し戻しの理由", max_length=400, blank=True)

    class Meta:
        verbose_name = "条例などに基づく値"
        ordering = ["key", "-valid_from", "-decided_at"]
        indexes = [models.Index(fields=["key", "state", "-valid_from"], name="parameters_value_on")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="proposed") | ~Q(decided_by=F("proposed_by")),
                name="parameters_second_person_decides",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.valid_from}"
