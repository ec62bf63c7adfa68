"""Routes: what a town has laid down, and the way of one request, with every act on it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yakuba.kernel.approval.models.requests import RETENTION, DecisionRequest
from yakuba.kernel.approval.rules.flow import Act, SeatState, StageState
from yakuba.kernel.approval.rules.routes import Seat, StageKind
from yakuba.kernel.approval.rules.states import Capacity
from yakuba.kernel.organisation.models import Authority, Section, Staff
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel


class RoutePlan(PublicModel):
    """A route for a kind of draft (決裁ルート) from a day on: the next one with the same key takes its place.

    `kind` is the kind of decision in words as apps ask for it (「申請の処分」), empty for every other; a plan of the
    responsible section (or one above it) or of the authority goes before a general one.
    """

    personal = PublicModel.personal

    key = models.SlugField("キー", max_length=40)
    title = models.CharField("名前", max_length=80)
    kind = models.CharField("決裁の種類", max_length=40, blank=True)
    section_code = models.CharField("所属コード", max_length=20, blank=True)
    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="執行機関"
    )
    stages = models.JSONField("段階", default=list)
    ground = models.CharField("根拠", max_length=200, blank=True)
    starts_on = models.DateField("この日から")
    ends_on = models.DateField("終わり（この日から使わない）", null=True, blank=True)
    edition = models.PositiveIntegerField("版", default=1)

    class Meta:
        verbose_name = "決裁ルート"
        ordering = ["kind", "key", "-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["key", "starts_on"], name="approval_plan_once_a_day"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="approval_plan_period"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DelegationLine(PublicModel):
    """One line of the 専決 table of an authority: who decides a matter up to which amount, from a day on."""

    personal = PublicModel.personal

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+", verbose_name="執行機関")
    matter = models.CharField("事務の種類", max_length=40, blank=True)
    up_to = models.PositiveBigIntegerField("この額まで（円）", null=True, blank=True)
    seat = models.JSONField("専決する人", default=dict)
    ground = models.CharField("根拠", max_length=200, blank=True)
    starts_on = models.DateField("この日から")
    ends_on = models.DateField("終わり（この日から使わない）", null=True, blank=True)

    class Meta:
        verbose_name = "専決の定め"
        ordering = ["authority", "matter", F("up_to").asc(nulls_last=True)]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="approval_delegation_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter or 'すべて'} {'' if self.up_to is None else f'{self.up_to:,}円まで'}".strip()


class Absence(PublicModel):
    """That somebody is away (不在), or has lost or not yet taken up the office (欠けた): deputies act meanwhile.

    While `is_standing` the first deputy acts with full power (職務代理, 地方自治法第152条) and nothing is shown afterwards;
    otherwise what was decided is shown to the person on return (後閲).
    """

    personal = PersonalData(
        purpose="不在の間の代決者を決めるため",
        retention="終わってから1年",
        fields={"staff": DataClass.PERSONAL, "reason": DataClass.PERSONAL, "entered_name": DataClass.PERSONAL},
    )

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="absences", verbose_name="不在の職員")
    starts_on = models.DateField("この日から")
    ends_on = models.DateField("終わり（この日から戻る）")
    is_standing = models.BooleanField("職務代理を置く", default=False)
    reason = models.CharField("理由", max_length=100, blank=True)
    entered_name = models.CharField("登録した人", max_length=80)
    entered_at = models.DateTimeField("登録日時")

    class Meta:
        verbose_name = "不在"
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="approval_absence_period"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.starts_on}"


class RouteStage(models.Model):
    """One stage of a request's own route, as it was made out when it was drafted (or re-routed)."""

    personal = PublicModel.personal

    request = models.ForeignKey(
        DecisionRequest, on_delete=models.PROTECT, related_name="stages", verbose_name="決裁伺い"
    )
    position = models.PositiveSmallIntegerField("順番")
    kind = models.CharField("種類", max_length=9, choices=[(one.value, one.label) for one in StageKind])
    title = models.CharField("名前", max_length=40)
    quorum = models.PositiveSmallIntegerField("必要な人数（0は全員）", default=0)
    state = models.CharField("状態", max_length=7, choices=[(one.value, one.label) for one in StageState])
    why = models.CharField("理由", max_length=300, blank=True)
    opened_at = models.DateTimeField("順番が来た日時", null=True)
    closed_at = models.DateTimeField("済んだ日時", null=True)

    class Meta:
        verbose_name = "決裁ルートの段階"
        ordering = ["request", "position"]
        constraints = [models.UniqueConstraint(fields=["request", "position"], name="approval_stage_position")]
        indexes = [models.Index(fields=["state"], condition=Q(state="open"), name="approval_open_stages")]

    def __str__(self) -> str:
        return self.title


class RouteSeat(models.Model):
    """One seat of a stage. Who sits in it is asked anew on every day; `traced` keeps who it was when last looked at."""

    personal = PersonalData(
        purpose="だれに回議・合議を求めたかを残すため", retention=RETENTION, fields={"traced": DataClass.PERSONAL}
    )

    stage = models.ForeignKey(RouteStage, on_delete=models.CASCADE, related_name="seats", verbose_name="段階")
    order = models.PositiveSmallIntegerField("順番", default=1)
    seat = models.JSONField("席")
    words = models.CharField("席の名前", max_length=120)
    state = models.CharField(
        "状態",
        max_length=9,
        choices=[(one.value, one.label) for one in SeatState],
        default=SeatState.WAITING.value,
    )
    traced = models.JSONField("席に着いている職員", default=list)

    class Meta:
        verbose_name = "決裁ルートの席"
        ordering = ["stage", "order"]
        constraints = [models.UniqueConstraint(fields=["stage", "order"], name="approval_seat_order")]

    def __str__(self) -> str:
        return self.words

    @property
    def read(self) -> Seat:
        """How the seat is filled."""
        return Seat.from_json(self.seat)


class RouteAct(PublicModel):
    """One act on a draft's way: who, in which capacity and post, when, on exactly which content. Only ever added."""

    personal = PersonalData(
        purpose="だれがどの立場で何をしたかを残すため",
        retention="永年（決裁の記録。内容と意見は含まない）",
        fields={
            "by": DataClass.PERSONAL,
            "name": DataClass.PERSONAL,
            "staff": DataClass.PERSONAL,
            "principal_name": DataClass.PERSONAL,
            "principal": DataClass.PERSONAL,
        },
    )

    request = models.ForeignKey(DecisionRequest, on_delete=models.PROTECT, related_name="acts", verbose_name="決裁伺い")
    act = models.CharField("行為", max_length=9, choices=[(one.value, one.label) for one in Act])
    stage_kind = models.CharField("段階の種類", max_length=9, blank=True)
    stage_title = models.CharField("段階", max_length=40, blank=True)
    seat_words = models.CharField("席", max_length=120, blank=True)
    seat_key = models.PositiveBigIntegerField("席の番号", null=True)
    by = models.CharField("行った人の番号", max_length=40)
    name = models.CharField("行った人", max_length=80)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="行った職員")
    capacity = models.CharField("立場", max_length=8, choices=[(one.value, one.label) for one in Capacity])
    title = models.CharField("その時の職", max_length=120, blank=True)
    principal = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="代決された職員"
    )
    principal_name = models.CharField("代決された人", max_length=80, blank=True)
    principal_title = models.CharField("代決された人の職", max_length=120, blank=True)
    at = models.DateTimeField("日時")
    edition = models.PositiveSmallIntegerField("内容の版", default=1)
    content_sha256 = models.CharField("内容のハッシュ値", max_length=64)
    text_sha256 = models.CharField("表示した文のハッシュ値", max_length=64)
    subject_sha256 = models.CharField("その時の対象のハッシュ値", max_length=64, blank=True)
    words_sha256 = models.CharField("意見のハッシュ値", max_length=64, blank=True)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "決裁の行為"
        ordering = ["request", "id"]
        indexes = [
            models.Index(fields=["staff", "-at"], name="approval_acts_of_staff"),
            models.Index(fields=["principal", "act"], name="approval_acts_for_principal"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity="own", principal_name="") | (~Q(capacity="own") & ~Q(principal_name="")),
                name="approval_act_names_principal",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}（{self.title} {self.name}）"


class ActWords(models.Model):
    """Words and files of an act: apart from it, because they are disposed of with the content."""

    personal = PersonalData(
        purpose="意見・理由を起案者と決裁者に伝えるため",
        retention=RETENTION,
        fields={"words": DataClass.PERSONAL, "files": DataClass.PERSONAL},
    )

    act = models.OneToOneField(RouteAct, on_delete=models.PROTECT, related_name="said")
    words = models.TextField("意見・理由", blank=True)
    files = models.JSONField("添えたファイル", default=list)

    class Meta:
        verbose_name = "決裁の行為の意見"

    def __str__(self) -> str:
        return self.words


class FormerContent(models.Model):
    """What a draft said before it was amended (修正前の内容): so that what was approved earlier can be read."""

    personal = PersonalData(
        purpose="修正の前に何に同意したかを残すため",
        retention=RETENTION,
        fields={
            "title": DataClass.PERSONAL,
            "content": DataClass.PERSONAL,
            "content_text": DataClass.PERSONAL,
            "files": DataClass.PERSONAL,
        },
    )

    request = models.ForeignKey(
        DecisionRequest, on_delete=models.PROTECT, related_name="former", verbose_name="決裁伺い"
    )
    edition = models.PositiveSmallIntegerField("版")
    title = models.CharField("件名", max_length=200)
    content = models.TextField("決裁する内容（ハッシュの元）")
    content_text = models.TextField("決裁する内容")
    content_sha256 = models.CharField("内容のハッシュ値", max_length=64)
    text_sha256 = models.CharField("表示した文のハッシュ値", max_length=64)
    files = models.JSONField("添えたファイル", default=list)
    replaced_at = models.DateTimeField("修正された日時")

    class Meta:
        verbose_name = "修正前の内容"
        ordering = ["request", "-edition"]
        constraints = [models.UniqueConstraint(fields=["request", "edition"], name="approval_one_content_per_edition")]

    def __str__(self) -> str:
        return f"{self.title}（第{self.edition}版）"


class SeatTrace(models.Model):
    """That a seat is somebody else's from a day on (異動による再解決): who it was before and is now, and why."""

    personal = PersonalData(
        purpose="異動のあと、だれがその席に着いたかを残すため",
        retention=RETENTION,
        fields={"before": DataClass.PERSONAL, "after": DataClass.PERSONAL},
    )

    seat = models.ForeignKey(RouteSeat, on_delete=models.CASCADE, related_name="traces", verbose_name="席")
    on = models.DateField("日付")
    before = models.CharField("前の人", max_length=200, blank=True)
    after = models.CharField("今の人", max_length=200, blank=True)

    class Meta:
        verbose_name = "席の移り変わり"
        ordering = ["seat", "id"]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class SealUse(PublicModel):
    """One use of an official seal (公印使用簿): which seal, on which numbered document, how often, by whom. Only added."""

    personal = PersonalData(
        purpose="公印をいつだれが何に押したかを残すため",
        retention="永年（公印使用簿）",
        fields={"used_name": DataClass.PERSONAL, "examined_name": DataClass.PERSONAL},
    )

    request = models.ForeignKey(
        DecisionRequest, on_delete=models.PROTECT, related_name="seal_uses", verbose_name="決裁伺い"
    )
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+", verbose_name="執行機関")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+", verbose_name="使った所属")
    seal_name = models.CharField("公印", max_length=60)
    document_number = models.CharField("文書番号", max_length=40)
    copies = models.PositiveSmallIntegerField("通数", default=1)
    examined_name = models.CharField("公印審査をした人", max_length=80, blank=True)
    used_name = models.CharField("使った人", max_length=80)
    used_at = models.DateTimeField("使った日時")
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "公印の使用"
        ordering = ["-used_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(copies__gte=1), name="approval_seal_at_least_once")]

    def __str__(self) -> str:
        return f"{self.seal_name} {self.document_number}"
