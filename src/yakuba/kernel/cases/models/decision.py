"""What was put forward for decision (案), and what the applicant is told (通知)."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from yakuba.kernel.approval.models import DocumentNumber
from yakuba.kernel.cases.models.case import RETENTION, Case, Outcome
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.forms.models import AnswerSet
from yakuba.kernel.organisation.models import Authority
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel


class ProposalState(models.TextChoices):
    """What became of a proposal."""

    WAITING = "waiting", "決裁待ち"
    DECIDED = "decided", "決裁済み"
    SENT_BACK = "sent_back", "差戻し・否決"
    TAKEN_BACK = "taken_back", "引戻し"
    INVALID = "invalid", "内容が変わり無効"


class Proposal(PublicModel):
    """A proposal (決定の案): exactly what is put forward, and which request of the decision engine carries it.

    ``content`` is what was hashed there. ``reasons`` are told to the applicant with a refusal; ``amount`` is the money
    granted (補助金) and ``fee_items`` what is to be paid, each ``{"name", "yen", "count"}``.
    """

    personal = PersonalData(
        purpose="何を決めるために決裁を求めたかを残すため",
        retention=RETENTION,
        fields={
            "reasons": DataClass.PERSONAL,
            "conditions": DataClass.PERSONAL,
            "content": DataClass.PERSONAL,
            "asked_name": DataClass.PERSONAL,
            "why_ended": DataClass.PERSONAL,
        },
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="proposals", verbose_name="案件")
    request_id = models.CharField("決裁伺い", max_length=16, unique=True)
    answers = models.ForeignKey(AnswerSet, on_delete=models.PROTECT, related_name="+", verbose_name="もとになる答え")
    outcome = models.CharField("結果", max_length=8, choices=[one for one in Outcome.choices if one[0]])
    reasons = models.TextField("理由", blank=True)
    conditions = models.TextField("条件", blank=True)
    amount = models.PositiveBigIntegerField("交付額・確定額（円）", null=True, blank=True)
    fee_items = models.JSONField("手数料の内訳", default=list, encoder=DjangoJSONEncoder)
    content = models.JSONField("決裁する内容", encoder=DjangoJSONEncoder)
    state = models.CharField("状態", max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING.value)
    why_ended = models.CharField("終わった理由", max_length=2000, blank=True)
    asked_at = models.DateTimeField("起案日時")
    asked_name = models.CharField("起案した人", max_length=80)
    ended_at = models.DateTimeField("終わった日時", null=True, blank=True)

    class Meta:
        verbose_name = "決定の案"
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="waiting"), name="cases_one_waiting_proposal"),
            models.UniqueConstraint(fields=["case"], condition=Q(state="decided"), name="cases_decided_once"),
            models.CheckConstraint(condition=~Q(outcome="refused") | ~Q(reasons=""), name="cases_refusal_has_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.case.number} {self.get_outcome_display()}"

    @property
    def fee(self) -> int:
        """What is to be paid, in yen."""
        return sum(int(item["yen"]) * int(item["count"]) for item in self.fee_items)


class NoticeKind(models.TextChoices):
    """What a letter tells."""

    DECISION = "decision", "決定通知書"
    REFUSAL = "refusal", "却下通知書"
    CORRECTION = "correction", "補正依頼"
    RECEIPT = "receipt", "受付票"
    RETURN = "return", "返戻通知"


class NoticeWay(models.TextChoices):
    """How a letter reaches the person."""

    ELECTRONIC = "electronic", "電子"
    POST = "post", "郵送"
    COUNTER = "counter", "窓口で手渡し"


class NoticeState(models.TextChoices):
    """Where a letter stands."""

    PREPARING = "preparing", "作成中"
    READY = "ready", "送る前"
    SENT = "sent", "送付済み"
    ARRIVED = "arrived", "到達"
    SENT_BACK = "sent_back", "返戻"
    REPLACED = "replaced", "差替え"


class Notice(PublicModel):
    """A letter about a case (通知書): number, text as it was signed off, file, and when it arrived.

    Electronic only where the person accepted it for this case; ``arrived_at`` is then the first time it was opened and
    never changes. What is not opened in time goes on paper (``to_paper_on``).
    """

    personal = PersonalData(
        purpose="決定などを本人に通知し、いつ届いたかを残すため",
        retention=RETENTION,
        fields={
            "content": DataClass.PERSONAL,
            "fault": DataClass.PERSONAL,
            "opened_by": DataClass.PERSONAL,
            "made_name": DataClass.PERSONAL,
        },
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notices", verbose_name="案件")
    kind = models.CharField("種類", max_length=10, choices=NoticeKind.choices)
    way = models.CharField("送り方", max_length=10, choices=NoticeWay.choices)
    state = models.CharField("状態", max_length=9, choices=NoticeState.choices, default=NoticeState.PREPARING.value)
    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="決定の案"
    )
    number = models.ForeignKey(
        DocumentNumber, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文書番号"
    )
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+", verbose_name="発信者")
    on = models.DateField("日付")
    content = models.JSONField("記載する内容", encoder=DjangoJSONEncoder)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ファイル"
    )
    fault = models.CharField("作れなかった理由", max_length=400, blank=True)
    made_at = models.DateTimeField("作成日時")
    made_name = models.CharField("作成した人", max_length=80)
    sent_at = models.DateTimeField("送付日時", null=True, blank=True)
    arrived_at = models.DateTimeField("到達日時", null=True, blank=True)
    opened_by = models.CharField("開いた人の番号", max_length=40, blank=True)
    to_paper_on = models.DateField("紙に切り替えた日", null=True, blank=True)
    closed_at = models.DateTimeField("返戻・差替えの日時", null=True, blank=True)

    class Meta:
        verbose_name = "通知書"
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["state", "way", "sent_at"], name="cases_notices_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(proposal__isnull=False) & ~Q(state="replaced"),
                name="cases_one_notice_per_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number} {self.get_kind_display()}"
