"""How far the initiatives have come: confirmed milestones and yearly grades."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.things.models import PublicModel
from yakuba.plan.models.acted import Acted
from yakuba.plan.models.plan import Initiative, Milestone
from yakuba.plan.rules.grades import Grade

GRADES = [(grade.value, f"{grade.value} {grade.label}") for grade in Grade]


class MilestoneConfirmation(PublicModel, Acted):
    """Somebody checked a milestone (節目の確認). Rows are only ever added; the latest of a milestone counts.

    A confirmation that proved wrong is taken back by a further row with `is_met` false and the reason as evidence.
    """

    milestone = models.ForeignKey(
        Milestone, on_delete=models.PROTECT, related_name="confirmations", verbose_name="節目"
    )
    is_met = models.BooleanField("できた")
    on = models.DateField("できた日")
    evidence = models.TextField("根拠", max_length=2000)

    class Meta:
        verbose_name = "節目の確認"
        ordering = ["milestone", "-acted_at", "-id"]

    def __str__(self) -> str:
        return f"{self.milestone}: {'確認済み' if self.is_met else '取消'}"


class PhaseConfirmation(PublicModel, Acted):
    """Somebody confirmed that a phase of the schedule is finished (工程の完了確認). Rows are only ever added.

    `phase` is the key of the phase in the plan (`rules.schedule.phase_key`); a further row with `is_done` false takes
    a confirmation back.
    """

    initiative = models.ForeignKey(
        Initiative, on_delete=models.PROTECT, related_name="phase_confirmations", verbose_name="取組"
    )
    phase = models.CharField("工程", max_length=420)
    is_done = models.BooleanField("終わった")
    on = models.DateField("終わった日")
    evidence = models.TextField("根拠", max_length=2000)

    class Meta:
        verbose_name = "工程の完了確認"
        ordering = ["initiative", "-acted_at", "-id"]

    def __str__(self) -> str:
        return f"{self.initiative}: {self.phase}"


class Assessment(PublicModel, Acted):
    """A yearly grade (年度評価) with its reason. Rows are only ever added; the latest of a year counts.

    `proposed` is what the figures spoke for on that day and `findings` the grounds, kept word by word.
    """

    initiative = models.ForeignKey(
        Initiative, on_delete=models.PROTECT, related_name="assessments", verbose_name="取組"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    grade = models.CharField("評価", max_length=1, choices=GRADES)
    proposed = models.CharField("数値からの案", max_length=1, choices=GRADES)
    reason = models.TextField("理由", max_length=2000)
    evidence = models.TextField("根拠", max_length=2000)
    next_step = models.TextField("次の年度に向けて", max_length=2000, blank=True)
    findings = models.JSONField("数値からの案の根拠", default=list)

    class Meta:
        verbose_name = "年度評価"
        ordering = ["initiative", "-fiscal_year", "-acted_at", "-id"]
        indexes = [models.Index(fields=["fiscal_year", "initiative"], name="plan_assessment_by_year")]

    def __str__(self) -> str:
        return f"{self.initiative} {self.fiscal_year}年度 {self.grade}"


class AssessmentRelease(PublicModel, Acted):
    """The decision to publish a grade (評価の公開): until then it is a draft the office sees."""

    assessment = models.OneToOneField(
        Assessment, on_delete=models.PROTECT, related_name="release", verbose_name="年度評価"
    )
    decided_in = models.CharField("決めた場", max_length=200)

    class Meta:
        verbose_name = "評価の公開"

    def __str__(self) -> str:
        return f"{self.assessment} 公開"
