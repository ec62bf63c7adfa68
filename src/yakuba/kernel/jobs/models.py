"""Work outside the request (ジョブ)."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.things.models import PublicModel


class JobState(models.TextChoices):
    QUEUED = "queued", "待ち"
    RUNNING = "running", "実行中"
    DONE = "done", "完了"
    FAILED = "failed", "失敗"


class Job(PublicModel):
    """One piece of work: a registered name, ids as arguments, and a key that makes it happen once."""

    name = models.CharField("仕事", max_length=80)
    key = models.CharField("キー", max_length=160, unique=True)
    arguments = models.JSONField("引数（番号と名前だけ）", default=dict)
    state = models.CharField("状態", max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField("実行回数", default=0)
    queued_at = models.DateTimeField("登録日時")
    run_after = models.DateTimeField("実行予定")
    lease_until = models.DateTimeField("実行の期限", null=True, blank=True)
    finished_at = models.DateTimeField("終了日時", null=True, blank=True)
    error = models.CharField("失敗の理由", max_length=400, blank=True)

    class Meta:
        verbose_name = "ジョブ"
        indexes = [
            models.Index(fields=["state", "run_after"], name="jobs_job_due"),
            models.Index(fields=["-queued_at"], name="jobs_job_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.name} [{self.key}]"
