"""What the ledger keeps beside the definition: hours saved, and what happened to the app as a whole."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.office.appbuilder.models.apps import App


class HoursEntry(PublicModel):
    """Hours a month the work took before and takes with the app (削減した時間), as the owner counts them.

    Only ever added: the entry with the latest `from_on` counts, the later of two of the same day.
    """

    personal = PersonalData(
        purpose="アプリで減った時間を、だれがどのように数えたかを残すため",
        retention="アプリの台帳がある間",
        fields={"entered_by_name": DataClass.PERSONAL},
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="hours", verbose_name="アプリ")
    before = models.DecimalField("前（時間/月）", max_digits=7, decimal_places=1)
    after = models.DecimalField("今（時間/月）", max_digits=7, decimal_places=1)
    basis = models.CharField("数え方", max_length=400)
    from_on = models.DateField("この日から")
    entered_by_name = models.CharField("入れた人", max_length=80)
    entered_at = models.DateTimeField("入れた日時")

    class Meta:
        verbose_name = "削減した時間"
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(before__gte=0) & Q(after__gte=0), name="appbuilder_hours_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.app} {self.from_on}"

    @property
    def saved(self) -> Decimal:
        """Hours a month; below zero where the work takes longer now."""
        return self.before - self.after


class AppEvent(PublicModel):
    """Something that happened to an app as a whole (台帳のできごと): handed over, closed, opened again, copied, disposed
    of. Only ever added."""

    class Kind(models.TextChoices):
        HANDED_OVER = "handed", "引継ぎ"
        CLOSED = "closed", "使うのをやめた"
        REOPENED = "reopened", "使うのを再開した"
        TOOK_BACK = "took_back", "以前の版を下書きにした"
        COPIED = "copied", "試し用に複製した"
        DISPOSED = "disposed", "記録の廃棄"

    personal = PersonalData(
        purpose="アプリをだれが引き継ぎ、いつ使うのをやめたかを残すため",
        retention="アプリの台帳がある間",
        fields={"words": DataClass.PERSONAL, "by": DataClass.PERSONAL, "by_name": DataClass.PERSONAL},
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="events", verbose_name="アプリ")
    kind = models.CharField("できごと", max_length=10, choices=Kind.choices)
    words = models.CharField("内容", max_length=600, blank=True)
    by = models.CharField("した人の番号", max_length=40)
    by_name = models.CharField("した人", max_length=80)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "アプリの台帳のできごと"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.app} {self.get_kind_display()}"
