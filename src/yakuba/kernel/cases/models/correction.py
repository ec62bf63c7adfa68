"""Asking the applicant to put single answers right (補正)."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from yakuba.kernel.cases.models.case import RETENTION, Case
from yakuba.kernel.forms.models import AnswerSet
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel


class CorrectionState(models.TextChoices):
    """Where a request for correction stands."""

    ASKED = "asked", "依頼中"
    OVERDUE = "overdue", "期限経過"
    ANSWERED = "answered", "回答済み"
    TAKEN_BACK = "taken_back", "取消し"


class Correction(PublicModel):
    """One request for correction: which answers, what about them, until when; and what came back.

    ``items`` is a list of ``{"path", "label", "comment"}``. ``before`` are the answers that were asked about, ``after``
    those that came back: both stay.
    """

    personal = PersonalData(
        purpose="申請の足りないところを直してもらい、前と後を比べられるようにするため",
        retention=RETENTION,
        fields={
            "items": DataClass.PERSONAL,
            "message": DataClass.PERSONAL,
            "asked_by": DataClass.PERSONAL,
            "asked_name": DataClass.PERSONAL,
        },
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="corrections", verbose_name="案件")
    number = models.PositiveSmallIntegerField("回")
    items = models.JSONField("直してほしい答え", encoder=DjangoJSONEncoder)
    message = models.TextField("説明", blank=True)
    deadline = models.DateField("期限")
    state = models.CharField(
        "状態", max_length=10, choices=CorrectionState.choices, default=CorrectionState.ASKED.value
    )
    asked_at = models.DateTimeField("依頼日時")
    asked_on = models.DateField("依頼日")
    asked_by = models.CharField("依頼した人の番号", max_length=40)
    asked_name = models.CharField("依頼した人", max_length=80)
    closed_on = models.DateField("終わった日", null=True, blank=True)
    before = models.ForeignKey(AnswerSet, on_delete=models.PROTECT, related_name="+", verbose_name="直す前の答え")
    after = models.ForeignKey(
        AnswerSet, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="直した後の答え"
    )

    class Meta:
        verbose_name = "補正の依頼"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="cases_correction_numbers"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=["asked", "overdue"]),
                name="cases_one_correction_at_a_time",
            ),
            models.CheckConstraint(
                condition=(Q(state="answered") & Q(after__isnull=False))
                | (~Q(state="answered") & Q(after__isnull=True)),
                name="cases_answered_correction_has_answers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number} 補正 第{self.number}回"

    @property
    def is_open(self) -> bool:
        """Whether the applicant can still answer."""
        return self.state in (CorrectionState.ASKED, CorrectionState.OVERDUE)

    @property
    def paths(self) -> tuple[str, ...]:
        """The places that were asked about."""
        return tuple(item["path"] for item in self.items)
