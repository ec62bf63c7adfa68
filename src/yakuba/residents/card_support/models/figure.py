"""How many cards people of the town hold (保有枚数), as others publish it: entered by hand, never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel


class HolderFigure(PublicModel):
    """One figure with its day and source. A later row for the same day corrects the earlier one; both stay."""

    personal = PersonalData(
        purpose="だれが数を入れたかを残すため", retention="永年（統計）", fields={"entered_by": DataClass.PERSONAL}
    )

    on = models.DateField("いつ現在")
    cards = models.PositiveIntegerField("保有枚数")
    population = models.PositiveIntegerField("人口", null=True, blank=True)
    source = models.CharField("出典", max_length=200)
    entered_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="入力した職員"
    )
    entered_at = models.DateTimeField("入力日時")
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "カードの保有枚数"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="card_figure_has_source"),
            models.CheckConstraint(
                condition=Q(population__isnull=True) | Q(population__gte=1), name="card_figure_population"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.cards}枚"
