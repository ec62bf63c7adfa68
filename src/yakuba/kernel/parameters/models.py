"""What this installation is, and the town's dated values (例規に基づく値)."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.things.api import NO_PERSONAL_DATA


class Installation(models.Model):
    """One row: whether this database was made by the sample generator, and the day it lives on."""

    personal = NO_PERSONAL_DATA

    only = models.BooleanField("一つだけ", primary_key=True, default=True)
    is_sample = models.BooleanField("見本の町", default=False)
    sample_today = models.DateField("見本の町の今日", null=True, blank=True)
    made_at = models.DateTimeField("作成日時")

    class Meta:
        verbose_name = "設置の状態"
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="parameters_one_installation")]

    def __str__(self) -> str:
        return "見本の町" if self.is_sample else "町"
