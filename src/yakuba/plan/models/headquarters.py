"""Headquarters meetings (推進本部会議): agenda, decision, owner, due date."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.plan.models.acted import ACTOR_FIELDS, PURPOSE, RETENTION, Acted
from yakuba.plan.models.plan import Initiative, Plan


class MeetingState(models.TextChoices):
    """How far a meeting has come."""

    PLANNED = "planned", "予定"
    HELD = "held", "開催済み（会議録作成中）"
    MINUTED = "minuted", "会議録確定"


class Meeting(PublicModel, Acted):
    """A meeting of the headquarters (本部会議). `edition` counts changes, so two people do not overwrite each other."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="meetings", verbose_name="計画")
    title = models.CharField("会議名", max_length=200)
    held_on = models.DateField("開催日")
    starts_at = models.TimeField("開始時刻", null=True, blank=True)
    place = models.CharField("場所", max_length=100, blank=True)
    attendees = models.TextField("出席者", max_length=2000, blank=True)
    summary = models.TextField("概要", max_length=4000, blank=True)
    state = models.CharField("状態", max_length=7, choices=MeetingState.choices, default=MeetingState.PLANNED)
    edition = models.PositiveIntegerField("変更回数", default=1)

    class Meta:
        verbose_name = "本部会議"
        ordering = ["-held_on", "-id"]

    def __str__(self) -> str:
        return self.title


class AgendaItem(PublicModel, Acted):
    """One item of the agenda (議題) with what was said and decided."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="agenda", verbose_name="会議")
    position = models.PositiveSmallIntegerField("順番")
    title = models.CharField("議題", max_length=200)
    initiative = models.ForeignKey(
        Initiative, on_delete=models.PROTECT, null=True, blank=True, related_name="agenda_items", verbose_name="取組"
    )
    explanation = models.TextField("説明", max_length=4000, blank=True)
    discussion = models.TextField("主な意見", max_length=4000, blank=True)
    decision = models.TextField("決定", max_length=2000, blank=True)
    is_dropped = models.BooleanField("取り下げ", default=False)

    class Meta:
        verbose_name = "議題"
        ordering = ["meeting", "position", "id"]

    def __str__(self) -> str:
        return self.title


class TaskState(models.TextChoices):
    """Whether a task is still to be done."""

    OPEN = "open", "対応中"
    DONE = "done", "完了"
    DROPPED = "dropped", "取りやめ"


class Task(PublicModel, Acted):
    """What somebody was asked to do until a day (宿題・対応事項), from a meeting or on its own."""

    personal = PersonalData(purpose=PURPOSE, retention=RETENTION, fields={**ACTOR_FIELDS, "owner": DataClass.PERSONAL})

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="tasks", verbose_name="計画")
    agenda_item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="議題"
    )
    initiative = models.ForeignKey(
        Initiative, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="取組"
    )
    words = models.CharField("すること", max_length=300)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="担当課"
    )
    owner = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="担当者"
    )
    due_on = models.DateField("期限")
    state = models.CharField("状態", max_length=7, choices=TaskState.choices, default=TaskState.OPEN)
    report = models.TextField("結果", max_length=2000, blank=True)
    ended_on = models.DateField("終わった日", null=True, blank=True)

    class Meta:
        verbose_name = "対応事項"
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["state", "due_on"], name="plan_task_open_by_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(section__isnull=False) | Q(owner__isnull=False), name="plan_task_has_somebody"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_on__isnull=True) | (~Q(state="open") & Q(ended_on__isnull=False)),
                name="plan_task_ended_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.words
