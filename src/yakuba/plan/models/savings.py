"""Hours freed (生まれた時間)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.things.models import PublicModel
from yakuba.plan.models.acted import Acted
from yakuba.plan.models.plan import Initiative, Plan
from yakuba.plan.rules.hours_freed import Method

METHODS = [(method.value, method.label) for method in Method]


class SavedWork(PublicModel, Acted):
    """A piece of work that takes less time than before, in one fiscal year; counts once a second person agreed."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="saved_work", verbose_name="計画")
    initiative = models.ForeignKey(
        Initiative, on_delete=models.PROTECT, null=True, blank=True, related_name="saved_work", verbose_name="取組"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    work = models.CharField("仕事", max_length=200)
    minutes_before = models.DecimalField("前（1件あたりの分）", max_digits=9, decimal_places=2)
    minutes_after = models.DecimalField("後（1件あたりの分）", max_digits=9, decimal_places=2)
    cases = models.PositiveIntegerField("件数（n）")
    method = models.CharField("測り方", max_length=6, choices=METHODS)
    evidence = models.TextField("根拠", max_length=2000)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "生まれた時間"
        ordering = ["-fiscal_year", "-acted_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes_before__gte=0) & Q(minutes_after__gte=0) & Q(cases__gte=1),
                name="plan_saved_work_figures_can_be",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work}（{self.fiscal_year}年度）"


class SavedWorkDecision(PublicModel, Acted):
    """A second person's word on a saving; one per entry."""

    saved_work = models.OneToOneField(
        SavedWork, on_delete=models.PROTECT, related_name="verdict", verbose_name="生まれた時間"
    )
    is_approved = models.BooleanField("承認")
    reason = models.CharField("理由", max_length=400, blank=True)

    class Meta:
        verbose_name = "生まれた時間の承認"

    def __str__(self) -> str:
        return f"{self.saved_work}: {'承認' if self.is_approved else '差し戻し'}"
