"""Acting for somebody else (委任・代理): who may, for what, until when.

Sources: 民法第99条 (代理), 第111条 (代理権の消滅), 第651条 (委任の解除: either side, at any time), 第818条 (親権), 第859条
(後見人による代表).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from yakuba.kernel.values.api import Period, Refusal, TransitionTable


class MandateKind(StrEnum):
    """By what somebody may act for another."""

    LETTER = "letter"
    PARENT = "parent"
    GUARDIAN = "guardian"
    OFFICER = "officer"

    @property
    def label(self) -> str:
        return {
            "letter": "委任状による代理",
            "parent": "親権者",
            "guardian": "成年後見人など",
            "officer": "法人・団体の担当者",
        }[self.value]

    @property
    def is_by_law(self) -> bool:
        """A legal representative acts without the principal's word; a register or court paper shows it."""
        return self in (MandateKind.PARENT, MandateKind.GUARDIAN)


class MandateState(StrEnum):
    """Where a mandate stands. That its period is over is no state: it follows from the day."""

    REQUESTED = "requested"
    IN_FORCE = "in_force"
    REFUSED = "refused"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        return {
            "requested": "確認待ち",
            "in_force": "有効",
            "refused": "認めない",
            "revoked": "取消し",
        }[self.value]


MANDATE_STATES: TransitionTable[MandateState] = TransitionTable(
    {
        MandateState.REQUESTED: {
            MandateState.IN_FORCE: "本人が画面で承認した、または職員が委任状などを確かめた",
            MandateState.REFUSED: "本人が断った、または委任状などで確かめられなかった",
            MandateState.REVOKED: "頼んだ人が取り下げた",
        },
        MandateState.IN_FORCE: {
            MandateState.REVOKED: "本人か代理人がやめた（民法第651条）、または職員が消滅を確かめた",
        },
    },
    start=MandateState.REQUESTED,
)

LONGEST_LETTER_YEARS = 1
"""A letter of attorney without an end of its own counts for a year: what was signed long ago is asked again."""


def covers(*, scope: Collection[str], is_for_everything: bool, procedure: str) -> bool:
    """Whether a mandate with this scope (keys of procedures) serves for ``procedure``."""
    return is_for_everything or procedure in scope


def is_effective(*, state: MandateState, period: Period, on: date) -> bool:
    """Whether one may act on the mandate on this day."""
    return state is MandateState.IN_FORCE and period.contains(on)


def checked_period(kind: MandateKind, starts_on: date, last_day: date | None) -> Period:
    """The period of a mandate. A letter (委任状) and an officer's need a last day within a year. Raises ``Refusal``."""
    if kind.is_by_law:
        return Period.through(starts_on, last_day)
    longest = _a_year_after(starts_on)
    if last_day is None:
        raise Refusal("終わりの日がありません。", field="last_day", hint="1年以内の日を入力してください。")
    if last_day > longest:
        raise Refusal(
            f"委任の期間が長すぎます（{longest:%Y-%m-%d}まで）。",
            field="last_day",
            hint="1年ごとに、あらためて委任してください。",
        )
    return Period.through(starts_on, last_day)


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + LONGEST_LETTER_YEARS)
    except ValueError:  # 29 February
        return day.replace(year=day.year + LONGEST_LETTER_YEARS, day=28)
