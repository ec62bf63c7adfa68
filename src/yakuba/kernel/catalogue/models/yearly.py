"""How often a procedure was done in a fiscal year, and what was published of it."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.catalogue.models.acted import Acted
from yakuba.kernel.catalogue.models.procedure import Procedure
from yakuba.kernel.catalogue.rules.kinds import ChannelKind
from yakuba.kernel.things.models import PublicModel


class YearlyCount(Acted, PublicModel):
    """Cases of a procedure that arrived by a channel in a fiscal year **outside this system** (手入力の件数).

    What the system itself received is asked from the engines that hold it and never entered here.
    """

    procedure = models.ForeignKey(
        Procedure, on_delete=models.PROTECT, related_name="yearly_counts", verbose_name="手続き"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    channel_kind = models.CharField("方法", max_length=12, choices=[(one.value, one.label) for one in ChannelKind])
    count = models.PositiveIntegerField("件数")
    source = models.CharField("出典", max_length=400)
    edition = models.PositiveIntegerField("版", default=1)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "年度の件数"
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "fiscal_year", "channel_kind"], name="catalogue_one_count_per_year_and_channel"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.fiscal_year}年度 {self.count}件"


class YearlyPublication(Acted, PublicModel):
    """The table of a fiscal year as it was published (公表). A corrected table is a later row; nothing is overwritten."""

    fiscal_year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("版")
    published_on = models.DateField("公表日")
    table = models.JSONField("表")
    note = models.CharField("注記", max_length=400, blank=True)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "年度の公表"
        ordering = ["-fiscal_year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "number"], name="catalogue_publication_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}年度 第{self.number}版"
