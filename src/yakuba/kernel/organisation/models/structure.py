"""Authorities, sections, posts, outside organisations: the house without its people."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.kernel.access.api import Role
from yakuba.kernel.things.models import PublicModel

ROLE_CHOICES = [(role.value, role.label) for role in Role]


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
    """Section or unit (課・班) in one period of its existence.

    A row never changes its name, parent or authority over time: it ends and a successor begins
    (``SectionSuccession``), so the house of any past day is exactly the rows valid on that day.
    ``version`` counts the corrections, for edits by two people at once.
    """

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
    version = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "所属"
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["code", "starts_on"], name="organisation_section_code_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(ends_on__isnull=True), name="organisation_one_standing_section_per_code"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="organisation_section_period"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SuccessionKind(models.TextChoices):
    RENAMED = "renamed", "改称"
    MOVED = "moved", "移管"
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
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="organisation_succession_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="organisation_succession_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Post(PublicModel):
    """Post (職): its title stands beside every act; ``rank`` orders the line (町長 100 … 主事 10)."""

    title = models.CharField("職名", max_length=40, unique=True)
    rank = models.PositiveSmallIntegerField("順位")
    role = models.CharField("職に伴う権限", max_length=20, blank=True, choices=ROLE_CHOICES)

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
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="organisation_outside_period"
            )
        ]

    def __str__(self) -> str:
        return self.name
