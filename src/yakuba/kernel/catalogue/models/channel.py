"""The ways a procedure is received (受付の方法)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.kernel.catalogue.models.acted import Acted
from yakuba.kernel.catalogue.models.procedure import Procedure
from yakuba.kernel.catalogue.rules.kinds import ONLINE_KINDS, ChannelKind
from yakuba.kernel.things.models import PublicModel
from yakuba.kernel.values.api import Text

_ONLINE = sorted(kind.value for kind in ONLINE_KINDS)


class LinkState(models.TextChoices):
    """What the last look at an outside address found."""

    UNKNOWN = "unknown", "まだ確かめていません"
    WELL = "well", "開けます"
    MOVED = "moved", "移転しています"
    BROKEN = "broken", "開けません"
    UNREACHED = "unreached", "確かめられませんでした"


class Channel(Acted, PublicModel):
    """One way a procedure is received: counter, post, telephone, or online.

    An online channel is being prepared until it is opened with a decision (`live_since`, `decision`). `target` is the key
    of the form for `yakuba_form`, else an address. `closed_on` is the first day it is no longer open.
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="channels", verbose_name="手続き")
    kind = models.CharField("方法", max_length=12, choices=[(one.value, one.label) for one in ChannelKind])
    target = models.CharField("行き先", max_length=500, blank=True)
    note = models.JSONField("補足", default=dict, blank=True)
    live_since = models.DateField("受付を始めた日", null=True, blank=True)
    decision = models.CharField("公開を決めた決裁", max_length=200, blank=True)
    decision_ref = models.CharField("決裁の記録", max_length=90, blank=True)
    closed_on = models.DateField("受付を終えた日", null=True, blank=True)
    closing_reason = models.CharField("終えた理由", max_length=400, blank=True)
    position = models.PositiveSmallIntegerField("順序", default=0)
    edition = models.PositiveIntegerField("版", default=1)
    is_sample = models.BooleanField("見本", default=False)
    link_state = models.CharField("リンクの状態", max_length=9, choices=LinkState.choices, default=LinkState.UNKNOWN)
    link_note = models.CharField("リンクの確認結果", max_length=200, blank=True)
    link_checked_at = models.DateTimeField("リンクを確かめた日時", null=True, blank=True)

    class Meta:
        verbose_name = "受付の方法"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "kind", "target"],
                condition=Q(closed_on__isnull=True),
                name="catalogue_channel_once_while_open",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(live_since__isnull=True) | Q(closed_on__gte=F("live_since")),
                name="catalogue_channel_period",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=_ONLINE) | Q(live_since__isnull=True) | ~Q(decision=""),
                name="catalogue_online_channel_needs_decision",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=_ONLINE) | Q(live_since__isnull=True) | ~Q(target=""),
                name="catalogue_online_channel_needs_target",
            ),
        ]
        indexes = [models.Index(fields=["kind", "live_since"], name="catalogue_live_channels")]

    def __str__(self) -> str:
        return f"{self.procedure} {self.channel_kind.label}"

    @property
    def channel_kind(self) -> ChannelKind:
        return ChannelKind(self.kind)

    @property
    def is_online(self) -> bool:
        return self.channel_kind.is_online

    @property
    def note_text(self) -> Text | None:
        """What a reader should know of this way, e.g. 「8時30分から17時15分まで」."""
        return Text.from_dict(self.note) if self.note else None

    @property
    def state_label(self) -> str:
        if self.closed_on is not None:
            return "終了"
        return "受付中" if self.live_since is not None or not self.is_online else "準備中"
