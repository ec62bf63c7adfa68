"""Views of apps that stand, or are asked to stand, before the public."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.office.appbuilder.models.apps import App
from yakuba.office.appbuilder.rules.views import AppView, read_view


class PublicView(PublicModel):
    """A view (公開する見方). Its public id is its address, `/apps/<id>/`, and stays when it is approved anew.

    `content` is what was decided and is public (empty: nothing is), `waiting` what a decision is asked for.
    """

    personal = PersonalData(
        purpose="見方の公開をだれが求めたかを残すため",
        retention="アプリが使われている間",
        fields={"asked_by": DataClass.PERSONAL},
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="public_views", verbose_name="アプリ")
    key = models.CharField("見方のキー", max_length=40)
    content = models.JSONField("公開している内容", default=dict)
    waiting = models.JSONField("決裁を待つ内容", default=dict)
    asked_by = models.CharField("公開を求めた人の番号", max_length=40, blank=True)
    decision = models.CharField("決裁", max_length=120, blank=True)
    public_since = models.DateTimeField("公開した日時", null=True, blank=True)
    stopped_at = models.DateTimeField("公開をやめた日時", null=True, blank=True)

    class Meta:
        verbose_name = "公開する見方"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["app", "key"], name="appbuilder_public_once")]

    def __str__(self) -> str:
        view = self.view
        return f"{self.app}　{view.name if view is not None else self.key}"

    def get_absolute_url(self) -> str:
        return reverse("office-app-view-public", args=[self.app.public_id, self.key])

    @property
    def view(self) -> AppView | None:
        """The view that is public; before the first decision the one that is asked for."""
        written = self.content or self.waiting
        return read_view(written["view"]) if written else None
