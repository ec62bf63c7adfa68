"""What clerks use beside the case: how a procedure is handled, notes, templates of answers."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.approval.api import ActKind, Decider
from yakuba.kernel.cases.models.case import RETENTION, Case
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.things.api import NO_PERSONAL_DATA, DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel


class SignUpMode(models.TextChoices):
    """How places of a 申込 are given."""

    BY_CLERK = "by_clerk", "担当が決める"
    FIRST_COME = "first_come", "先着順"
    LOTTERY = "lottery", "抽選"


class Handling(models.Model):
    """How cases of a procedure are handled (取扱い): what its decision is in law, who decides, places, stages.

    ``stage_forms`` names the stage of a 補助金 each form belongs to (``{"septic-subsidy-report": "report"}``).
    """

    personal = NO_PERSONAL_DATA

    procedure = models.OneToOneField(
        Procedure, on_delete=models.PROTECT, related_name="handling", verbose_name="手続き"
    )
    act_kind = models.CharField("決定の性質", max_length=17, choices=[(one.value, one.label) for one in ActKind])
    decider = models.CharField(
        "決裁者",
        max_length=16,
        choices=[(one.value, one.label) for one in Decider],
        default=Decider.SECTION_HEAD.value,
    )
    correction_days = models.PositiveSmallIntegerField("補正の期限（日）", null=True, blank=True)
    places = models.PositiveIntegerField("定員", null=True, blank=True)
    sign_up_mode = models.CharField(
        "定員の決め方", max_length=10, choices=SignUpMode.choices, default=SignUpMode.BY_CLERK.value
    )
    stage_forms = models.JSONField("補助金の段階の様式", default=dict, blank=True)
    report_days = models.PositiveSmallIntegerField("実績報告の期限（交付決定から何日）", null=True, blank=True)
    edition = models.PositiveIntegerField("版", default=1)
    changed_at = models.DateTimeField("変更日時")
    changed_name = models.CharField("変えた人", max_length=80)

    class Meta:
        verbose_name = "案件の取扱い"

    def __str__(self) -> str:
        return str(self.procedure)


class Draw(PublicModel):
    """A draw (抽選) among the sign-ups of a procedure: seed, everybody in the order drawn, and how many have a place.

    The order follows from seed and case ids (`rules.places.drawn_order`), so that anybody can check it afterwards.
    ``applied`` counts how many of the order have been told to their cases.
    """

    personal = PersonalData(
        purpose="抽選が公正に行われたことを、後から確かめられるようにするため",
        retention="抽選の年度の翌年度から5年",
        fields={"drawn_name": DataClass.PERSONAL},
    )

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="draws", verbose_name="手続き")
    seed = models.CharField("抽選の種", max_length=64)
    order = models.JSONField("抽選の順番")
    places = models.PositiveIntegerField("定員")
    reserves = models.PositiveIntegerField("補欠の数")
    applied = models.PositiveIntegerField("反映した数", default=0)
    drawn_at = models.DateTimeField("抽選日時")
    drawn_name = models.CharField("抽選した人", max_length=80)

    class Meta:
        verbose_name = "抽選"
        ordering = ["-drawn_at"]

    def __str__(self) -> str:
        return f"{self.procedure} {self.drawn_at:%Y-%m-%d}"


class Note(PublicModel):
    """An internal note (内部メモ) on a case; never shown to residents."""

    personal = PersonalData(
        purpose="担当の間で、案件について知っておくことを伝えるため",
        retention=RETENTION,
        fields={"words": DataClass.PERSONAL, "author": DataClass.PERSONAL, "author_name": DataClass.PERSONAL},
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes", verbose_name="案件")
    words = models.TextField("メモ")
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="書いた職員")
    author_name = models.CharField("書いた人", max_length=80)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "内部メモ"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.words[:40]


class TemplateUse(models.TextChoices):
    """Where a template of words is offered."""

    CORRECTION = "correction", "補正の依頼"
    REFUSAL = "refusal", "認めない理由"
    CONDITION = "condition", "条件"
    RETURN = "return", "返戻の理由"
    NOTE = "note", "内部メモ"


class AnswerTemplate(PublicModel):
    """A template of words (定型文) of a section, for one procedure or all of them."""

    personal = NO_PERSONAL_DATA

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+", verbose_name="所属")
    procedure = models.ForeignKey(
        Procedure, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="手続き"
    )
    use = models.CharField("使うところ", max_length=10, choices=TemplateUse.choices)
    title = models.CharField("題名", max_length=80)
    words = models.TextField("文")
    is_retired = models.BooleanField("使わない", default=False)
    edition = models.PositiveIntegerField("版", default=1)
    changed_at = models.DateTimeField("変更日時")

    class Meta:
        verbose_name = "定型文"
        ordering = ["title", "id"]
        indexes = [models.Index(fields=["section", "use"], name="cases_templates")]

    def __str__(self) -> str:
        return self.title
