"""What is to be paid for a case, and 補助金 over its stages."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from yakuba.kernel.cases.models.case import RETENTION, Case
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.things.api import NO_PERSONAL_DATA, DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel


class OrderState(models.TextChoices):
    """Whether a fee is paid."""

    UNPAID = "unpaid", "未納"
    PAID = "paid", "納付済み"
    WAIVED = "waived", "減免"
    CANCELLED = "cancelled", "取消し"


class OrderRequest(PublicModel):
    """A fee that is to be paid for a case (納付依頼): the seam of the payments engine.

    Until that engine collects it, it is paid at the counter and marked by a clerk (`paid_where`, `slip`).
    """

    personal = PersonalData(
        purpose="手数料の額と、納められたかどうかを残すため",
        retention=RETENTION,
        fields={"marked_name": DataClass.PERSONAL, "reason": DataClass.PERSONAL},
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="orders", verbose_name="案件")
    items = models.JSONField("内訳", encoder=DjangoJSONEncoder)
    amount = models.PositiveBigIntegerField("金額（円）")
    state = models.CharField("状態", max_length=9, choices=OrderState.choices, default=OrderState.UNPAID.value)
    asked_at = models.DateTimeField("依頼日時")
    paid_at = models.DateTimeField("納付日時", null=True, blank=True)
    paid_where = models.CharField("納めたところ", max_length=80, blank=True)
    slip = models.CharField("領収・伝票の番号", max_length=60, blank=True)
    reason = models.CharField("減免・取消しの理由", max_length=200, blank=True)
    marked_name = models.CharField("記録した人", max_length=80, blank=True)

    class Meta:
        verbose_name = "納付依頼"
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="cases_orders_ask_for_something"),
            models.CheckConstraint(
                condition=(Q(state="paid") & Q(paid_at__isnull=False)) | (~Q(state="paid") & Q(paid_at__isnull=True)),
                name="cases_paid_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number} {self.amount:,}円"


class Programme(PublicModel):
    """The budget of a 補助金 in one fiscal year (予算枠).

    ``committed`` is what decisions have promised and never exceeds ``ceiling``: the row is the lock under which money is
    promised, and the database refuses the rest. ``report_by`` is the last day for reports (実績報告).
    """

    personal = NO_PERSONAL_DATA

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="programmes", verbose_name="補助金")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    ceiling = models.PositiveBigIntegerField("予算額（円）")
    committed = models.PositiveBigIntegerField("決定した額（円）", default=0)
    most_per_grant = models.PositiveBigIntegerField("一件の上限（円）", null=True, blank=True)
    report_by = models.DateField("実績報告の期限", null=True, blank=True)
    ground = models.CharField("根拠", max_length=200, blank=True)
    edition = models.PositiveIntegerField("版", default=1)
    changed_at = models.DateTimeField("変更日時")
    changed_name = models.CharField("変えた人", max_length=80)

    class Meta:
        verbose_name = "補助金の予算枠"
        ordering = ["-fiscal_year", "procedure"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "fiscal_year"], name="cases_one_budget_a_year"),
            models.CheckConstraint(condition=Q(committed__lte=F("ceiling")), name="cases_budget_is_never_exceeded"),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.procedure}"

    @property
    def left(self) -> int:
        """What can still be promised, in yen."""
        return self.ceiling - self.committed


class GrantState(models.TextChoices):
    """Where a grant stands."""

    APPLIED = "applied", "申請中"
    GRANTED = "granted", "交付決定"
    FIXED = "fixed", "額の確定"
    CLAIMED = "claimed", "請求済み"
    PAID = "paid", "支払済み"
    ENDED = "ended", "終了（不交付・取下げ）"


class Grant(PublicModel):
    """One 補助金 over its stages: the amounts, the dates, and the bank account that is asked for once.

    ``granted`` is the amount of the decision as changed last, ``fixed`` that of 額の確定; ``committed`` is what this
    grant holds of its programme now. ``account`` is sealed.
    """

    personal = PersonalData(
        purpose="補助金の交付から支払までを一つにつなげるため",
        retention=RETENTION,
        fields={"account": DataClass.SECRET, "applicant_account": DataClass.PERSONAL},
    )

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="grants", verbose_name="補助金")
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="grants", verbose_name="予算枠"
    )
    applicant_account = models.CharField("申請者のアカウント", max_length=16, blank=True)
    state = models.CharField("状態", max_length=8, choices=GrantState.choices, default=GrantState.APPLIED.value)
    granted = models.PositiveBigIntegerField("交付決定額（円）", null=True, blank=True)
    fixed = models.PositiveBigIntegerField("確定額（円）", null=True, blank=True)
    paid = models.PositiveBigIntegerField("支払額（円）", null=True, blank=True)
    committed = models.PositiveBigIntegerField("予算から押さえた額（円）", default=0)
    report_by = models.DateField("実績報告の期限", null=True, blank=True)
    account = models.TextField("振込先（暗号化）", blank=True)
    began_at = models.DateTimeField("申請日時")

    class Meta:
        verbose_name = "補助金の交付"
        ordering = ["-began_at"]

    def __str__(self) -> str:
        return str(self.procedure)


class GrantCase(models.Model):
    """Which stage of which grant a case is."""

    personal = NO_PERSONAL_DATA

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="stages", verbose_name="交付")
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="grant_stage", verbose_name="案件")
    position = models.PositiveSmallIntegerField("順序")

    class Meta:
        verbose_name = "補助金の段階"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["grant", "position"], name="cases_stages_in_order")]

    def __str__(self) -> str:
        return f"{self.grant} {self.position}"
