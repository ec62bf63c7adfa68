"""The residents' survey (住民満足度調査), added up; no single answer is stored."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.things.models import PublicModel
from yakuba.plan.models.acted import Acted
from yakuba.plan.models.plan import Plan


class Survey(PublicModel, Acted):
    """One survey with the way it was held. A corrected import is a further edition; the highest one counts."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="surveys", verbose_name="計画")
    title = models.CharField("調査名", max_length=200)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    held_on = models.DateField("調査の締切日")
    sent = models.PositiveIntegerField("配った数", null=True, blank=True)
    returned = models.PositiveIntegerField("回答数", null=True, blank=True)
    how = models.CharField("調査の方法", max_length=400)
    edition = models.PositiveSmallIntegerField("訂正回数", default=1)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "満足度調査"
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "title", "fiscal_year", "edition"], name="plan_survey_once"),
            models.CheckConstraint(
                condition=Q(sent__isnull=True) | Q(returned__isnull=True) | Q(returned__lte=models.F("sent")),
                name="plan_survey_returns_within_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.fiscal_year}年度）"


class SurveyItem(PublicModel):
    """One question with both shares in percent; counts are kept where they were given."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="items", verbose_name="調査")
    position = models.PositiveSmallIntegerField("順番")
    key = models.CharField("設問番号", max_length=20)
    title = models.CharField("設問", max_length=200)
    satisfaction = models.DecimalField("満足度（%）", max_digits=4, decimal_places=1)
    importance = models.DecimalField("重要度（%）", max_digits=4, decimal_places=1)
    answered = models.PositiveIntegerField("回答した人（n）")
    satisfaction_counts = models.JSONField("満足度の内訳", null=True, blank=True)
    importance_counts = models.JSONField("重要度の内訳", null=True, blank=True)

    class Meta:
        verbose_name = "設問"
        ordering = ["survey", "position"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "key"], name="plan_survey_item_once"),
            models.CheckConstraint(
                condition=Q(satisfaction__range=(0, 100)) & Q(importance__range=(0, 100)),
                name="plan_survey_shares_are_percent",
            ),
        ]

    def __str__(self) -> str:
        return self.title
