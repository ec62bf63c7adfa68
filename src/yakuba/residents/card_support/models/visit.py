"""Support visits (訪問・出張): the town's staff come to the people."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.residents.card_support.models.appointment import CONTACT, Arrival
from yakuba.residents.card_support.rules.states import VisitState


class VisitKind(models.TextChoices):
    """To whom (種類): somebody who cannot come; a company, hall or school."""

    PERSONAL = "personal", "個人（自宅・施設）"
    GROUP = "group", "出張（団体）"


class Visit(PublicModel):
    """A request for a support visit (訪問・出張の申込) and what became of it.

    ``wishes`` are the days wished, each ``{"day": "2026-12-01", "part": "am"}``. ``answer`` is told to who asked.
    Address and reason are sealed: nobody finds them by browsing tables.
    """

    personal = PersonalData(
        purpose="カードの申請・更新の訪問と出張の日程を決め、申し込んだ人に知らせるため",
        retention="受付の日の属する年度の翌年度4月1日から町の定める年数（card.kept_years）。過ぎると個人の欄を消し、件数だけを残す",
        fields={
            **CONTACT,
            "address": DataClass.SENSITIVE,
            "organisation": DataClass.PERSONAL,
            "reason": DataClass.SENSITIVE,
            "room": DataClass.PERSONAL,
            "answer": DataClass.PERSONAL,
            "staff": DataClass.PERSONAL,
            "entered_by": DataClass.PERSONAL,
        },
    )

    number = models.CharField("整理番号", max_length=12, unique=True)
    sending = models.CharField("送信の合言葉", max_length=64, unique=True)
    kind = models.CharField("種類", max_length=8, choices=VisitKind.choices)
    state = models.CharField("状態", max_length=9, choices=[(one.value, one.label) for one in VisitState])
    name = models.CharField("氏名", max_length=80, blank=True)
    kana = models.CharField("フリガナ", max_length=80, blank=True)
    name_key = models.CharField("検索用の名前", max_length=240, blank=True)
    organisation = models.CharField("団体名", max_length=120, blank=True)
    phone = models.CharField("電話番号", max_length=20, blank=True)
    mail = models.CharField("メールアドレス", max_length=254, blank=True)
    account = models.CharField("利用者", max_length=40, blank=True, db_index=True)
    address = models.TextField("うかがう場所（封をして保存）", blank=True)
    room = models.CharField("部屋・設備", max_length=200, blank=True)
    reason = models.TextField("来庁できないわけ・伝えたいこと（封をして保存）", blank=True)
    purpose = models.CharField("用件", max_length=30)
    people = models.PositiveSmallIntegerField("予定の人数")
    wishes = models.JSONField("希望の日", default=list)
    language = models.CharField("言葉", max_length=8, default="ja")
    password_hash = models.CharField("パスワード", max_length=200, blank=True)
    arrival = models.CharField("受付の方法", max_length=7, choices=Arrival.choices)
    entered_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="入力した職員"
    )
    asked_at = models.DateTimeField("受付日時")
    asked_on = models.DateField("受付日")
    changed_at = models.DateTimeField("変更日時")
    scheduled_on = models.DateField("うかがう日", null=True, blank=True)
    scheduled_at = models.TimeField("うかがう時刻", null=True, blank=True)
    staff = models.ManyToManyField(Staff, related_name="+", blank=True, verbose_name="担当の職員")
    answer = models.CharField("返事", max_length=400, blank=True)
    must_call = models.BooleanField("電話で知らせる", default=False)
    applied = models.PositiveSmallIntegerField("申請", default=0)
    issued = models.PositiveSmallIntegerField("交付", default=0)
    renewed = models.PositiveSmallIntegerField("更新", default=0)
    other = models.PositiveSmallIntegerField("そのほか", default=0)
    erased_on = models.DateField("個人の欄を消した日", null=True, blank=True)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "訪問・出張の申込"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[VisitState.SCHEDULED.value, VisitState.DONE.value])
                | Q(scheduled_on__isnull=False, scheduled_at__isnull=False),
                name="card_visit_scheduled_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state=VisitState.DONE.value) | Q(applied=0, issued=0, renewed=0, other=0),
                name="card_visit_results_when_done",
            ),
            models.CheckConstraint(condition=Q(people__gte=1, people__lte=500), name="card_visit_people"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.organisation or self.name}".strip()

    @property
    def standing(self) -> VisitState:
        return VisitState(self.state)
