"""Doors for residents: what is open, how many places it has, and what came in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from yakuba.kernel.things.api import DataClass, PersonalData
from yakuba.kernel.things.models import PublicModel
from yakuba.office.appbuilder.models.apps import App
from yakuba.office.appbuilder.models.records import Record
from yakuba.office.appbuilder.rules.definition import AppField
from yakuba.office.appbuilder.rules.door_states import ArrivalState, EntranceState
from yakuba.office.appbuilder.rules.doors import Door

DOOR_PURPOSE = "入口ごとに示した利用目的（申込み・回答の受付と、本人への連絡）のため"
DOOR_RETENTION = "入口ごとに定めた月数（受付の終わりから）。過ぎると内容を消し、件数だけを残す"


class Entrance(PublicModel):
    """A door (入口) of an app as it stands before the town. `number` is its address, `/join/101/`.

    `content` is what was decided and is public: the door and the fields it asks, as they were. `waiting` is what a
    decision is asked for. `received` counts what came in. `finals` keeps the published counts of a survey once its
    answers are erased.
    """

    personal = PersonalData(
        purpose="入口の公開をだれが求めたかを残すため",
        retention="アプリが使われている間",
        fields={"asked_by": DataClass.PERSONAL},
    )

    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="entrances", verbose_name="アプリ")
    key = models.CharField("キー", max_length=16)
    number = models.PositiveIntegerField("入口の番号", unique=True)
    state = models.CharField("状態", max_length=8, choices=[(one.value, one.label) for one in EntranceState])
    content = models.JSONField("公開している内容", default=dict)
    waiting = models.JSONField("決裁を待つ内容", default=dict)
    asked_by = models.CharField("公開を求めた人の番号", max_length=40, blank=True)
    decision = models.CharField("決裁", max_length=120, blank=True)
    opened_at = models.DateTimeField("公開した日時", null=True, blank=True)
    closed_at = models.DateTimeField("受付を終えた日時", null=True, blank=True)
    received = models.PositiveIntegerField("届いた数", default=0)
    finals = models.JSONField("最後の集計", default=list)
    form_key = models.CharField("様式", max_length=60, blank=True, db_index=True)
    procedure = models.CharField("手続き", max_length=80, blank=True)

    class Meta:
        verbose_name = "町民の入口"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["app", "key"], name="appbuilder_door_once")]

    def __str__(self) -> str:
        return self.door.name if self.content or self.waiting else f"{self.app} {self.key}"

    def get_absolute_url(self) -> str:
        return reverse("office-app-door", args=[self.app.public_id, self.key])

    @property
    def standing(self) -> EntranceState:
        return EntranceState(self.state)

    @property
    def door(self) -> Door:
        """The door that is public; before the first decision the one that is asked for."""
        return Door.model_validate((self.content or self.waiting)["door"])

    @property
    def fields(self) -> tuple[AppField, ...]:
        """The fields it asks, in order, as they were when it was decided."""
        return tuple(AppField.model_validate(one) for one in (self.content or self.waiting)["fields"])

    @property
    def label(self) -> str:
        """State in words, with a change that is being checked."""
        changing = self.waiting and self.standing in (EntranceState.OPEN, EntranceState.CLOSED)
        return f"{self.standing.label}（変更を確認中）" if changing else self.standing.label


class EntrancePlace(models.Model):
    """Places of a sign-up (定員): in all (`choice` empty), or for one choice. `taken` counts people who hold one.

    The database keeps it between none and `capacity`, so that nobody is taken twice however many press at once.
    """

    personal = PersonalData(purpose="定員を守るため", retention="入口がある間", fields={})

    entrance = models.ForeignKey(Entrance, on_delete=models.CASCADE, related_name="places", verbose_name="入口")
    choice = models.CharField("選択肢", max_length=60, blank=True)
    capacity = models.PositiveIntegerField("定員（人）")
    taken = models.PositiveIntegerField("埋まった人数", default=0)

    class Meta:
        verbose_name = "入口の定員"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["entrance", "choice"], name="appbuilder_place_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="appbuilder_not_oversold"),
        ]

    def __str__(self) -> str:
        return f"{self.entrance_id} {self.choice}"

    @property
    def free(self) -> int:
        return self.capacity - self.taken


class Arrival(PublicModel):
    """What came in through a door (届いたもの) and the record it became.

    Of an anonymous answer nothing but door, record and `sending` stands here. `sending` (digest) makes a second press
    the same arrival; `code` (digest) opens a sign-up to whoever holds its receipt; `person` (keyed digest of account,
    mail or telephone) counts sign-ups of one person. `case` is the public id of the case of an application.
    """

    personal = PersonalData(
        purpose=DOOR_PURPOSE,
        retention=DOOR_RETENTION,
        fields={
            "account": DataClass.PERSONAL,
            "mail": DataClass.PERSONAL,
            "person": DataClass.PERSONAL,
            "code": DataClass.SECRET,
            "reason": DataClass.PERSONAL,
        },
    )

    entrance = models.ForeignKey(Entrance, on_delete=models.PROTECT, related_name="arrivals", verbose_name="入口")
    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="arrival", verbose_name="記録")
    number = models.CharField("受付番号", max_length=12, blank=True, db_index=True)
    sending = models.CharField("送信の合言葉", max_length=64, unique=True)
    state = models.CharField("状態", max_length=9, choices=[(one.value, one.label) for one in ArrivalState])
    place = models.ForeignKey(
        EntrancePlace, on_delete=models.PROTECT, null=True, blank=True, related_name="arrivals", verbose_name="定員"
    )
    people = models.PositiveSmallIntegerField("人数", default=1)
    account = models.CharField("利用者", max_length=40, blank=True, db_index=True)
    mail = models.CharField("メールアドレス", max_length=254, blank=True)
    person = models.CharField("同じ人を数える値", max_length=64, blank=True)
    code = models.CharField("控えの合言葉", max_length=64, blank=True, db_index=True)
    language = models.CharField("言葉", max_length=8, default="ja")
    case = models.CharField("案件", max_length=16, blank=True, db_index=True)
    arrived_at = models.DateTimeField("届いた日時", null=True, blank=True)
    answer_by = models.DateTimeField("返事の期限", null=True, blank=True)
    reason = models.CharField("取消の理由", max_length=200, blank=True)
    kept_until = models.DateField("内容を消す日", db_index=True)
    erased_on = models.DateField("内容を消した日", null=True, blank=True)

    class Meta:
        verbose_name = "入口から届いたもの"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["entrance", "state"], name="appbuilder_arrival_state"),
            models.Index(fields=["entrance", "person"], name="appbuilder_arrival_person"),
        ]

    def __str__(self) -> str:
        return self.number or "（番号なし）"

    @property
    def standing(self) -> ArrivalState:
        return ArrivalState(self.state)


class AnsweredMark(models.Model):
    """That a device or an account has answered a survey: a digest made for this door alone, with no way to an answer."""

    personal = PersonalData(
        purpose="同じ端末・同じ人の二度目の回答を断るため",
        retention=DOOR_RETENTION,
        fields={"digest": DataClass.SECRET},
    )

    digest = models.CharField("値", max_length=64, primary_key=True)
    entrance = models.ForeignKey(Entrance, on_delete=models.CASCADE, related_name="marks", verbose_name="入口")

    class Meta:
        verbose_name = "回答したしるし"

    def __str__(self) -> str:
        return self.digest[:8]


def door_content(door: Door, fields: tuple[AppField, ...]) -> dict[str, Any]:
    """What is decided and then public: the door with the fields it asks, exactly as they are."""
    return {
        "door": door.model_dump(mode="json", exclude_defaults=True),
        "fields": [one.model_dump(mode="json", exclude_defaults=True) for one in fields],
    }
