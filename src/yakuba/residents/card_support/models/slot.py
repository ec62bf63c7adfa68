"""Places (会場) and their slots (予約枠)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.kernel.things.api import NO_PERSONAL_DATA
from yakuba.kernel.things.models import PublicModel
from yakuba.kernel.values.api import Text


class Place(PublicModel):
    """Where one comes to (会場): the town hall, a branch. Names in three languages; a closed place takes no bookings."""

    personal = NO_PERSONAL_DATA

    name = models.CharField("名前", max_length=60, unique=True)
    name_easy = models.CharField("名前（やさしい日本語）", max_length=120)
    name_en = models.CharField("名前（英語）", max_length=120)
    place = models.CharField("所在地・階", max_length=120, blank=True)
    order = models.PositiveSmallIntegerField("並び順", default=0)
    is_open = models.BooleanField("予約を受けている", default=True)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "会場"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def text(self) -> Text:
        return Text(self.name, easy=self.name_easy, en=self.name_en)


class Slot(PublicModel):
    """A slot (予約枠): so many people from a moment on. ``taken`` counts the people of the appointments that hold places
    here; the database keeps it between none and ``capacity``, so that nobody is booked twice however many press at once.
    ``only_for`` lists purposes between commas (``,apply,collect,``), so that the database finds a word in it.
    """

    personal = NO_PERSONAL_DATA

    venue = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="slots", verbose_name="会場")
    starts_at = models.DateTimeField("始まり")
    day = models.DateField("日")
    minutes = models.PositiveSmallIntegerField("長さ（分）")
    capacity = models.PositiveSmallIntegerField("定員（人）")
    taken = models.PositiveSmallIntegerField("予約済み（人）", default=0)
    only_for = models.CharField("受ける用件（空ならすべて）", max_length=400, blank=True)
    is_closed = models.BooleanField("閉じた", default=False)
    closed_reason = models.CharField("閉じた理由", max_length=200, blank=True)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "予約枠"
        ordering = ["starts_at", "venue__order", "pk"]
        indexes = [models.Index(fields=["day", "venue"], name="card_slot_day")]
        constraints = [
            models.UniqueConstraint(fields=["venue", "starts_at"], name="card_slot_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="card_slot_not_overbooked"),
            models.CheckConstraint(condition=Q(capacity__gte=1, capacity__lte=50), name="card_slot_capacity"),
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=480), name="card_slot_length"),
        ]

    def __str__(self) -> str:
        return f"{self.venue} {self.day}"

    @property
    def purposes(self) -> tuple[str, ...]:
        """The purposes it takes; none named means all."""
        return tuple(filter(None, self.only_for.split(",")))

    @property
    def free(self) -> int:
        """How many people still fit."""
        return 0 if self.is_closed else self.capacity - self.taken
