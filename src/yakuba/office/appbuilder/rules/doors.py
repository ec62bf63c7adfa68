"""A door for residents (町民の入口): what it asks, of whom, how long, for how many. Part of an app's definition."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from yakuba.kernel.values.api import Text
from yakuba.office.appbuilder.rules.parts import Part

MOST_DOORS, MOST_ASKS, MOST_PLACES, MOST_PEOPLE = 5, 40, 10_000, 20


class DoorKind(StrEnum):
    """What comes in through a door."""

    APPLICATION = "application"
    SIGN_UP = "sign_up"
    SURVEY = "survey"

    @property
    def label(self) -> str:
        return self.text.ja

    @property
    def text(self) -> Text:
        return _KINDS[self]


_KINDS = {
    DoorKind.APPLICATION: Text("電子申請", easy="もうしこみの てつづき", en="Application"),
    DoorKind.SIGN_UP: Text("申込・予約", easy="もうしこみ・よやく", en="Sign-up"),
    DoorKind.SURVEY: Text("アンケート", easy="アンケート", en="Survey"),
}


class Needs(StrEnum):
    """How surely it must be known who comes (本人確認の水準); the words of `identity.IdentityLevel`."""

    NONE = "none"
    ACCOUNT = "account"
    PUBLIC_AUTH = "public_auth"

    @property
    def label(self) -> str:
        return {
            "none": "だれでも（利用登録なし）",
            "account": "利用登録をした人",
            "public_auth": "マイナンバーカードで本人確認をした人",
        }[self.value]


class Once(StrEnum):
    """How often one may answer a survey."""

    ACCOUNT = "account"
    DEVICE = "device"
    FREELY = "freely"

    @property
    def label(self) -> str:
        return {"account": "一人一回（利用登録が必要）", "device": "一つの端末から一回", "freely": "何回でも"}[
            self.value
        ]


class Results(StrEnum):
    """When the public sees how a survey goes."""

    LIVE = "live"
    AFTERWARDS = "afterwards"
    NEVER = "never"

    @property
    def label(self) -> str:
        return {"live": "受付中から公表する", "afterwards": "終わってから公表する", "never": "公表しない"}[self.value]


class Promotion(StrEnum):
    """Who moves people up from the waiting list."""

    AUTOMATIC = "automatic"
    BY_CLERK = "by_clerk"

    @property
    def label(self) -> str:
        return {"automatic": "空いたら順番に自動で", "by_clerk": "職員が選んで"}[self.value]


class Words(Part):
    """A text in up to three languages."""

    ja: str = Field(default="", max_length=2000)
    easy: str = Field(default="", max_length=2000)
    en: str = Field(default="", max_length=2000)

    def text(self, otherwise: str = "") -> Text | None:
        """As the house says it; `otherwise` stands in for Japanese. None without any Japanese."""
        japanese = self.ja.strip() or otherwise.strip()
        return Text(japanese, easy=self.easy.strip(), en=self.en.strip()) if japanese else None


class Ask(Part):
    """One field the door asks: its label and help in other languages, the words of its choices by their keys."""

    field: str = Field(max_length=40)
    label: Words = Words()
    help: Words = Words()
    choices: dict[str, Words] = Field(default_factory=dict, max_length=300)


class Places(Part):
    """Capacity of a sign-up (定員): in all, or for each choice of a field. `cancel_until` is the person's own last moment."""

    total: int = Field(default=0, ge=0, le=MOST_PLACES)
    field: str = Field(default="", max_length=40)
    by_choice: dict[str, int] = Field(default_factory=dict, max_length=300)
    group_most: int = Field(default=1, ge=1, le=MOST_PEOPLE)
    per_person: int = Field(default=1, ge=1, le=20)
    waiting: int = Field(default=0, ge=0, le=1000)
    promotion: Promotion = Promotion.AUTOMATIC
    answer_hours: int = Field(default=0, ge=0, le=24 * 14)
    cancel_until: datetime | None = None

    @property
    def capacities(self) -> dict[str, int]:
        """Capacity by choice; "" for all in one."""
        return dict(self.by_choice) if self.field else {"": self.total}


class Survey(Part):
    """How a survey is answered. `most` answers (0: any number); an anonymous one keeps nothing about who answered."""

    anonymous: bool = True
    once: Once = Once.DEVICE
    most: int = Field(default=0, ge=0, le=100_000)
    results: Results = Results.AFTERWARDS


class Door(Part):
    """A door of an app. Moments are the town's own, without zone; texts without Japanese stand for none.

    `name_field` holds the name of the person (for notices and lists), `state_field` mirrors where a sign-up stands.
    `kept_months` after the end the answers are erased.
    """

    key: str = Field(pattern=r"^[a-z0-9]{1,16}$")
    kind: DoorKind
    title: Words
    about: Words = Words()
    purpose: Words = Words()
    receipt: Words = Words()
    asks: tuple[Ask, ...] = Field(default=(), max_length=MOST_ASKS)
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    needs: Needs = Needs.NONE
    kept_months: int = Field(default=12, ge=1, le=120)
    name_field: str = Field(default="", max_length=40)
    state_field: str = Field(default="", max_length=40)
    procedure: str = Field(default="", max_length=60)
    """Application: the key of the procedure of the catalogue its cases belong to."""
    places: Places = Places()
    survey: Survey = Survey()

    @property
    def name(self) -> str:
        return self.title.ja

    @property
    def is_anonymous(self) -> bool:
        """Whether nothing may be kept that leads to a person."""
        return self.kind is DoorKind.SURVEY and self.survey.anonymous

    @property
    def asked(self) -> tuple[str, ...]:
        """The keys of the fields asked, in order."""
        return tuple(one.field for one in self.asks)

    def is_open_at(self, moment: datetime) -> bool:
        """Whether a moment (the town's own, without zone) lies in the opening period; its end is no longer open."""
        return (self.opens_at is None or self.opens_at <= moment) and (
            self.closes_at is None or moment < self.closes_at
        )


def new_key(doors: tuple[Door, ...]) -> str:
    """A key no door has."""
    taken = {one.key for one in doors}
    return next(key for number in range(1, MOST_DOORS + 200) if (key := f"d{number}") not in taken)
