"""Apps clerks build and the versions of their definitions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.office.appbuilder.rules.definition import AppDefinition, read_definition
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.rules.permissions import Permissions, read_permissions


class App(PublicModel):
    """An app (アプリ) a clerk has built: who owns it, who may do what in it, the number the next record gets."""

    personal = PersonalData(
        purpose="アプリをだれが作り、だれが使えるかを定めるため",
        retention="アプリが使われている間",
        fields={"made_by": DataClass.PERSONAL, "made_by_name": DataClass.PERSONAL, "permissions": DataClass.PERSONAL},
    )

    title = models.CharField("名前", max_length=60)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所管課"
    )
    permissions = models.JSONField("権限", default=dict)
    permissions_edition = models.PositiveIntegerField("権限の版", default=1)
    next_number = models.PositiveIntegerField("次の番号", default=1)
    made_by = models.CharField("作った人の番号", max_length=40)
    made_by_name = models.CharField("作った人", max_length=80)
    made_at = models.DateTimeField("作った日時")
    closed_at = models.DateTimeField("使うのをやめた日時", null=True, blank=True)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "アプリ"
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("office-app", args=[self.public_id])

    @property
    def rights(self) -> Permissions:
        """The groups as rules know them."""
        return read_permissions(self.permissions)


class AppVersion(PublicModel):
    """One version of an app's definition. At most one is a draft, at most one in use; older ones are kept."""

    personal = PersonalData(
        purpose="アプリの定義をだれがいつ変えたかを残すため",
        retention="アプリが使われている間",
        fields={"saved_by": DataClass.PERSONAL, "published_by": DataClass.PERSONAL},
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="versions", verbose_name="アプリ")
    number = models.PositiveIntegerField("版")
    state = models.CharField("状態", max_length=8, choices=[(one.value, one.label) for one in VersionState])
    definition = models.JSONField("定義")
    edition = models.PositiveIntegerField("保存の回数", default=1)
    saved_by = models.CharField("保存した人の番号", max_length=40)
    saved_at = models.DateTimeField("保存した日時")
    published_at = models.DateTimeField("使い始めた日時", null=True, blank=True)
    published_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="使い始めた職員"
    )
    """Automations that write elsewhere do so with this person's rights."""

    class Meta:
        verbose_name = "アプリの版"
        ordering = ["app", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["app", "number"], name="appbuilder_version_once"),
            models.UniqueConstraint(fields=["app"], condition=Q(state="draft"), name="appbuilder_one_draft"),
            models.UniqueConstraint(fields=["app"], condition=Q(state="in_use"), name="appbuilder_one_in_use"),
        ]

    def __str__(self) -> str:
        return f"{self.app} 第{self.number}版"

    @property
    def content(self) -> AppDefinition:
        """The definition as rules know it."""
        return read_definition(self.definition)
