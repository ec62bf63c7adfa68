"""Project teams and outside advice."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.plan.models.acted import ACTOR_FIELDS, PURPOSE, RETENTION, Acted
from yakuba.plan.models.plan import Initiative, Plan


class ProjectTeam(PublicModel, Acted):
    """A project team (プロジェクトチーム): DX leaders, the section in charge and the secretariat around one problem."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="teams", verbose_name="計画")
    name = models.CharField("チーム名", max_length=100)
    aim = models.TextField("解決する課題", max_length=1000)
    initiatives = models.ManyToManyField(Initiative, related_name="teams", verbose_name="取組")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+", verbose_name="課題の所管課")
    starts_on = models.DateField("始まり")
    ends_on = models.DateField("終わり（この日から無い）", null=True, blank=True)
    result = models.TextField("成果", max_length=2000, blank=True)

    class Meta:
        verbose_name = "プロジェクトチーム"
        ordering = ["-starts_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="plan_team_period"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamRole(models.TextChoices):
    """Part somebody plays in a team."""

    LEADER = "leader", "DX推進リーダー"
    SECTION = "section", "所管課"
    SECRETARIAT = "secretariat", "事務局"


class TeamMember(PublicModel, Acted):
    """A person in a team, with dates."""

    personal = PersonalData(purpose=PURPOSE, retention=RETENTION, fields={**ACTOR_FIELDS, "staff": DataClass.PERSONAL})

    team = models.ForeignKey(ProjectTeam, on_delete=models.PROTECT, related_name="members", verbose_name="チーム")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name="職員")
    role = models.CharField("役割", max_length=11, choices=TeamRole.choices)
    starts_on = models.DateField("始まり")
    ends_on = models.DateField("終わり（この日から無い）", null=True, blank=True)

    class Meta:
        verbose_name = "チームの一員"
        ordering = ["team", "role", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "staff"], condition=Q(ends_on__isnull=True), name="plan_member_once_per_team"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.get_role_display()}"


class Advice(PublicModel, Acted):
    """Advice of an outside expert (外部人材の助言・提言) and the town's answer to it."""

    personal = PersonalData(
        purpose=PURPOSE,
        retention=RETENTION,
        fields={**ACTOR_FIELDS, "adviser": DataClass.PERSONAL, "answered_name": DataClass.PERSONAL},
    )

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="advice", verbose_name="計画")
    initiative = models.ForeignKey(
        Initiative, on_delete=models.PROTECT, null=True, blank=True, related_name="advice", verbose_name="取組"
    )
    adviser = models.CharField("助言者", max_length=80)
    given_on = models.DateField("助言の日")
    text = models.TextField("助言", max_length=4000)
    is_accepted = models.BooleanField("取り入れる", null=True, blank=True)
    answer = models.TextField("町の答え", max_length=4000, blank=True)
    answered_name = models.CharField("答えた人", max_length=80, blank=True)
    answered_on = models.DateField("答えた日", null=True, blank=True)

    class Meta:
        verbose_name = "助言"
        verbose_name_plural = "助言"
        ordering = ["-given_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer="") | (Q(answered_on__isnull=False) & ~Q(answer="")),
                name="plan_advice_answered_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_on} {self.adviser}"
