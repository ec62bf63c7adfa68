"""Requests for a decision, and what was decided."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.approval.rules.canonical import sha256_of
from yakuba.kernel.approval.rules.states import Capacity, Decider, Outcome, RequestState
from yakuba.kernel.organisation.models import Authority, Section, Staff
from yakuba.kernel.things.api import DataClass, PersonalData, Ref
from yakuba.kernel.things.models import PublicModel

RETENTION = "対象の文書の保存期間が終わるまで（内容は廃棄のときに消し、だれがいつ何と決めたかの記録は残す）"


class DecisionRequest(PublicModel):
    """A draft that asks for a decision (起案、決裁伺い), and its content as it is now.

    `content` is the canonical JSON of exactly what is decided, `content_text` the same for readers. It changes only when
    the drafter amends it (`edition`; what it said before stays as `FormerContent`), and then everybody is asked anew. What
    was sent back or withdrawn comes again as a new request that `follows` this one.
    """

    personal = PersonalData(
        purpose="決裁を受け、何をだれが決めたかを残すため",
        retention=RETENTION,
        fields={
            "title": DataClass.PERSONAL,
            "content": DataClass.PERSONAL,
            "content_text": DataClass.PERSONAL,
            "files": DataClass.PERSONAL,
            "asked_by": DataClass.PERSONAL,
            "asked_name": DataClass.PERSONAL,
            "asked_staff": DataClass.PERSONAL,
            "holder": DataClass.PERSONAL,
            "proxy_name": DataClass.PERSONAL,
            "proxy_staff": DataClass.PERSONAL,
            "facts": DataClass.PERSONAL,
            "withdrawn_name": DataClass.PERSONAL,
            "withdrawal_reason": DataClass.PERSONAL,
        },
    )

    subject_kind = models.CharField("対象の種類", max_length=60)
    subject_id = models.CharField("対象", max_length=40)
    kind = models.CharField("決裁の種類", max_length=40)
    title = models.CharField("件名", max_length=200)
    content = models.TextField("決裁する内容（ハッシュの元）")
    content_text = models.TextField("決裁する内容")
    content_sha256 = models.CharField("内容のハッシュ値", max_length=64)
    text_sha256 = models.CharField("表示した文のハッシュ値", max_length=64)
    files = models.JSONField("添えたファイル", default=list)
    subject_sha256 = models.CharField("起案した時の対象のハッシュ値", max_length=64, blank=True)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+", verbose_name="執行機関")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+", verbose_name="担当の所属")
    decider = models.CharField("決裁者", max_length=16, choices=[(one.value, one.label) for one in Decider])
    asked_by = models.CharField("起案した人の番号", max_length=40)
    asked_name = models.CharField("起案者", max_length=80)
    asked_title = models.CharField("起案者の職", max_length=120, blank=True)
    asked_staff = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="起案した職員"
    )
    holder = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="今の担当者")
    asked_at = models.DateTimeField("起案日時")
    proxy_name = models.CharField("代わって入力した人", max_length=80, blank=True)
    proxy_staff = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="代わって入力した職員"
    )
    due = models.DateField("決裁の期限", null=True)
    facts = models.JSONField("ルートを決める事実", default=dict)
    route_title = models.CharField("決裁ルート", max_length=80, blank=True)
    edition = models.PositiveSmallIntegerField("内容の版", default=1)
    pulled_back_at = models.DateTimeField("引戻しの日時", null=True)
    state = models.CharField(
        "状態",
        max_length=10,
        choices=[(one.value, one.label) for one in RequestState],
        default=RequestState.WAITING.value,
    )
    closed_at = models.DateTimeField("決裁・取下げの日時", null=True)
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="followed_by", verbose_name="前の起案"
    )
    withdrawn_name = models.CharField("取り下げた人", max_length=80, blank=True)
    withdrawal_reason = models.CharField("取下げの理由", max_length=400, blank=True)
    answered_at = models.DateTimeField("差戻しを受け取った日時", null=True)
    disposed_on = models.DateField("内容を廃棄した日", null=True)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "決裁伺い"
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="approval_of_subject"),
            models.Index(fields=["state", "due"], name="approval_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "kind"],
                condition=Q(state="waiting"),
                name="approval_one_waiting_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", closed_at__isnull=True)
                | (~Q(state="waiting") & Q(closed_at__isnull=False)),
                name="approval_closed_or_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> Ref:
        """The thing the decision is about."""
        return Ref(self.subject_kind, self.subject_id)

    @property
    def is_waiting(self) -> bool:
        return self.state == RequestState.WAITING

    @property
    def is_disposed(self) -> bool:
        """Whether the content was disposed of when its retention ended."""
        return self.disposed_on is not None

    @property
    def is_whole(self) -> bool:
        """Whether content and text are those that were hashed when the decision was asked for."""
        return self.is_disposed or (
            sha256_of(self.content) == self.content_sha256 and sha256_of(self.content_text) == self.text_sha256
        )


class Decision(PublicModel):
    """A decision (決裁): who, in which capacity and post, when, and the hash of exactly what was decided.

    Rows are only ever added; the database refuses anything else. A request has one decision at most.
    """

    personal = PersonalData(
        purpose="だれがどの立場で何を決めたかを残すため",
        retention="永年（決裁の記録。内容と意見は含まない）",
        fields={
            "decided_by": DataClass.PERSONAL,
            "decided_name": DataClass.PERSONAL,
            "decided_staff": DataClass.PERSONAL,
            "principal_name": DataClass.PERSONAL,
        },
    )

    request = models.OneToOneField(DecisionRequest, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField("結果", max_length=10, choices=[(one.value, one.label) for one in Outcome])
    decided_by = models.CharField("決裁した人の番号", max_length=40)
    decided_name = models.CharField("決裁した人", max_length=80)
    decided_staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", verbose_name="決裁した職員")
    capacity = models.CharField("立場", max_length=8, choices=[(one.value, one.label) for one in Capacity])
    title = models.CharField("決裁した時の職", max_length=120)
    principal_name = models.CharField("代理された人", max_length=80, blank=True)
    principal_title = models.CharField("代理された人の職", max_length=120, blank=True)
    decided_at = models.DateTimeField("決裁日時")
    content_sha256 = models.CharField("内容のハッシュ値", max_length=64)
    text_sha256 = models.CharField("表示した文のハッシュ値", max_length=64)
    subject_sha256 = models.CharField("決裁した時の対象のハッシュ値", max_length=64, blank=True)
    comment_sha256 = models.CharField("理由・意見のハッシュ値", max_length=64, blank=True)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "決裁"
        ordering = ["-decided_at", "-id"]
        indexes = [models.Index(fields=["decided_staff", "-decided_at"], name="approval_decided_by")]
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity="own", principal_name="")
                | (Q(capacity__in=("deputy", "acting")) & ~Q(principal_name="")),
                name="approval_deputy_names_principal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}（{self.title} {self.decided_name}）"

    @property
    def comment(self) -> str:
        """The reason or opinion; empty when there was none or it was disposed of."""
        return self.said.words if hasattr(self, "said") else ""


class DecisionComment(models.Model):
    """The reason or opinion of a decision (理由・意見): apart from it, because it is disposed of with the content."""

    personal = PersonalData(
        purpose="否決・差戻しの理由を起案者と本人に伝えるため",
        retention=RETENTION,
        fields={"words": DataClass.PERSONAL},
    )

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="said")
    words = models.TextField("理由・意見")

    class Meta:
        verbose_name = "決裁の理由・意見"

    def __str__(self) -> str:
        return self.words
