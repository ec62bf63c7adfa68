"""What people say to each other at a record."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.office.appbuilder.models.records import RETENTION, Record


class RecordComment(PublicModel):
    """A comment (コメント) at a record. Never changed; one taken back keeps its place without its text."""

    personal = PersonalData(
        purpose="記録について職員どうしで連絡を取り、その経過を残すため",
        retention=RETENTION,
        fields={
            "text": DataClass.SENSITIVE,
            "mentioned": DataClass.PERSONAL,
            "by": DataClass.PERSONAL,
            "by_name": DataClass.PERSONAL,
            "deleted_by_name": DataClass.PERSONAL,
        },
    )

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="comments", verbose_name="記録")
    text = models.CharField("コメント", max_length=2000, blank=True)
    mentioned = models.JSONField("知らせた人", default=list)
    by = models.CharField("書いた人の番号", max_length=40)
    by_name = models.CharField("書いた人", max_length=80)
    at = models.DateTimeField("書いた日時")
    deleted_at = models.DateTimeField("削除した日時", null=True, blank=True)
    deleted_by_name = models.CharField("削除した人", max_length=80, blank=True)

    class Meta:
        verbose_name = "記録のコメント"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.by_name} {self.at:%Y-%m-%d}"
