"""What automations did, what stopped them, and the places outside they may tell."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.things.api import NO_PERSONAL_DATA, DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.office.appbuilder.models.apps import App
from yakuba.office.appbuilder.models.records import PURPOSE, Record


class RunState(models.TextChoices):
    """How far a run came."""

    WAITING = "waiting", "実行待ち"
    DONE = "done", "完了"
    FAILED = "failed", "失敗"
    STOPPED = "stopped", "止めた"


class AutomationRun(PublicModel):
    """One run of an automation for one record (実行の記録): begun once for its cause, whatever happens to the job.

    `cause` is the version of the record that set it off, or the moment; `done` counts the actions that are done, so
    that a run taken up again goes on where it was. `words` say what happened and never what stands in the record.
    """

    personal = PersonalData(
        purpose=PURPOSE,
        retention="実行の記録の保存日数（条例などに基づく値 appbuilder.runs_kept_days）",
        fields={"words": DataClass.PERSONAL},
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="runs", verbose_name="アプリ")
    automation = models.CharField("自動処理", max_length=40)
    name = models.CharField("自動処理の名前", max_length=60)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="runs", verbose_name="記録")
    cause = models.CharField("きっかけ", max_length=20)
    depth = models.PositiveSmallIntegerField("続きの深さ", default=0)
    shape = models.PositiveIntegerField("定義の版")
    state = models.CharField("結果", max_length=8, choices=RunState.choices, default=RunState.WAITING)
    done = models.PositiveSmallIntegerField("済んだ動作", default=0)
    attempts = models.PositiveSmallIntegerField("試した回数", default=0)
    words = models.CharField("内容", max_length=400, blank=True)
    begun_at = models.DateTimeField("始めた日時")
    next_at = models.DateTimeField("次に試す日時", null=True, blank=True)
    ended_at = models.DateTimeField("終わった日時", null=True, blank=True)
    milliseconds = models.PositiveIntegerField("かかった時間（ミリ秒）", default=0)

    class Meta:
        verbose_name = "自動処理の実行の記録"
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["app", "automation", "record", "cause"], name="appbuilder_run_once"),
        ]
        indexes = [models.Index(fields=["app", "-begun_at"], name="appbuilder_runs")]

    def __str__(self) -> str:
        return self.name


class AutomationPause(models.Model):
    """How an automation stands besides its definition: failures in a row, and whether it is paused and why."""

    personal = NO_PERSONAL_DATA

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="pauses", verbose_name="アプリ")
    automation = models.CharField("自動処理", max_length=40)
    failures = models.PositiveSmallIntegerField("続けて失敗した回数", default=0)
    paused_at = models.DateTimeField("止めた日時", null=True, blank=True)
    why = models.CharField("止めた理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "自動処理の停止"
        constraints = [models.UniqueConstraint(fields=["app", "automation"], name="appbuilder_pause_once")]

    def __str__(self) -> str:
        return self.automation


class Hook(PublicModel):
    """A place outside an app may tell (送り先); its secret is sealed and was shown once, when it was made."""

    personal = PersonalData(
        purpose="アプリから外のシステムに知らせる送り先を、だれが決めたかを残すため",
        retention="アプリが使われている間",
        fields={"made_by_name": DataClass.PERSONAL},
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="hooks", verbose_name="アプリ")
    name = models.CharField("名前", max_length=60)
    url = models.CharField("URL", max_length=500)
    secret = models.TextField("署名の鍵（封をしてある）")
    made_by_name = models.CharField("決めた人", max_length=80)
    made_at = models.DateTimeField("決めた日時")
    closed_at = models.DateTimeField("やめた日時", null=True, blank=True)

    class Meta:
        verbose_name = "外の送り先"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class AllowedHost(PublicModel):
    """A host outside that apps may tell (許可した送り先), allowed by the information systems section."""

    personal = PersonalData(
        purpose="庁外への送信先を、だれがなぜ許可したかを残すため",
        retention="許可が取り消されてから5年",
        fields={"allowed_by_name": DataClass.PERSONAL},
    )

    host = models.CharField("ホスト名", max_length=253)
    is_plain = models.BooleanField("暗号化なし（http）も許可", default=False)
    reason = models.CharField("理由", max_length=200)
    allowed_by_name = models.CharField("許可した人", max_length=80)
    allowed_at = models.DateTimeField("許可した日時")
    closed_at = models.DateTimeField("取り消した日時", null=True, blank=True)

    class Meta:
        verbose_name = "許可した送り先"
        ordering = ["host", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["host"], condition=models.Q(closed_at__isnull=True), name="appbuilder_host_once"
            ),
        ]

    def __str__(self) -> str:
        return self.host
