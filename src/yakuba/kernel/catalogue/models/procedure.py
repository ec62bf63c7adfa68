"""The procedure (手続き), its life events, its editions."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from yakuba.kernel.catalogue.models.acted import Acted
from yakuba.kernel.catalogue.rules.content import Document, Fee, Ground, ProcedureContent, read_content
from yakuba.kernel.catalogue.rules.kinds import IdentityLevel, ProcedureKind, SignatureRule
from yakuba.kernel.organisation.models import Authority, Section
from yakuba.kernel.things.api import NO_PERSONAL_DATA
from yakuba.kernel.things.models import PublicModel
from yakuba.kernel.values.api import Text


class Procedure(Acted, PublicModel):
    """A procedure (手続き) residents and businesses do with the town.

    `values` is the whole description (`ProcedureContent`); the columns beside it repeat what lists filter and sort by
    and are written by the verbs only. `delivered` is the description as the data files last gave it, `offered` a newer
    delivery that differs from what clerks changed and waits for their word. `edition` counts the changes.
    """

    key = models.SlugField("識別名", max_length=60, unique=True)
    number = models.PositiveSmallIntegerField("番号", unique=True)
    title_ja = models.CharField("手続名", max_length=200)
    kind = models.CharField("種類", max_length=12, choices=[(one.value, one.label) for one in ProcedureKind])
    section_role = models.CharField("担当の役割", max_length=40)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="procedures", verbose_name="担当の所属"
    )
    authority = models.ForeignKey(
        Authority,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="procedures",
        verbose_name="決定する機関",
    )
    identity = models.CharField("本人確認", max_length=10, choices=[(one.value, one.label) for one in IdentityLevel])
    signature = models.CharField("署名", max_length=10, choices=[(one.value, one.label) for one in SignatureRule])
    standard_days = models.PositiveSmallIntegerField("標準処理期間（営業日）", null=True, blank=True)
    retention_years = models.PositiveSmallIntegerField("保存年限（年）", null=True, blank=True)
    missing = models.JSONField("足りない事項", default=list)
    missing_count = models.PositiveSmallIntegerField("足りない事項の数", default=0)
    values = models.JSONField("内容")
    delivered = models.JSONField("配布データの内容", null=True, blank=True)
    offered = models.JSONField("町の内容と違う配布データ", null=True, blank=True)
    edition = models.PositiveIntegerField("版", default=1)
    is_shown = models.BooleanField("公開する", default=True)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "手続き"
        ordering = ["number"]

    def __str__(self) -> str:
        return self.title_ja

    @property
    def content(self) -> ProcedureContent:
        """The description, read once per object."""
        known: tuple[Any, ProcedureContent] | None = self.__dict__.get("_content")
        if known is None or known[0] is not self.values:
            known = (self.values, read_content(self.values))
            self.__dict__["_content"] = known
        return known[1]

    @property
    def title(self) -> Text:
        return self.content.title

    @property
    def who(self) -> Text:
        return self.content.who

    @property
    def when(self) -> Text:
        return self.content.when

    @property
    def documents(self) -> tuple[Document, ...]:
        return self.content.documents

    @property
    def fee(self) -> Fee:
        return self.content.fee

    @property
    def grounds(self) -> tuple[Ground, ...]:
        return self.content.grounds

    @property
    def identity_level(self) -> IdentityLevel:
        return IdentityLevel(self.identity)

    @property
    def signature_rule(self) -> SignatureRule:
        return SignatureRule(self.signature)


class ProcedureEvent(models.Model):
    """A procedure belongs to a life event (ライフイベント); `event` is its key in `data/procedures/events.toml`."""

    personal = NO_PERSONAL_DATA

    procedure = models.ForeignKey(Procedure, on_delete=models.CASCADE, related_name="events", verbose_name="手続き")
    event = models.SlugField("ライフイベント", max_length=40)
    position = models.PositiveSmallIntegerField("順序", default=0)

    class Meta:
        verbose_name = "手続きのライフイベント"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "event"], name="catalogue_event_once_per_procedure"),
        ]
        indexes = [models.Index(fields=["event"], name="catalogue_by_event")]

    def __str__(self) -> str:
        return f"{self.procedure} {self.event}"


class Source(models.TextChoices):
    """Where an edition came from."""

    DELIVERED = "delivered", "配布データ"
    CLERK = "clerk", "職員の編集"
    SHEET = "sheet", "表の取り込み"


class ProcedureEdition(Acted):
    """One edition (版) of a procedure, as it was described from that moment. Rows are only ever added."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="editions", verbose_name="手続き")
    number = models.PositiveIntegerField("版")
    values = models.JSONField("内容")
    source = models.CharField("出どころ", max_length=10, choices=Source.choices)
    note = models.CharField("変えた理由", max_length=400, blank=True)

    class Meta:
        verbose_name = "手続きの版"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="catalogue_edition_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="catalogue_edition_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} 第{self.number}版"
