"""The town's own sheets (様式) and their versions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.things.api import NO_PERSONAL_DATA, DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel


class Sheet(PublicModel):
    """A sheet the town has taken into its own hands; what it can be filled with is declared in code under `key`.

    `latest` is the number of the version in use; the highest number is always the one in use, so going back makes a
    new version of the old file.
    """

    personal = NO_PERSONAL_DATA

    key = models.CharField("様式の名前", max_length=80, unique=True)
    latest = models.PositiveIntegerField("使用中の版", default=0)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="担当"
    )

    class Meta:
        verbose_name = "様式"
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class SheetVersion(PublicModel):
    """One version of a sheet (様式の版): the file, who put it in and why. Versions are only ever added.

    Without `file` it stands for the file shipped with the house. `restored` is the number of the version it repeats.
    """

    personal = PersonalData(
        purpose="だれがどの様式をいつから使うことにしたかを残すため",
        retention="その様式で作った文書の保存期間が終わるまで",
        fields={"made_by": DataClass.PERSONAL, "made_name": DataClass.PERSONAL},
    )

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="versions", verbose_name="様式")
    number = models.PositiveIntegerField("版")
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ファイル"
    )
    restored = models.PositiveIntegerField("戻した版", null=True, blank=True)
    reason = models.CharField("差し替えの理由", max_length=200)
    made_by = models.CharField("差し替えた人の番号", max_length=40)
    made_name = models.CharField("差し替えた人", max_length=80)
    made_at = models.DateTimeField("差し替えた日時")

    class Meta:
        verbose_name = "様式の版"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="paper_one_version_per_number"),
            models.CheckConstraint(condition=Q(number__gt=0), name="paper_versions_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} 第{self.number}版"
