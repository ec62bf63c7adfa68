"""Buttons that wait for a decision."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.office.appbuilder.models.records import PURPOSE, RETENTION, Record


class PressState(models.TextChoices):
    """Where a button that asked for a decision stands."""

    WAITING = "waiting", "決裁中"
    MOVED = "moved", "承認され、進んだ"
    ENDED = "ended", "否決・差戻し・取下げ"
    INVALID = "invalid", "承認されたが、進められなかった"


class PressRequest(PublicModel):
    """A press that asked for a decision (決裁): what shall happen to the record when the answer is yes.

    While one waits the record is locked; the database keeps one waiting at a time for a record.
    """

    personal = PersonalData(
        purpose=PURPOSE,
        retention=RETENTION,
        fields={
            "sets": DataClass.SENSITIVE,
            "content": DataClass.SENSITIVE,
            "asked_by": DataClass.PERSONAL,
            "asked_name": DataClass.PERSONAL,
            "asked_staff": DataClass.PERSONAL,
        },
    )

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="press_requests", verbose_name="記録")
    button = models.CharField("ボタン", max_length=40)
    label = models.CharField("ボタンの名前", max_length=30)
    from_state = models.CharField("押した時の状態", max_length=60)
    to_state = models.CharField("承認後の状態", max_length=60)
    refused_state = models.CharField("否決の時の状態", max_length=60, blank=True)
    sets = models.JSONField("承認後に入れる値", default=list)
    content = models.JSONField("決裁する内容", default=dict)
    request_id = models.CharField("決裁", max_length=16, unique=True)
    state = models.CharField("状態", max_length=8, choices=PressState.choices, default=PressState.WAITING)
    asked_by = models.CharField("押した人の番号", max_length=40)
    asked_name = models.CharField("押した人", max_length=80)
    asked_staff = models.CharField("押した職員", max_length=16, blank=True)
    asked_at = models.DateTimeField("押した日時")
    ended_at = models.DateTimeField("終わった日時", null=True, blank=True)

    class Meta:
        verbose_name = "決裁を待つボタン"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(state="waiting"), name="appbuilder_one_press_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.label
