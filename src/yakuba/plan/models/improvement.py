"""PDCA per fiscal year and OODA loops."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.things.models import PublicModel
from yakuba.plan.models.acted import Acted
from yakuba.plan.models.plan import Initiative, Kpi, Plan
from yakuba.plan.rules.ooda import Stage

STAGES = [(stage.value, stage.label) for stage in Stage]


class PdcaStep(models.TextChoices):
    """Step of the yearly cycle."""

    PLAN = "plan", "計画（Plan）"
    DO = "do", "実行（Do）"
    CHECK = "check", "評価（Check）"
    ACT = "act", "改善（Action）"


class PdcaEntry(PublicModel, Acted):
    """What was written for one step of the yearly cycle (PDCAサイクルの記録).

    Rows are only ever added; the latest of a step counts and earlier ones stay readable.
    """

    initiative = models.ForeignKey(
        Initiative, on_delete=models.PROTECT, related_name="pdca_entries", verbose_name="取組"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    step = models.CharField("段階", max_length=5, choices=PdcaStep.choices)
    text = models.TextField("内容", max_length=4000)

    class Meta:
        verbose_name = "PDCAの記録"
        ordering = ["initiative", "fiscal_year", "step", "-acted_at", "-id"]
        indexes = [models.Index(fields=["initiative", "fiscal_year"], name="plan_pdca_by_year")]

    def __str__(self) -> str:
        return f"{self.initiative} {self.fiscal_year}年度 {self.get_step_display()}"


class OodaLoop(PublicModel, Acted):
    """A quick loop from an observation to an action (OODAループ), usually opened by a KPI that left its corridor."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="loops", verbose_name="計画")
    initiative = models.ForeignKey(
        Initiative, on_delete=models.PROTECT, null=True, blank=True, related_name="loops", verbose_name="取組"
    )
    kpi = models.ForeignKey(
        Kpi, on_delete=models.PROTECT, null=True, blank=True, related_name="loops", verbose_name="指標"
    )
    title = models.CharField("題名", max_length=200)
    opened_on = models.DateField("観察した日")
    stage = models.CharField("段階", max_length=8, choices=STAGES, default=Stage.OBSERVED.value)
    value_before = models.DecimalField("観察したときの値", max_digits=18, decimal_places=4, null=True, blank=True)
    expected_before = models.DecimalField("計画上の値", max_digits=18, decimal_places=4, null=True, blank=True)
    value_after = models.DecimalField("実行の後の値", max_digits=18, decimal_places=4, null=True, blank=True)
    closed_on = models.DateField("終えた日", null=True, blank=True)
    is_automatic = models.BooleanField("指標から自動で開いた", default=False)

    class Meta:
        verbose_name = "OODAループ"
        ordering = ["-opened_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi"], condition=~Q(stage="closed") & Q(kpi__isnull=False), name="plan_one_open_loop_per_kpi"
            ),
            models.CheckConstraint(
                condition=Q(stage="closed", closed_on__isnull=False) | (~Q(stage="closed") & Q(closed_on__isnull=True)),
                name="plan_loop_closed_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OodaEntry(PublicModel, Acted):
    """One step of a loop in words. Rows are only ever added."""

    loop = models.ForeignKey(OodaLoop, on_delete=models.PROTECT, related_name="entries", verbose_name="ループ")
    stage = models.CharField("段階", max_length=8, choices=STAGES)
    text = models.TextField("内容", max_length=2000)
    on = models.DateField("日付")

    class Meta:
        verbose_name = "OODAの記録"
        ordering = ["loop", "acted_at", "id"]

    def __str__(self) -> str:
        return f"{self.loop} {self.get_stage_display()}"
