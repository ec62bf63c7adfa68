"""The plan (計画), its versions, and what stays the same through all versions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.things.api import NO_PERSONAL_DATA
from yakuba.kernel.things.models import PublicModel
from yakuba.plan.models.acted import Acted


class Plan(PublicModel):
    """A plan by its key. One plan at a time is shown to the public; others stay stored and readable in the office."""

    personal = NO_PERSONAL_DATA

    key = models.CharField("識別名", max_length=40, unique=True)
    title = models.CharField("計画名", max_length=200)
    town_code = models.CharField("団体コード", max_length=6)
    is_shown = models.BooleanField("公開ページに出す", default=False)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "計画"
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["is_shown"], condition=Q(is_shown=True), name="plan_one_plan_is_shown"),
        ]

    def __str__(self) -> str:
        return self.title


class PlanVersion(PublicModel, Acted):
    """A version (版) of a plan: the file as it was loaded. Rows are only ever added; the highest number counts.

    `text` is the file itself; `document` the same content as JSON, so that a version stays readable when the checks of
    plan files become stricter.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions", verbose_name="計画")
    number = models.PositiveSmallIntegerField("版")
    edition = models.CharField("版の名前", max_length=200)
    text = models.TextField("計画ファイル")
    document = models.TextField("内容")
    digest = models.CharField("ファイルの照合値", max_length=64)
    note = models.CharField("改定の理由", max_length=400, blank=True)

    class Meta:
        verbose_name = "計画の版"
        ordering = ["plan", "-number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number_once")]

    def __str__(self) -> str:
        return f"{self.plan} 第{self.number}版"


class Initiative(PublicModel):
    """An initiative (取組) through all versions of its plan; texts and schedule stand in the version."""

    personal = NO_PERSONAL_DATA

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="initiatives", verbose_name="計画")
    key = models.CharField("識別名", max_length=40)
    number = models.CharField("番号", max_length=20)
    title = models.CharField("取組", max_length=200)
    position = models.PositiveSmallIntegerField("並び順")
    is_current = models.BooleanField("今の版にある", default=True)

    class Meta:
        verbose_name = "取組"
        ordering = ["plan", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="plan_initiative_key_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Kpi(PublicModel):
    """An indicator (指標) through all versions; `initiative` is empty for those of the whole plan."""

    personal = NO_PERSONAL_DATA

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="kpis", verbose_name="計画")
    initiative = models.ForeignKey(
        Initiative, on_delete=models.PROTECT, null=True, blank=True, related_name="kpis", verbose_name="取組"
    )
    key = models.CharField("識別名", max_length=40)
    title = models.CharField("指標", max_length=200)
    measure_id = models.CharField("ものさし", max_length=80)
    position = models.PositiveSmallIntegerField("並び順")
    is_current = models.BooleanField("今の版にある", default=True)

    class Meta:
        verbose_name = "指標"
        ordering = ["plan", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="plan_kpi_key_once")]

    def __str__(self) -> str:
        return self.title


class Milestone(PublicModel):
    """A milestone (節目) through all versions: a result without a number that somebody can check."""

    personal = NO_PERSONAL_DATA

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="milestones", verbose_name="計画")
    initiative = models.ForeignKey(Initiative, on_delete=models.PROTECT, related_name="milestones", verbose_name="取組")
    key = models.CharField("識別名", max_length=40)
    statement = models.CharField("節目", max_length=200)
    due_fiscal_year = models.PositiveSmallIntegerField("期限の年度")
    position = models.PositiveSmallIntegerField("並び順")
    is_current = models.BooleanField("今の版にある", default=True)

    class Meta:
        verbose_name = "節目"
        ordering = ["plan", "position"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="plan_milestone_key_once"),
        ]

    def __str__(self) -> str:
        return self.statement
