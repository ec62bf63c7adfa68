"""The error book (不具合の記録)."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.things.api import NO_PERSONAL_DATA
from yakuba.kernel.things.models import PublicModel


class ErrorEntry(PublicModel):
    """One kind of fault of the program: where it happened, how often, when last. No text a person typed."""

    personal = NO_PERSONAL_DATA

    fingerprint = models.CharField("種類", max_length=64, unique=True)
    exception = models.CharField("例外", max_length=120)
    route = models.CharField("ページ", max_length=200, blank=True)
    where = models.JSONField("場所", default=list)
    count = models.PositiveIntegerField("回数", default=1)
    first_at = models.DateTimeField("最初")
    last_at = models.DateTimeField("最後")
    last_request_id = models.CharField("最後の要求番号", max_length=32, blank=True)
    is_settled = models.BooleanField("対応済み", default=False)
    note = models.CharField("対応", max_length=400, blank=True)

    class Meta:
        verbose_name = "不具合"
        ordering = ["is_settled", "-last_at"]

    def __str__(self) -> str:
        return f"{self.exception} {self.route}"
