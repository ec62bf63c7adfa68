"""Requests for a decision, what was decided, document numbers."""

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
    """A draft that asks for a decision (起案、決裁伺い): its content never changes after it was asked.

    `content` is the canonical JSON of exactly what is decided, `content_text` the same for readers. What was sent back
    or withdrawn comes again as a new request that `follows` this one.
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
    due = models.DateField("決裁の期限", null=True)
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
                condition=Q(capacity="own", principal_name="") | (Q(capacity="deputy") & ~Q(principal_name="")),
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


class SectionSymbol(models.Model):
    """The symbol of a section in document numbers (文書記号) from a day on, by section code."""

    personal = PublicModel.personal

    section_code = models.CharField("所属コード", max_length=20)
    symbol = models.CharField("文書記号", max_length=4)
    starts_on = models.DateField("この日から")

    class Meta:
        verbose_name = "文書記号"
        ordering = ["section_code", "-starts_on"]
        constraints = [models.UniqueConstraint(fields=["section_code", "starts_on"], name="approval_symbol_once_a_day")]

    def __str__(self) -> str:
        return self.symbol


class NumberSeries(models.Model):
    """The numbers of one fiscal year and symbol; the row is the lock under which the next number is taken."""

    personal = PublicModel.personal

    fiscal_year = models.PositiveSmallIntegerField("年度")
    symbol = models.CharField("文書記号", max_length=4)
    last_number = models.PositiveIntegerField("最後の番号", default=0)
    last_on = models.DateField("最後の番号の日付", null=True)

    class Meta:
        verbose_name = "文書番号の系列"
        ordering = ["-fiscal_year", "symbol"]
        constraints = [models.UniqueConstraint(fields=["fiscal_year", "symbol"], name="approval_one_series")]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.symbol}"


class DocumentNumber(PublicModel):
    """A number that was given (文書番号). Rows are only ever added: a number once given is never given again."""

    personal = PersonalData(
        purpose="文書番号をだれが取ったかを残すため",
        retention="永年（文書番号簿）",
        fields={"issued_name": DataClass.PERSONAL},
    )

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="numbers", verbose_name="系列")
    number = models.PositiveIntegerField("番号")
    written = models.CharField("文書番号", max_length=40)
    on = models.DateField("日付")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+", verbose_name="所属")
    about_kind = models.CharField("文書の種類", max_length=60, blank=True)
    about_id = models.CharField("文書", max_length=40, blank=True)
    issued_name = models.CharField("番号を取った人", max_length=80)
    issued_at = models.DateTimeField("番号を取った日時")
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "文書番号"
        ordering = ["-issued_at", "-id"]
        indexes = [models.Index(fields=["about_kind", "about_id"], name="approval_number_about")]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="approval_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="approval_number_from_one"),
        ]

    def __str__(self) -> str:
        return self.written

    @property
    def about(self) -> Ref | None:
        """The document that bears the number."""
        return Ref(self.about_kind, self.about_id) if self.about_kind else None

    @property
    def is_void(self) -> bool:
        return hasattr(self, "void")


class NumberedTitle(models.Model):
    """What a numbered document is about (件名): apart from the number, because it may name people and is disposed of."""

    personal = PersonalData(
        purpose="文書番号簿に件名を載せるため", retention=RETENTION, fields={"title": DataClass.PERSONAL}
    )

    number = models.OneToOneField(DocumentNumber, on_delete=models.PROTECT, related_name="titled")
    title = models.CharField("件名", max_length=200)

    class Meta:
        verbose_name = "文書の件名"

    def __str__(self) -> str:
        return self.title


class VoidedNumber(models.Model):
    """A number that was given and not used (欠番): it stays in the book, with the reason. Only ever added."""

    personal = PersonalData(
        purpose="欠番の理由を残すため", retention="永年（文書番号簿）", fields={"voided_name": DataClass.PERSONAL}
    )

    number = models.OneToOneField(DocumentNumber, on_delete=models.PROTECT, related_name="void")
    reason = models.CharField("欠番の理由", max_length=200)
    voided_name = models.CharField("欠番にした人", max_length=80)
    voided_at = models.DateTimeField("欠番にした日時")

    class Meta:
        verbose_name = "欠番"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="approval_void_has_a_reason")]

    def __str__(self) -> str:
        return self.reason
