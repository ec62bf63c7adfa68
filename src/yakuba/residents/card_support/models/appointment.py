"""Appointments (予約) for coming to a place."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.residents.card_support.models.slot import Slot
from yakuba.residents.card_support.rules.states import AppointmentState

MOST_PEOPLE = 6
RETENTION = (
    "来庁の日の属する年度の翌年度4月1日から町の定める年数（card.kept_years）。過ぎると個人の欄を消し、件数だけを残す"
)
#: Whom it concerns; emptied when the time of keeping is over.
CONTACT = {
    "name": DataClass.PERSONAL,
    "kana": DataClass.PERSONAL,
    "name_key": DataClass.PERSONAL,
    "phone": DataClass.PERSONAL,
    "mail": DataClass.PERSONAL,
    "account": DataClass.PERSONAL,
    "password_hash": DataClass.SECRET,
}


class Arrival(models.TextChoices):
    """How it came in (受付の方法)."""

    ONLINE = "online", "オンライン"
    PHONE = "phone", "電話"
    COUNTER = "counter", "窓口"


class Appointment(PublicModel):
    """One appointment (予約) of one or several people for a slot.

    ``sending`` makes a second press give the same appointment. ``day`` repeats the slot's. ``must_call``: something
    changed and no mail or account leads to the person, so a clerk telephones. The counts say what was done.
    """

    personal = PersonalData(
        purpose="マイナンバーカードの窓口の予約を受け、変更や取消を本人に知らせるため",
        retention=RETENTION,
        fields={**CONTACT, "wish": DataClass.PERSONAL, "note": DataClass.PERSONAL, "entered_by": DataClass.PERSONAL},
    )

    number = models.CharField("整理番号", max_length=12, unique=True)
    sending = models.CharField("送信の合言葉", max_length=64, unique=True)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="appointments", verbose_name="予約枠")
    day = models.DateField("日")
    purpose = models.CharField("用件", max_length=30)
    comer = models.CharField("来る人", max_length=5)
    people = models.PositiveSmallIntegerField("人数")
    state = models.CharField("状態", max_length=9, choices=[(one.value, one.label) for one in AppointmentState])
    name = models.CharField("氏名", max_length=80, blank=True)
    kana = models.CharField("フリガナ", max_length=80, blank=True)
    name_key = models.CharField("検索用の名前", max_length=240, blank=True)
    phone = models.CharField("電話番号", max_length=20, blank=True)
    mail = models.CharField("メールアドレス", max_length=254, blank=True)
    account = models.CharField("利用者", max_length=40, blank=True, db_index=True)
    wish = models.CharField("伝えたいこと", max_length=300, blank=True)
    language = models.CharField("言葉", max_length=8, default="ja")
    password_hash = models.CharField("パスワード", max_length=200, blank=True)
    arrival = models.CharField("受付の方法", max_length=7, choices=Arrival.choices)
    entered_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="入力した職員"
    )
    made_at = models.DateTimeField("受付日時")
    changed_at = models.DateTimeField("変更日時")
    must_call = models.BooleanField("電話で知らせる", default=False)
    note = models.CharField("職員のメモ", max_length=300, blank=True)
    applied = models.PositiveSmallIntegerField("申請", default=0)
    issued = models.PositiveSmallIntegerField("交付", default=0)
    renewed = models.PositiveSmallIntegerField("更新", default=0)
    other = models.PositiveSmallIntegerField("そのほか", default=0)
    erased_on = models.DateField("個人の欄を消した日", null=True, blank=True)
    is_sample = models.BooleanField("見本", default=False)

    class Meta:
        verbose_name = "カードの予約"
        ordering = ["slot__starts_at", "pk"]
        indexes = [models.Index(fields=["day", "state"], name="card_appointment_day")]
        constraints = [
            models.CheckConstraint(condition=Q(people__gte=1, people__lte=MOST_PEOPLE), name="card_appointment_people"),
            models.CheckConstraint(
                condition=Q(state=AppointmentState.DONE.value) | Q(applied=0, issued=0, renewed=0, other=0),
                name="card_appointment_results_when_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()

    @property
    def standing(self) -> AppointmentState:
        return AppointmentState(self.state)
