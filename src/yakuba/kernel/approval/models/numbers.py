"""Symbols, series and numbers of documents (文書記号、文書番号)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.approval.models.requests import RETENTION
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.things.api import DataClass, PersonalData, Ref
from yakuba.kernel.things.models import PublicModel


class SectionSymbol(models.Model):
    """The symbol of a section in document numbers (文書記号) from a day on, by section code."""

    personal = PublicModel.personal

    section_code = models.CharField("所属コード", max_length=20)
    symbol = models.CharField("文書記号", max_length=4)
    starts_on = models.DateField("この日から")

    class Meta:
        verbose_name = "文書記号"
        ordering = ["section_code", "-starts_on"]
        constraints = [models.UniqueConstraint(fields=["section_code", "starts_on"], name="approval_symbol_once_a_day")]

    def __str__(self) -> str:
        return self.symbol


class NumberSeries(models.Model):
    """The numbers of one fiscal year and symbol; the row is the lock under which the next number is taken."""

    personal = PublicModel.personal

    fiscal_year = models.PositiveSmallIntegerField("年度")
    symbol = models.CharField("文書記号", max_length=4)
    last_number = models.PositiveIntegerField("最後の番号", default=0)
    last_on = models.DateField("最後の番号の日付", null=True)

    class Meta:
        verbose_name = "文書番号の系列"
        ordering = ["-fiscal_year", "symbol"]
        constraints = [models.UniqueConstraint(fields=["fiscal_year", "symbol"], name="approval_one_series")]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.symbol}"


class DocumentNumber(PublicModel):
    """A number that was given (文書番号). Rows are only ever added: a number once given is never given again."""

    personal = PersonalData(
        purpose="文書番号をだれが取ったかを残すため",
        retention="永年（文書番号簿）",
        fields={"issued_name": DataClass.PERSONAL},
    )

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="numbers", verbose_name="系列")
    number = models.PositiveIntegerField("番号")
    written = models.CharField("文書番号", max_length=40)
    on = models.DateField("日付")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+", verbose_name="所属")
    about_kind = models.CharField("文書の種類", max_length=60, blank=True)
    about_id = models.CharField("文書", max_length=40, blank=True)
    issued_name = models.CharField("番号を取った人", max_length=80)
    issued_at = models.DateTimeField("番号を取った日時")
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "文書番号"
        ordering = ["-issued_at", "-id"]
        indexes = [models.Index(fields=["about_kind", "about_id"], name="approval_number_about")]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="approval_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="approval_number_from_one"),
        ]

    def __str__(self) -> str:
        return self.written

    @property
    def about(self) -> Ref | None:
        """The document that bears the number."""
        return Ref(self.about_kind, self.about_id) if self.about_kind else None

    @property
    def is_void(self) -> bool:
        return hasattr(self, "void")


class NumberedTitle(models.Model):
    """What a numbered document is about (件名): apart from the number, because it may name people and is disposed of."""

    personal = PersonalData(
        purpose="文書番号簿に件名を載せるため", retention=RETENTION, fields={"title": DataClass.PERSONAL}
    )

    number = models.OneToOneField(DocumentNumber, on_delete=models.PROTECT, related_name="titled")
    title = models.CharField("件名", max_length=200)

    class Meta:
        verbose_name = "文書の件名"

    def __str__(self) -> str:
        return self.title


class VoidedNumber(models.Model):
    """A number that was given and not used (欠番): it stays in the book, with the reason. Only ever added."""

    personal = PersonalData(
        purpose="欠番の理由を残すため", retention="永年（文書番号簿）", fields={"voided_name": DataClass.PERSONAL}
    )

    number = models.OneToOneField(DocumentNumber, on_delete=models.PROTECT, related_name="void")
    reason = models.CharField("欠番の理由", max_length=200)
    voided_name = models.CharField("欠番にした人", max_length=80)
    voided_at = models.DateTimeField("欠番にした日時")

    class Meta:
        verbose_name = "欠番"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="approval_void_has_a_reason")]

    def __str__(self) -> str:
        return self.reason
