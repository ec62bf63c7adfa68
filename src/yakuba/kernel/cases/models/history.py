"""What happened with a case (処理の経過)."""

from __future__ import annotations

from django.db import models

from yakuba.kernel.access.api import PersonKind
from yakuba.kernel.cases.models.case import RETENTION, Case
from yakuba.kernel.cases.rules.told import told_in
from yakuba.kernel.things.api import DataClass, PersonalData


class Happening(models.TextChoices):
    """What kind of thing happened."""

    RECEIVED = "received", "受付"
    MOVED = "moved", "状態が変わった"
    ASSIGNED = "assigned", "担当が決まった"
    HANDED_OVER = "handed_over", "担当が替わった"
    SECTION_CHANGED = "section_changed", "担当の所属が替わった"
    CONFIRMED = "confirmed", "確かめた"
    CORRECTION_ASKED = "correction_asked", "補正を求めた"
    CORRECTION_ANSWERED = "correction_answered", "補正の答えが届いた"
    CORRECTION_CLOSED = "correction_closed", "補正の求めを終えた"
    CONSENT = "consent", "同意"
    DECISION_ASKED = "decision_asked", "決裁を求めた"
    DECISION_ENDED = "decision_ended", "決裁が終わった"
    NOTICE = "notice", "通知"
    MONEY = "money", "手数料・補助金"
    FILE = "file", "書類"
    RECORD = "record", "保存・廃棄"


class CaseEvent(models.Model):
    """One thing that happened with a case. Rows are never changed; they go with the case when it is disposed of.

    ``words`` say it to clerks; what the resident may read stands in ``resident_words`` (empty: not shown to them).
    """

    personal = PersonalData(
        purpose="案件をだれがどう扱ったかを残し、本人に経過を示すため",
        retention=RETENTION,
        fields={
            "words": DataClass.PERSONAL,
            "resident_words": DataClass.PERSONAL,
            "actor": DataClass.PERSONAL,
            "actor_name": DataClass.PERSONAL,
        },
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events", verbose_name="案件")
    what = models.CharField("できごと", max_length=19, choices=Happening.choices)
    at = models.DateTimeField("日時")
    before = models.CharField("前の状態", max_length=16, blank=True)
    after = models.CharField("後の状態", max_length=16, blank=True)
    words = models.CharField("内容", max_length=1000, blank=True)
    resident_words = models.CharField("本人に見せる内容", max_length=1000, blank=True)
    actor = models.CharField("した人の番号", max_length=40)
    actor_name = models.CharField("した人", max_length=80, blank=True)
    actor_kind = models.CharField("した人の種類", max_length=8, choices=[(one.value, one.value) for one in PersonKind])

    class Meta:
        verbose_name = "処理の経過"
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["case", "at"], name="cases_history")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.words[:40]}"

    def told_in(self, language: str) -> str:
        """What the resident reads, in their language."""
        return told_in(self.resident_words, language)
