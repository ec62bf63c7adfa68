"""The town hall's organisation (組織): who decides, who belongs where, from when until when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.kernel.access.api import Role
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel

_RETENTION = "在職中と退職後5年（人事記録の写し）"


class Authority(PublicModel):
    """Deciding authority (執行機関): 町長, 教育委員会, 農業委員会 …; every decision belongs to one."""

    code = models.SlugField("コード", max_length=30, unique=True)
    name = models.CharField("執行機関", max_length=60)
    head_title = models.CharField("代表者の職名", max_length=60)
    seal_name = models.CharField("公印の名称", max_length=60, blank=True)
    order = models.PositiveSmallIntegerField("並び順", default=0)

    class Meta:
        verbose_name = "執行機関"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class SectionKind(models.TextChoices):
    DEPARTMENT = "department", "部・局"
    SECTION = "section", "課・室"
    UNIT = "unit", "班・係"
    FACILITY = "facility", "出先・施設"


class Section(PublicModel):
    """Section or unit (課・班) in its period of existence. A renamed or merged one ends; its successor is recorded."""

    code = models.CharField("所属コード", max_length=20)
    name = models.CharField("名称", max_length=60)
    name_kana = models.CharField("ふりがな", max_length=120, blank=True)
    kind = models.CharField("種別", max_length=10, choices=SectionKind.choices, default=SectionKind.SECTION)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="sections", verbose_name="執行機関")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="units", verbose_name="上位の所属"
    )
    starts_on = models.DateField("設置日")
    ends_on = models.DateField("廃止日（この日から無い）", null=True, blank=True)
    phone = models.CharField("電話", max_length=30, blank=True)
    duties = models.TextField("分掌事務", blank=True)
    order = models.PositiveSmallIntegerField("並び順", default=0)

    class Meta:
        verbose_name = "所属"
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["code", "starts_on"], name="organisation_section_code_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="organisation_section_period"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SuccessionKind(models.TextChoices):
    RENAMED = "renamed", "改称"
    MERGED = "merged", "統合"
    SPLIT = "split", "分割"


class SectionSuccession(models.Model):
    """Which section took over from which, and how."""

    personal = PublicModel.personal

    before = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="successions", verbose_name="前の所属")
    after = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="predecessions", verbose_name="後の所属")
    kind = models.CharField("種類", max_length=8, choices=SuccessionKind.choices)
    on = models.DateField("日付")

    class Meta:
        verbose_name = "所属の引き継ぎ"
        constraints = [models.UniqueConstraint(fields=["before", "after"], name="organisation_succession_once")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Post(PublicModel):
    """Post (職): its title stands beside every act; ``rank`` orders the line (町長 100 … 主事 10)."""

    title = models.CharField("職名", max_length=40, unique=True)
    rank = models.PositiveSmallIntegerField("順位")
    role = models.CharField("職に伴う権限", max_length=20, blank=True, choices=[(role.value, role.label) for role in Role])

    class Meta:
        verbose_name = "職"
        ordering = ["-rank", "title"]

    def __str__(self) -> str:
        return self.title


class OutsideOrganisation(PublicModel):
    """Organisation outside the town hall with a seat or a task in it: 指定管理者, partners."""

    class Kind(models.TextChoices):
        OPERATOR = "operator", "指定管理者"
        PARTNER = "partner", "連携事業者"
        ADVISER = "adviser", "助言者の所属"

    name = models.CharField("名称", max_length=100, unique=True)
    kind = models.CharField("種別", max_length=10, choices=Kind.choices)
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("終了日（この日から無効）", null=True, blank=True)

    class Meta:
        verbose_name = "外部の団体"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Employment(models.TextChoices):
    REGULAR = "regular", "正規職員"
    REAPPOINTED = "reappointed", "再任用職員"
    FISCAL_YEAR = "fiscal_year", "会計年度任用職員"
    SPECIAL = "special", "特別職"
    OUTSIDE = "outside", "外部の人"


class Staff(PublicModel):
    """A person with a seat in the town hall (職員), by 職員番号."""

    personal = PersonalData(
        purpose="職員の所属・権限を定め、だれの行為かを記録するため",
        retention=_RETENTION,
        fields={
            "number": DataClass.PERSONAL,
            "name": DataClass.PERSONAL,
            "name_kana": DataClass.PERSONAL,
            "mail": DataClass.PERSONAL,
        },
    )

    number = models.CharField("職員番号", max_length=20, unique=True)
    name = models.CharField("氏名", max_length=80)
    name_kana = models.CharField("ふりがな", max_length=120, blank=True)
    employment = models.CharField("任用の種類", max_length=12, choices=Employment.choices)
    joined_on = models.DateField("採用日")
    leaves_on = models.DateField("退職日の翌日（この日から無効）", null=True, blank=True)
    mail = models.EmailField("メール", blank=True)
    organisation = models.ForeignKey(
        OutsideOrganisation, on_delete=models.PROTECT, null=True, blank=True, verbose_name="外部の団体"
    )

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
    """Posting (発令): one person, one section, one post, from a day until before another."""

    personal = PersonalData(purpose="職員の所属・権限を定めるため", retention=_RETENTION, fields={"staff": DataClass.PERSONAL})

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="postings", verbose_name="職員")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="postings", verbose_name="所属")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="postings", verbose_name="職")
    starts_on = models.DateField("発令日")
    ends_on = models.DateField("終了日（この日から無い）", null=True, blank=True)
    is_main = models.BooleanField("本務", default=True)

    class Meta:
        verbose_name = "発令"
        ordering = ["-starts_on"]
        indexes = [models.Index(fields=["section", "starts_on"], name="organisation_posting_sect")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="organisation_posting_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.post}"


class RoleGrant(PublicModel):
    """Appointment (任命) to a role that no post carries: 事務局, DX推進リーダー, 監査委員 …, with dates and ground."""

    personal = PersonalData(purpose="権限の根拠を残すため", retention=_RETENTION, fields={"staff": DataClass.PERSONAL})

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="role_grants", verbose_name="職員")
    role = models.CharField("権限", max_length=20, choices=[(role.value, role.label) for role in Role])
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("終了日（この日から無い）", null=True, blank=True)
    ground = models.CharField("根拠", max_length=200)

    class Meta:
        verbose_name = "権限の任命"
        ordering = ["-starts_on"]

    def __str__(self) -> str:
        return f"{self.get_role_display()}"


class Deputy(PublicModel):
    """Who stands in (代決・代理) for whom, in which order, from when until when."""

    personal = PersonalData(purpose="代決者を定めるため", retention=_RETENTION, fields={"staff": DataClass.PERSONAL})

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
        ]

    def __str__(self) -> str:
        return f"{self.staff} → {self.deputy}"
