"""Views people keep for themselves, or share with everybody who sees the app."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.office.appbuilder.models.apps import App
from yakuba.office.appbuilder.rules.views import AppView, read_view


class SavedView(PublicModel):
    """A view (見方) somebody has saved: the same JSON as a view of a definition."""

    personal = PersonalData(
        purpose="職員が自分のために保存したアプリの見方を、本人に示すため",
        retention="本人が消すまで、またはアプリが使われている間",
        fields={"made_by": DataClass.PERSONAL, "made_by_name": DataClass.PERSONAL, "view": DataClass.PERSONAL},
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="saved_views", verbose_name="アプリ")
    name = models.CharField("名前", max_length=40)
    view = models.JSONField("見方")
    is_shared = models.BooleanField("みんなに見せる", default=False)
    made_by = models.CharField("保存した人の番号", max_length=40, db_index=True)
    made_by_name = models.CharField("保存した人", max_length=80)
    saved_at = models.DateTimeField("保存した日時")

    class Meta:
        verbose_name = "保存した見方"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("office-app-saved", args=[self.app.public_id, self.public_id])

    @property
    def content(self) -> AppView:
        """The view as rules know it."""
        return read_view(self.view)
