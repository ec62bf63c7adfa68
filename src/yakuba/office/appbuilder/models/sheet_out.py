"""The Word and Excel sheets records go out in."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.paper.api import SheetKind
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.office.appbuilder.models.apps import App


class AppSheet(PublicModel):
    """A sheet (様式) of an app: the clerk's own file with marks for the fields.

    `is_table` says that it has a row for many records; `is_ready` that it shows at least one field.
    """

    personal = PersonalData(
        purpose="だれがどの様式を使うことにしたかを残すため",
        retention="アプリが使われている間",
        fields={"put_in_by_name": DataClass.PERSONAL},
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="+", verbose_name="アプリ")
    title = models.CharField("名前", max_length=60)
    kind = models.CharField("種類", max_length=6, choices=[(one.value, one.label) for one in SheetKind])
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="ファイル")
    is_table = models.BooleanField("一覧の様式", default=False)
    is_ready = models.BooleanField("使える", default=False)
    edition = models.PositiveIntegerField("差し替えの回数", default=1)
    put_in_by_name = models.CharField("差し替えた人", max_length=80)
    put_in_at = models.DateTimeField("差し替えた日時")
    removed_at = models.DateTimeField("やめた日時", null=True, blank=True)

    class Meta:
        verbose_name = "アプリの様式"
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title
