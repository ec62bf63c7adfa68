"""The counting list (数えた手続きの一覧) behind the KPI."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.kernel.catalogue.models.acted import Acted
from yakuba.kernel.catalogue.models.channel import Channel
from yakuba.kernel.catalogue.models.procedure import Procedure
from yakuba.kernel.catalogue.rules.kinds import ONLINE_KINDS, ChannelKind
from yakuba.kernel.things.models import PublicModel


class CountingEntry(Acted, PublicModel):
    """A procedure came online by a channel: since when, by which decision, when the first real submission arrived.

    Written when a channel opens, or imported as part of the list behind the plan's baseline (`is_baseline`). Corrected
    entries keep their edition; nothing is deleted: a line entered by mistake is struck (`struck_on`, with the reason).
    """

    procedure = models.ForeignKey(
        Procedure, on_delete=models.PROTECT, related_name="counting_entries", verbose_name="手続き"
    )
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, null=True, blank=True, related_name="counting_entries", verbose_name="方法"
    )
    channel_kind = models.CharField(
        "方法の種類", max_length=12, choices=[(one.value, one.label) for one in ChannelKind if one.is_online]
    )
    first_online_on = models.DateField("オンラインになった日")
    ended_on = models.DateField("オンラインでなくなった日", null=True, blank=True)
    decision = models.CharField("公開を決めた決裁", max_length=200)
    first_submission_on = models.DateField("最初の受付日", null=True, blank=True)
    source = models.CharField("出典", max_length=400)
    is_baseline = models.BooleanField("基準値の内訳", default=False)
    is_sample = models.BooleanField("見本", default=False)
    struck_on = models.DateField("取り消した日", null=True, blank=True)
    struck_reason = models.CharField("取り消した理由", max_length=400, blank=True)
    edition = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "数えた手続き"
        ordering = ["first_online_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "first_online_on"],
                condition=Q(channel__isnull=False, struck_on__isnull=True),
                name="catalogue_counted_once_per_opening",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("first_online_on")),
                name="catalogue_counting_period",
            ),
            models.CheckConstraint(
                condition=Q(channel_kind__in=sorted(kind.value for kind in ONLINE_KINDS)),
                name="catalogue_counting_online_only",
            ),
            models.CheckConstraint(
                condition=Q(struck_on__isnull=True) | ~Q(struck_reason=""), name="catalogue_strike_needs_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.get_channel_kind_display()}"
