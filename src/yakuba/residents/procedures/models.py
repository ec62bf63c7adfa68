"""What residents say about a procedure once it is over."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.cases.models import Case
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.things.api import NO_PERSONAL_DATA, DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel

KEPT = "3年"


class Opinion(PublicModel):
    """How content somebody was with a procedure (満足度), 1 to 5, and words if they liked to add some.

    Nothing points at the case or the person. The day is that of its month's beginning, so that a row is not found again
    by when it came. People are asked to write no names; words may hold one all the same.
    """

    personal = PersonalData(
        purpose="オンライン手続きを使いやすくするため（だれが答えたかは記録しません）",
        retention=KEPT,
        fields={"words": DataClass.PERSONAL},
    )

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="opinions", verbose_name="手続き")
    arrival = models.CharField("受付の方法", max_length=7)
    month = models.DateField("答えた月（1日）")
    score = models.PositiveSmallIntegerField("満足度（1〜5）")
    words = models.TextField("ことば", blank=True)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "利用者の声"
        ordering = ["-month", "public_id"]
        indexes = [models.Index(fields=["procedure", "month"], name="procedures_opinions")]
        constraints = [models.CheckConstraint(condition=Q(score__range=(1, 5)), name="procedures_score_of_five")]

    def __str__(self) -> str:
        return f"{self.procedure} {self.score}"


class Asked(models.Model):
    """That the opinion about a case was given; not which."""

    personal = NO_PERSONAL_DATA

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, primary_key=True, related_name="opinion_asked", verbose_name="案件"
    )

    class Meta:
        verbose_name = "満足度をたずねた案件"

    def __str__(self) -> str:
        return str(self.case)
