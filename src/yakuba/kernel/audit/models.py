"""The audit log (監査ログ) and its chain."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.things.api import DataClass, PersonalData


class EventKind(models.TextChoices):
    WRITE = "write", "記録の変更"
    VIEW = "view", "閲覧"
    REFUSAL = "refusal", "拒否"


class AuditEvent(models.Model):
    """One act: who did or saw what, when. Ids and keyed digests, never content. Rows are only ever added."""

    personal = PersonalData(
        purpose="だれが何をしたか・見たかを後から確かめるため",
        retention="10年（監査の保存期間）",
        fields={"actor": DataClass.PERSONAL, "subjects": DataClass.PERSONAL},
    )

    at = models.DateTimeField("日時")
    kind = models.CharField("種類", max_length=8, choices=EventKind.choices)
    verb = models.CharField("操作", max_length=80)
    actor = models.CharField("行為者", max_length=40)
    actor_kind = models.CharField("行為者の種類", max_length=10)
    capacity = models.CharField("職名", max_length=60, blank=True)
    face = models.CharField("窓口", max_length=10, blank=True)
    request_id = models.CharField("要求番号", max_length=32, blank=True)
    subjects = models.JSONField("対象", default=list)
    count = models.PositiveIntegerField("件数", default=1)
    digest = models.CharField("内容の要約値", max_length=64)
    is_withheld = models.BooleanField("本人に示さない閲覧", default=False)

    class Meta:
        verbose_name = "監査記録"
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_event_latest"),
            models.Index(fields=["actor", "-id"], name="audit_event_actor"),
            models.Index(fields=["verb", "-id"], name="audit_event_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.verb}"


class AuditSubject(models.Model):
    """Which things an event touched; the way from a thing to its history."""

    personal = PersonalData(
        purpose="ある記録についての操作・閲覧の履歴を示すため",
        retention="監査記録と同じ",
        fields={"ref": DataClass.PERSONAL},
    )

    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="subject_rows")
    ref = models.CharField("対象", max_length=90)

    class Meta:
        verbose_name = "監査記録の対象"
        indexes = [models.Index(fields=["ref", "-event"], name="audit_subject_ref")]

    def __str__(self) -> str:
        return self.ref


class AuditLink(models.Model):
    """One link of the chain over the events; ``value`` covers the event and the link before."""

    personal = PersonalData(purpose="監査記録の改ざんを見つけるため", retention="監査記録と同じ", fields={})

    position = models.PositiveBigIntegerField("位置", unique=True)
    event_id = models.BigIntegerField("監査記録の番号", unique=True)
    value = models.CharField("連鎖値", max_length=64)
    sealed_at = models.DateTimeField("封印日時")

    class Meta:
        verbose_name = "監査記録の封印"

    def __str__(self) -> str:
        return f"{self.position}: {self.value[:12]}"
