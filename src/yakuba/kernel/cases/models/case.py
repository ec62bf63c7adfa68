"""The case (案件): one submission on its way through the town hall."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.cases.rules.parties import Arrival
from yakuba.kernel.cases.rules.states import CaseKind, CaseTable, GrantStage, Phase, every_state, table_of
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.forms.models import AnswerSet
from yakuba.kernel.identity.models import SignatureEvidence
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.things.api import NO_PERSONAL_DATA, DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel

RETENTION = "手続の保存年限（完了の翌年度4月1日から。廃棄の決定まで）"


class Outcome(models.TextChoices):
    """What was decided on a case (処分の内容)."""

    NONE = "", "なし"
    APPROVED = "approved", "認める"
    REFUSED = "refused", "認めない"


class Case(PublicModel):
    """One submission (申請・届出・申込・相談・補助金の一段階) and where it stands.

    ``number`` is the 受付番号 people use. ``first_answers`` are the answers as they were sent, ``answers`` those that
    count now. ``handled_on`` is the day of the town's conclusion (decision, completion, return), empty for what was
    withdrawn. ``kind`` and ``stage`` choose the table of states; ``phase`` repeats what the state means for lists and
    is written together with it. ``due_on`` is the last day of the standard period (標準処理期間) and empty while it
    stands still or there is none. Applicant's name and accounts repeat the parties for lists; places and contacts stand
    with the parties only.
    """

    personal = PersonalData(
        purpose="届いた手続を処理し、結果を本人に伝えるため",
        retention=RETENTION,
        fields={
            "applicant_name": DataClass.PERSONAL,
            "applicant_kana": DataClass.PERSONAL,
            "applicant_account": DataClass.PERSONAL,
            "agent_account": DataClass.PERSONAL,
            "password_hash": DataClass.SECRET,
            "assignee": DataClass.PERSONAL,
            "entered_by": DataClass.PERSONAL,
            "identity_note": DataClass.PERSONAL,
            "search_words": DataClass.PERSONAL,
        },
    )

    number = models.CharField("受付番号", max_length=12, unique=True)
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="cases", verbose_name="手続き")
    kind = models.CharField("種類", max_length=12, choices=[(one.value, one.value) for one in CaseKind])
    stage = models.CharField(
        "補助金の段階", max_length=6, blank=True, choices=[(one.value, one.label) for one in GrantStage]
    )
    title = models.CharField("手続名", max_length=200)
    state = models.CharField("状態", max_length=16, choices=every_state())
    phase = models.CharField("区分", max_length=9, choices=[(one.value, one.label) for one in Phase])
    outcome = models.CharField("処分の内容", max_length=8, choices=Outcome.choices, blank=True)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="cases", verbose_name="担当の所属")
    assignee = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="担当者"
    )
    arrival = models.CharField("受付の方法", max_length=7, choices=[(one.value, one.label) for one in Arrival])
    received_at = models.DateTimeField("受付日時")
    received_on = models.DateField("受付日")
    entered_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="入力した職員"
    )
    first_answers = models.OneToOneField(
        AnswerSet, on_delete=models.PROTECT, related_name="case_begun", verbose_name="送信された答え"
    )
    answers = models.OneToOneField(AnswerSet, on_delete=models.PROTECT, related_name="case", verbose_name="今の答え")
    applicant_name = models.CharField("申請者", max_length=120)
    applicant_kana = models.CharField("フリガナ", max_length=120, blank=True)
    applicant_account = models.CharField("申請者のアカウント", max_length=16, blank=True)
    agent_account = models.CharField("代理人のアカウント", max_length=16, blank=True)
    search_words = models.CharField("検索の言葉", max_length=400, blank=True)
    language = models.CharField("ことば", max_length=10, default="ja")
    accepts_enotice = models.BooleanField("電子の通知に同意", default=False)
    password_hash = models.CharField("照会のパスワード（ハッシュ）", max_length=200, blank=True)
    identity_level = models.CharField("示された本人確認", max_length=10, default="none")
    identity_note = models.CharField("本人確認の方法", max_length=200, blank=True)
    needs_identity = models.BooleanField("本人確認がまだ", default=False)
    needs_paper = models.BooleanField("署名した書類がまだ", default=False)
    signature = models.ForeignKey(
        SignatureEvidence, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="電子署名"
    )
    fee = models.PositiveBigIntegerField("手数料（円）", default=0)
    standard_days = models.PositiveSmallIntegerField("標準処理期間（営業日）", null=True, blank=True)
    counts_from = models.DateField("標準処理期間の始まりの日", null=True, blank=True)
    due_on = models.DateField("標準処理期間の最後の日", null=True, blank=True)
    answer_by = models.DateField("補正の期限", null=True, blank=True)
    queue_rank = models.PositiveIntegerField("空き待ちの順番", null=True, blank=True)
    changed_at = models.DateTimeField("最後に動いた日時")
    handled_on = models.DateField("結論の出た日", null=True, blank=True)
    completed_on = models.DateField("終わった日", null=True, blank=True)
    is_sample = models.BooleanField("見本", default=False)
    edition = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "案件"
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["section", "phase", "due_on"], name="cases_of_section"),
            models.Index(fields=["assignee", "phase", "due_on"], name="cases_of_assignee"),
            models.Index(fields=["phase", "answer_by"], name="cases_answers_due"),
            models.Index(fields=["section", "-received_at"], name="cases_by_arrival"),
            models.Index(fields=["procedure", "received_on"], name="cases_of_procedure"),
            models.Index(fields=["received_on"], name="cases_by_day"),
            models.Index(fields=["handled_on"], name="cases_by_conclusion"),
            models.Index(fields=["applicant_account"], name="cases_of_applicant"),
            models.Index(fields=["agent_account"], name="cases_of_agent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="subsidy") & ~Q(stage="")) | (~Q(kind="subsidy") & Q(stage="")),
                name="cases_subsidies_have_a_stage",
            ),
            models.CheckConstraint(
                condition=Q(phase=Phase.CLOSED.value, completed_on__isnull=False)
                | (~Q(phase=Phase.CLOSED.value) & Q(completed_on__isnull=True)),
                name="cases_closed_have_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def table(self) -> CaseTable:
        """The table the case moves in."""
        return table_of(self.kind, self.stage)

    @property
    def standing(self) -> Phase:
        return Phase(self.phase)

    @property
    def state_label(self) -> str:
        """What clerks read for the state."""
        return self.table.label(self.state)


class CaseSeries(models.Model):
    """The 受付番号 of one fiscal year; the row is the lock under which the next number is taken."""

    personal = NO_PERSONAL_DATA

    fiscal_year = models.PositiveSmallIntegerField("年度", unique=True)
    last_number = models.PositiveIntegerField("最後の番号", default=0)

    class Meta:
        verbose_name = "受付番号の系列"

    def __str__(self) -> str:
        return str(self.fiscal_year)
