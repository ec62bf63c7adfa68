"""The process of an app (処理の流れ): the states of one `status` field, and the buttons that move a record between them.

With a process, nothing but a button moves a record: no form, no import of other states, no change of many at once. An
automation that says so in the definition is the only other way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from yakuba.office.appbuilder.rules.parts import Part

MOST_BUTTONS, MOST_ASKED, MOST_SET = 40, 10, 4
KEY = r"^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$"


class By(StrEnum):
    """What a field is set to by a button or an automation."""

    TODAY = "today"
    NOW = "now"
    PRESSER = "presser"
    CONSTANT = "constant"
    EMPTY = "empty"

    @property
    def label(self) -> str:
        return {
            "today": "その日の日付",
            "now": "その時の時刻",
            "presser": "押した人",
            "constant": "決まった値",
            "empty": "空にする",
        }[self.value]


class SetTo(Part):
    """A field and what it is set to; `value` only for a constant, as records hold it."""

    field: str = Field(pattern=KEY, max_length=40)
    to: By
    value: Any = None


class Approval(Part):
    """The decision (決裁) a button asks for: its kind in words, who decides where no route says otherwise.

    `section` says whose business it is: the section that owns the app, or the one of the person who presses.
    `amount` is the key of a field in yen; the 専決 table of the town may ask for it. `refused` is the state a record goes
    to when the answer is no; empty: it stays where it was.
    """

    kind: str = Field(min_length=1, max_length=40)
    decider: Literal["section_head", "authority_head"] = "section_head"
    section: Literal["owner", "presser"] = "owner"
    amount: str = Field(default="", max_length=40)
    refused: str = Field(default="", max_length=60)


class Button(Part):
    """One button: from which states to which, who may press it, under which condition, what it asks and sets."""

    key: str = Field(pattern=KEY, max_length=40)
    label: str = Field(min_length=1, max_length=30)
    states: tuple[str, ...] = Field(default=(), max_length=40)
    """The states it stands in."""
    to: str = Field(max_length=60)
    groups: tuple[str, ...] = Field(default=(), max_length=20)
    maker: bool = False
    people: tuple[str, ...] = Field(default=(), max_length=10)
    """Keys of `person` fields: who stands in one of them may press."""
    rule: Any = None
    asks: tuple[str, ...] = Field(default=(), max_length=MOST_ASKED)
    """Fields that must be filled before; the button asks for those the person may write."""
    confirm: str = Field(default="", max_length=300)
    sets: tuple[SetTo, ...] = Field(default=(), max_length=MOST_SET)
    approval: Approval | None = None

    @property
    def is_plain(self) -> bool:
        """Whether one press is all: nothing is asked, nothing confirmed, nobody decides."""
        return not (self.asks or self.confirm or self.approval)


class Process(Part):
    """The states are the choices of the field; `start` is the one a new record has, `ends` those that need no way out."""

    field: str = Field(pattern=KEY, max_length=40)
    start: str = Field(max_length=60)
    ends: tuple[str, ...] = Field(default=(), max_length=40)
    buttons: tuple[Button, ...] = Field(default=(), max_length=MOST_BUTTONS)

    def button(self, key: str) -> Button | None:
        """The button with a key."""
        return next((one for one in self.buttons if one.key == key), None)

    def state_of(self, values: Mapping[str, Any]) -> str:
        """The state of a record; one without any stands at the start."""
        return str(values.get(self.field) or self.start)


def may_press(button: Button, *, group: str, is_maker: bool, staff: str, values: Mapping[str, Any]) -> bool:
    """Whether a person is one of those who press: by the group that decides what they see, as maker, as named person.

    `staff` is the public id of the member of staff, "" for somebody who is none.
    """
    if group and group in button.groups:
        return True
    if is_maker and button.maker:
        return True
    return bool(staff) and any(values.get(key) == staff for key in button.people)


def at_press(sets: tuple[SetTo, ...], *, at: datetime, staff: str) -> dict[str, Any]:
    """What the fields are set to at a moment (in Japan) by somebody; None empties."""
    moments: dict[By, Any] = {
        By.TODAY: at.date().isoformat(),
        By.NOW: f"{at:%H:%M}",
        By.PRESSER: staff or None,
        By.EMPTY: None,
    }
    return {one.field: one.value if one.to is By.CONSTANT else moments[one.to] for one in sets}


def moved(process: Process, key: str, by: int) -> Process:
    """The process with a button so many places further down (negative: up); the ends hold."""
    buttons = list(process.buttons)
    here = next((number for number, one in enumerate(buttons) if one.key == key), None)
    if here is None:
        return process
    buttons.insert(min(max(here + by, 0), len(buttons) - 1), buttons.pop(here))
    return process.model_copy(update={"buttons": tuple(buttons)})


def with_button(process: Process, button: Button) -> Process:
    """The process with a button in the place of the one with its key, or at the end."""
    buttons = [button if one.key == button.key else one for one in process.buttons]
    if button not in buttons:
        buttons.append(button)
    return process.model_copy(update={"buttons": tuple(buttons)})


def without_button(process: Process, key: str) -> Process:
    """The process without a button."""
    return process.model_copy(update={"buttons": tuple(one for one in process.buttons if one.key != key)})
