"""Automations of an app (自動処理): when, under which condition, and what then happens by itself."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from yakuba.kernel.values.api import TOKYO
from yakuba.office.appbuilder.rules.parts import Part
from yakuba.office.appbuilder.rules.process import KEY, MOST_SET, SetTo

MOST_AUTOMATIONS, MOST_ACTIONS, LONGEST_TEXT = 20, 5, 1000
DEEPEST_CHAIN = 3
"""How many automations may follow from one another; the next one is stopped."""
MOST_AN_HOUR = 20
"""How often an automation may run for one record within an hour; then it is paused."""
MOST_AT_ONCE = 500
"""Records one moment of a timed automation may concern; more is taken for a mistake and pauses it."""
MOST_FAILURES = 5
"""Runs that fail one after the other until the automation is paused."""
RETRY_MINUTES = (2, 15, 60, 360)
LOOK_BACK = timedelta(days=3)
"""Moments missed for so long, while the town hall stood still, are made up for."""


class When(StrEnum):
    """What sets an automation off."""

    ADDED = "added"
    CHANGED = "changed"
    REACHED = "reached"
    DAY = "day"
    EVERY = "every"

    @property
    def label(self) -> str:
        return {
            "added": "記録が加わったとき",
            "changed": "記録が変わったとき",
            "reached": "ある状態になったとき",
            "day": "日付の項目の前後の日",
            "every": "決まった日時",
        }[self.value]

    @property
    def is_timed(self) -> bool:
        return self in (When.DAY, When.EVERY)


class Rhythm(StrEnum):
    """How often a moment comes."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"

    @property
    def label(self) -> str:
        return {"daily": "毎日", "weekly": "毎週", "monthly": "毎月"}[self.value]


WEEKDAYS = ("月", "火", "水", "木", "金", "土", "日")


class Notify(Part):
    """Tell people of the house. `people` and `sections` are keys of fields, `staff` public ids."""

    does: Literal["notify"]
    text: str = Field(max_length=LONGEST_TEXT)
    people: tuple[str, ...] = Field(default=(), max_length=10)
    sections: tuple[str, ...] = Field(default=(), max_length=10)
    groups: tuple[str, ...] = Field(default=(), max_length=20)
    staff: tuple[str, ...] = Field(default=(), max_length=50)
    maker: bool = False


class Given(StrEnum):
    """Where a value of a new record comes from."""

    FIELD = "field"
    CONSTANT = "constant"
    TODAY = "today"
    RECORD = "record"

    @property
    def label(self) -> str:
        return {
            "field": "この記録の項目",
            "constant": "決まった値",
            "today": "その日の日付",
            "record": "この記録そのもの",
        }[self.value]


class Mapped(Part):
    """One field of the new record: `value` is the key of a field of this record, or words the other app reads."""

    to: str = Field(pattern=KEY, max_length=40)
    given: Given
    value: str = Field(default="", max_length=1000)


class Create(Part):
    """Add a record to another app (`app`: its public id), with the rights of who put the version to use."""

    does: Literal["create"]
    app: str = Field(max_length=16)
    fields: tuple[Mapped, ...] = Field(default=(), max_length=20)


class SetFields(Part):
    """Set fields of the record; the only thing besides buttons that may move its state."""

    does: Literal["set"]
    sets: tuple[SetTo, ...] = Field(default=(), max_length=MOST_SET)


class Webhook(Part):
    """Tell a system outside by a signed message (`hook`: public id of the place); only these fields leave the house."""

    does: Literal["webhook"]
    hook: str = Field(max_length=16)
    fields: tuple[str, ...] = Field(default=(), max_length=40)


Action = Annotated[Notify | Create | SetFields | Webhook, Field(discriminator="does")]
ACTION_LABELS = {
    "notify": "知らせる",
    "set": "項目に値を入れる",
    "create": "ほかのアプリに記録を作る",
    "webhook": "外のシステムに知らせる（Webhook）",
}


class Automation(Part):
    """One automation. `field` is the date (`day`) or the status (`reached`) it looks at, `days` after it (negative:
    before), `hour` in Japan; `weekday` 0 is Monday; `day` beyond the end of a month is its last day."""

    key: str = Field(pattern=KEY, max_length=40)
    name: str = Field(min_length=1, max_length=60)
    is_on: bool = True
    when: When
    fields: tuple[str, ...] = Field(default=(), max_length=40)
    """`changed`: only when one of these changed; none: whatever changed."""
    field: str = Field(default="", max_length=40)
    state: str = Field(default="", max_length=60)
    days: int = Field(default=0, ge=-400, le=400)
    hour: int = Field(default=8, ge=0, le=23)
    rhythm: Rhythm = Rhythm.DAILY
    weekday: int = Field(default=0, ge=0, le=6)
    day: int = Field(default=1, ge=1, le=31)
    rule: Any = None
    actions: tuple[Action, ...] = Field(default=(), max_length=MOST_ACTIONS)


def is_set_off(one: Automation, *, is_new: bool, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a change of a record sets it off; `before` and `after` hold what changed, by field.

    A new record that begins in a state has reached it.
    """
    if not one.is_on:
        return False
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    match one.when:
        case When.ADDED:
            return is_new
        case When.CHANGED:
            return not is_new and bool(changed) and (not one.fields or bool(changed & set(one.fields)))
        case When.REACHED:
            return one.field in changed and after.get(one.field) == one.state
    return False


def moments(one: Automation, *, after: datetime, until: datetime) -> Iterator[datetime]:
    """The moments of a timed automation later than `after` and not later than `until`, in order."""
    day = after.astimezone(TOKYO).date()
    last = until.astimezone(TOKYO).date()
    while day <= last:
        moment = datetime.combine(day, time(one.hour), TOKYO)
        if after < moment <= until and _is_day_of(one, day):
            yield moment
        day += timedelta(days=1)


def _is_day_of(one: Automation, day: date) -> bool:
    if not one.when.is_timed:
        return False
    if one.when is When.DAY or one.rhythm is Rhythm.DAILY:
        return True
    if one.rhythm is Rhythm.WEEKLY:
        return day.weekday() == one.weekday
    return day.day == min(one.day, calendar.monthrange(day.year, day.month)[1])


def day_looked_for(one: Automation, moment: datetime) -> date:
    """The value the date field must have for a record to be due at a moment."""
    return moment.astimezone(TOKYO).date() - timedelta(days=one.days)


def cause_of(moment: datetime) -> str:
    """How a moment is written down, so that it counts once."""
    return f"{moment.astimezone(TOKYO):%Y-%m-%dT%H}"


_PLACE = re.compile(r"「([^「」]{1,60})」")


def filled(text: str, words: Mapping[str, str]) -> str:
    """A text with 「項目」 replaced by the words of that field; brackets around anything else stay."""
    return _PLACE.sub(lambda found: words.get(found[1], found[0]), text)


def places_in(text: str) -> frozenset[str]:
    """What stands in brackets in a text."""
    return frozenset(_PLACE.findall(text))


def when_in_words(one: Automation, labels: Mapping[str, str], states: Mapping[str, str]) -> str:
    """When it happens, for people; `labels` by field, `states` by key of the state."""
    match one.when:
        case When.CHANGED if one.fields:
            return f"「{'」「'.join(labels.get(key, key) for key in one.fields)}」が変わったとき"
        case When.REACHED:
            return f"「{states.get(one.state, one.state)}」になったとき"
        case When.DAY:
            days = "当日" if one.days == 0 else f"{abs(one.days)}日{'後' if one.days > 0 else '前'}"
            return f"「{labels.get(one.field, one.field)}」の{days}の{one.hour}時"
        case When.EVERY:
            day = {
                Rhythm.DAILY: "毎日",
                Rhythm.WEEKLY: f"毎週{WEEKDAYS[one.weekday]}曜",
                Rhythm.MONTHLY: f"毎月{one.day}日",
            }[one.rhythm]
            return f"{day}の{one.hour}時"
    return one.when.label
