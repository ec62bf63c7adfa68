"""Keys of other systems."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.office.appbuilder.models.apps import App


class AppToken(PublicModel):
    """A key (APIトークン) by which another system uses an app with the rights of a group; only a digest is kept.

    While `is_waiting`, somebody else looks at it first (`UseCheck.token`) and it opens nothing.
    """

    personal = PersonalData(
        purpose="ほかのシステムとの連携を、だれが許したかを残すため",
        retention="アプリが使われている間",
        fields={"made_by_name": DataClass.PERSONAL},
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="tokens", verbose_name="アプリ")
    name = models.CharField("名前", max_length=40)
    group = models.CharField("権限のグループ", max_length=40)
    scopes = models.JSONField("できること", default=list)
    digest = models.CharField("鍵の要約", max_length=64)
    made_by_name = models.CharField("作った人", max_length=80)
    made_at = models.DateTimeField("作った日時")
    expires_at = models.DateTimeField("期限")
    last_used_at = models.DateTimeField("最後に使われた日時", null=True, blank=True)
    revoked_at = models.DateTimeField("取り消した日時", null=True, blank=True)
    is_waiting = models.BooleanField("確認待ち", default=False)

    class Meta:
        verbose_name = "アプリのAPIトークン"
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.name
