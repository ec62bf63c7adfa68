"""What the ledger keeps beside the definition: hours saved, and what happened to the app as a whole."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q

from yakuba.kernel.things.api import NO_PERSONAL_DATA, DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.office.appbuilder.models.apps import App, AppVersion
from yakuba.office.appbuilder.models.records import Record
from yakuba.office.appbuilder.models.tokens import AppToken


class HoursEntry(PublicModel):
    """Hours a month the work took before and takes with the app (削減した時間), as the owner counts them.

    Only ever added: the entry with the latest `from_on` counts, the later of two of the same day.
    """

    personal = PersonalData(
        purpose="アプリで減った時間を、だれがどのように数えたかを残すため",
        retention="アプリの台帳がある間",
        fields={"entered_by_name": DataClass.PERSONAL},
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="hours", verbose_name="アプリ")
    before = models.DecimalField("前（時間/月）", max_digits=7, decimal_places=1)
    after = models.DecimalField("今（時間/月）", max_digits=7, decimal_places=1)
    basis = models.CharField("数え方", max_length=400)
    from_on = models.DateField("この日から")
    entered_by_name = models.CharField("入れた人", max_length=80)
    entered_at = models.DateTimeField("入れた日時")

    class Meta:
        verbose_name = "削減した時間"
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(before__gte=0) & Q(after__gte=0), name="appbuilder_hours_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.app} {self.from_on}"

    @property
    def saved(self) -> Decimal:
        """Hours a month; below zero where the work takes longer now."""
        return self.before - self.after


class AppEvent(PublicModel):
    """Something that happened to an app as a whole (台帳のできごと): handed over, closed, opened again, copied, disposed
    of. Only ever added."""

    class Kind(models.TextChoices):
        HANDED_OVER = "handed", "引継ぎ"
        CLOSED = "closed", "使うのをやめた"
        REOPENED = "reopened", "使うのを再開した"
        TOOK_BACK = "took_back", "以前の版を下書きにした"
        COPIED = "copied", "試し用に複製した"
        DISPOSED = "disposed", "記録の廃棄"

    personal = PersonalData(
        purpose="アプリをだれが引き継ぎ、いつ使うのをやめたかを残すため",
        retention="アプリの台帳がある間",
        fields={"words": DataClass.PERSONAL, "by": DataClass.PERSONAL, "by_name": DataClass.PERSONAL},
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="events", verbose_name="アプリ")
    kind = models.CharField("できごと", max_length=10, choices=Kind.choices)
    words = models.CharField("内容", max_length=600, blank=True)
    by = models.CharField("した人の番号", max_length=40)
    by_name = models.CharField("した人", max_length=80)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = "アプリの台帳のできごと"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.app} {self.get_kind_display()}"


class CheckState(models.TextChoices):
    """Where a check before use stands."""

    WAITING = "waiting", "確認待ち"
    PASSED = "passed", "確認済み"
    RETURNED = "returned", "差戻し・否決"
    WITHDRAWN = "withdrawn", "取下げ"
    INVALID = "invalid", "確認されたが、使い始められなかった"


class UseCheck(PublicModel):
    """A check by somebody else (使い始める前の確認): of a draft, of permissions that widen an app in use, of a key.

    `version` is the draft, `token` the key of another system; without both, `permissions` shall change. `content` is what was decided, with the hash
    of definition and permissions; while it waits neither can be changed. One waits at a time for an app.
    """

    personal = PersonalData(
        purpose="アプリをだれの確認で使い始めたかを残すため",
        retention="アプリの台帳がある間",
        fields={
            "asked_by": DataClass.PERSONAL,
            "asked_name": DataClass.PERSONAL,
            "asked_staff": DataClass.PERSONAL,
            "permissions": DataClass.PERSONAL,
        },
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="checks", verbose_name="アプリ")
    version = models.ForeignKey(
        AppVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="checks", verbose_name="版"
    )
    token = models.ForeignKey(
        AppToken, on_delete=models.PROTECT, null=True, blank=True, related_name="checks", verbose_name="APIトークン"
    )
    permissions = models.JSONField("広げる権限", default=dict)
    reasons = models.JSONField("理由", default=list)
    content = models.JSONField("確認する内容", default=dict)
    request_id = models.CharField("決裁", max_length=16, blank=True, db_index=True)
    state = models.CharField("状態", max_length=9, choices=CheckState.choices, default=CheckState.WAITING)
    words = models.CharField("結果", max_length=400, blank=True)
    asked_by = models.CharField("求めた人の番号", max_length=40)
    asked_name = models.CharField("求めた人", max_length=80)
    asked_staff = models.CharField("求めた職員", max_length=16)
    asked_at = models.DateTimeField("求めた日時")
    ended_at = models.DateTimeField("終わった日時", null=True, blank=True)

    class Meta:
        verbose_name = "アプリの使い始める前の確認"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["app"], condition=Q(state="waiting"), name="appbuilder_one_check_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.app} 使い始める前の確認"


class DisposalState(models.TextChoices):
    """Where a disposal list stands."""

    DRAWN_UP = "drawn_up", "所属長の承認待ち"
    APPROVED = "approved", "廃棄中"
    DONE = "done", "廃棄済み"
    DROPPED = "dropped", "取りやめ"


class RecordDisposal(PublicModel):
    """A list of records whose retention is over (廃棄目録): who drew it up and who approved it, never the same person."""

    personal = PersonalData(
        purpose="保存期間の終わった記録を、だれの承認で廃棄したかを残すため",
        retention="永年（廃棄の記録。記録の内容は含まない）",
        fields={
            "drawn_up_by": DataClass.PERSONAL,
            "drawn_up_name": DataClass.PERSONAL,
            "approved_name": DataClass.PERSONAL,
        },
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="disposals", verbose_name="アプリ")
    before = models.DateField("この日より前に最後に変えた記録")
    years = models.PositiveSmallIntegerField("保存期間（年）")
    count = models.PositiveIntegerField("件数")
    state = models.CharField("状態", max_length=8, choices=DisposalState.choices, default=DisposalState.DRAWN_UP)
    drawn_up_by = models.CharField("作った人の番号", max_length=40)
    drawn_up_name = models.CharField("作った人", max_length=80)
    drawn_up_at = models.DateTimeField("作成日時")
    approved_name = models.CharField("承認した人", max_length=80, blank=True)
    approved_at = models.DateTimeField("承認日時", null=True, blank=True)
    done_at = models.DateTimeField("廃棄を終えた日時", null=True, blank=True)

    class Meta:
        verbose_name = "アプリの記録の廃棄目録"
        ordering = ["-drawn_up_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["app"], condition=Q(state__in=("drawn_up", "approved")), name="appbuilder_one_disposal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.app} {self.before}"


class DisposalLine(models.Model):
    """One record of a disposal list; number and days stay when its content is gone."""

    personal = NO_PERSONAL_DATA

    disposal = models.ForeignKey(
        RecordDisposal, on_delete=models.PROTECT, related_name="lines", verbose_name="廃棄目録"
    )
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+", verbose_name="記録")
    number = models.PositiveIntegerField("番号")
    changed_on = models.DateField("最後に変えた日")
    disposed_on = models.DateField("廃棄した日", null=True, blank=True)
    left_because = models.CharField("残した理由", max_length=100, blank=True)

    class Meta:
        verbose_name = "廃棄目録の記録"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["disposal", "record"], name="appbuilder_disposal_once")]

    def __str__(self) -> str:
        return str(self.number)
