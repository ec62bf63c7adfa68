"""The people with a seat: who they are, where they are posted, what they may do, who stands in."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.kernel.organisation.models.search_key import SearchKeyField
from yakuba.kernel.organisation.models.structure import ROLE_CHOICES, OutsideOrganisation, Post, Section
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel

RETENTION = "在職中と退職後5年（人事記録の写し）"


class Employment(models.TextChoices):
    REGULAR = "regular", "正規職員"
    REAPPOINTED = "reappointed", "再任用職員"
    FISCAL_YEAR = "fiscal_year", "会計年度任用職員"
    SPECIAL = "special", "特別職"
    OUTSIDE = "outside", "外部の人"


class Leaving(models.TextChoices):
    """Why somebody leaves (離職の事由)."""

    RETIRED = "retired", "退職"
    TERM_ENDED = "term_ended", "任期満了"


class Staff(PublicModel):
    """A person with a seat in the town hall (職員), by 職員番号."""

    personal = PersonalData(
        purpose="職員の所属・権限を定め、だれの行為かを記録するため",
        retention=RETENTION,
        fields={
            "number": DataClass.PERSONAL,
            "name": DataClass.PERSONAL,
            "name_kana": DataClass.PERSONAL,
            "mail": DataClass.PERSONAL,
            "employment": DataClass.PERSONAL,
            "joined_on": DataClass.PERSONAL,
            "leaves_on": DataClass.PERSONAL,
            "leaving": DataClass.PERSONAL,
            "search_key": DataClass.PERSONAL,
        },
    )

    number = models.CharField("職員番号", max_length=20, unique=True)
    name = models.CharField("氏名", max_length=80)
    name_kana = models.CharField("ふりがな", max_length=120, blank=True)
    employment = models.CharField("任用の種類", max_length=12, choices=Employment.choices)
    joined_on = models.DateField("採用日")
    leaves_on = models.DateField("退職日の翌日（この日から無効）", null=True, blank=True)
    leaving = models.CharField("離職の事由", max_length=10, choices=Leaving.choices, blank=True)
    mail = models.EmailField("メール", blank=True)
    organisation = models.ForeignKey(
        OutsideOrganisation, on_delete=models.PROTECT, null=True, blank=True, verbose_name="外部の団体"
    )
    search_key = SearchKeyField("検索キー", of=("number", "name", "name_kana"))
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "職員"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(leaves_on__isnull=True) | Q(leaves_on__gt=F("joined_on")), name="organisation_staff_period"
            ),
            models.CheckConstraint(
                condition=~Q(employment="fiscal_year") | Q(leaves_on__isnull=False),
                name="organisation_fiscal_year_staff_have_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.number}）"


class Posting(PublicModel):
    """Posting (発令): one person, one section, one post, from a day until before another.

    One main posting (本務) at a time, others are concurrent (兼務); the database refuses overlaps itself
    (``overlaps.py``).
    """

    personal = PersonalData(
        purpose="職員の所属・権限を定めるため",
        retention=RETENTION,
        fields={"staff": DataClass.PERSONAL, "ground": DataClass.PERSONAL},
    )

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="postings", verbose_name="職員")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="postings", verbose_name="所属")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="postings", verbose_name="職")
    starts_on = models.DateField("発令日")
    ends_on = models.DateField("終了日（この日から無い）", null=True, blank=True)
    is_main = models.BooleanField("本務", default=True)
    ground = models.CharField("発令の事由", max_length=100, blank=True)
    is_carried = models.BooleanField("所属の変更による読替え", default=False)

    class Meta:
        verbose_name = "発令"
        ordering = ["-starts_on"]
        indexes = [models.Index(fields=["section", "starts_on"], name="organisation_posting_sect")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="organisation_posting_period"
            ),
            models.UniqueConstraint(fields=["staff", "section", "post", "starts_on"], name="organisation_posting_once"),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.post}"


class RoleGrant(PublicModel):
    """Appointment (任命) to a role that no post carries: 事務局, DX推進リーダー, 監査委員 …, with dates and ground."""

    personal = PersonalData(purpose="権限の根拠を残すため", retention=RETENTION, fields={"staff": DataClass.PERSONAL})

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="role_grants", verbose_name="職員")
    role = models.CharField("権限", max_length=20, choices=ROLE_CHOICES)
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("終了日（この日から無い）", null=True, blank=True)
    ground = models.CharField("根拠", max_length=200)

    class Meta:
        verbose_name = "権限の任命"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="organisation_grant_period"
            ),
            models.CheckConstraint(condition=~Q(ground=""), name="organisation_grant_has_a_ground"),
            models.UniqueConstraint(fields=["staff", "role", "starts_on"], name="organisation_grant_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}"


class Deputy(PublicModel):
    """Who stands in (代決・代理) for whom, in which order, from when until when."""

    personal = PersonalData(purpose="代決者を定めるため", retention=RETENTION, fields={"staff": DataClass.PERSONAL})

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="deputies", verbose_name="本人")
    deputy = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="stands_in_for", verbose_name="代決者")
    order = models.PositiveSmallIntegerField("順序", default=1)
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("終了日（この日から無い）", null=True, blank=True)

    class Meta:
        verbose_name = "代決者"
        ordering = ["staff", "order"]
        constraints = [
            models.CheckConstraint(condition=~Q(staff=F("deputy")), name="organisation_nobody_deputises_oneself"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="organisation_deputy_period"
            ),
            models.CheckConstraint(condition=Q(order__gte=1), name="organisation_deputy_order_from_one"),
            models.UniqueConstraint(fields=["staff", "deputy", "starts_on"], name="organisation_deputy_once"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} → {self.deputy}"
