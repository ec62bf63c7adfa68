"""Uploaded first-week workbooks: checked, waiting, being applied."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel


class UploadState(models.TextChoices):
    REFUSED = "refused", "誤りあり"
    CHECKED = "checked", "反映待ち"
    APPLYING = "applying", "反映中"
    DONE = "done", "反映済み"
    DISCARDED = "discarded", "取りやめ"


class Upload(PublicModel):
    """One workbook on its way into the organisation.

    ``content`` is the file as sent (for the error sheet), ``lines`` what it would write, ``done`` how many lines are
    written. Content and lines are emptied when they are no longer needed.
    """

    personal = PersonalData(
        purpose="組織と職員の最初の登録（取り込み前の確認と、誤りの返却）",
        retention="反映または取りやめの時まで。確認だけのものは7日",
        fields={"content": DataClass.PERSONAL, "lines": DataClass.PERSONAL, "faults": DataClass.PERSONAL},
    )

    filename = models.CharField("ファイル名", max_length=200)
    content = models.BinaryField("ファイル", default=bytes)
    state = models.CharField("状態", max_length=10, choices=UploadState.choices)
    counts = models.JSONField("件数", default=dict)
    lines = models.JSONField("反映する行", default=list)
    faults = models.JSONField("誤り", default=list)
    notices = models.JSONField("注意", default=list)
    done = models.PositiveIntegerField("反映した行数", default=0)
    uploaded_by = models.CharField("取り込んだ人", max_length=40)
    uploaded_at = models.DateTimeField("取り込み日時")
    finished_at = models.DateTimeField("終了日時", null=True, blank=True)

    class Meta:
        verbose_name = "最初の登録"
        ordering = ["-uploaded_at"]
        indexes = [models.Index(fields=["-uploaded_at"], name="firstweek_upload_latest")]

    def __str__(self) -> str:
        return self.filename

    @property
    def total(self) -> int:
        """How many lines it writes in all."""
        return sum(count["add"] + count["change"] for count in self.counts.values())
