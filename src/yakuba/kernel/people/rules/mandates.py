"""Acting for somebody else (委任・代理): who may, for what, until when.

Sources: 民法第4条 (成年), 第99条 (代理), 第111条 (代理権の消滅), 第651条 (委任の解除: either side, at any time), 第818条
(親権), 第859条 (後見人による代表), 年齢計算ニ関スル法律.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from yakuba.kernel.japan.api import fold
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


ADULT_AT = 18


def checked_period(
    kind: MandateKind, starts_on: date, last_day: date | None, *, principal_born_on: date | None = None
) -> Period:
    """The period of a mandate. Raises ``Refusal``.

    A letter (委任状) and an officer's need a last day within a year. A parent's ends when the child comes of age, if the
    birth is known; a guardian's may be open.
    """
    if kind is MandateKind.PARENT and principal_born_on is not None:
        return _until_of_age(starts_on, last_day, last_day_as_minor(principal_born_on))
    if kind.is_by_law:
        return Period.through(starts_on, last_day)
    longest = _years_after(starts_on, LONGEST_LETTER_YEARS)
    if last_day is None:
        raise Refusal("終わりの日がありません。", field="last_day", hint="1年以内の日を入力してください。")
    if last_day > longest:
        raise Refusal(
            f"委任の期間が長すぎます（{longest:%Y-%m-%d}まで）。",
            field="last_day",
            hint="1年ごとに、あらためて委任してください。",
        )
    return Period.through(starts_on, last_day)


def last_day_as_minor(born_on: date) -> date:
    """The last day before somebody comes of age: the day before the 18th birthday, 28 February for a 29th."""
    try:
        birthday = born_on.replace(year=born_on.year + ADULT_AT)
    except ValueError:  # 29 February
        birthday = date(born_on.year + ADULT_AT, 3, 1)
    return birthday - timedelta(days=1)


def _until_of_age(starts_on: date, last_day: date | None, longest: date) -> Period:
    if starts_on > longest:
        raise Refusal(
            f"本人は{longest:%Y-%m-%d}までで成年になるため、親権者として登録できません。",
            field="kind",
            hint="生年月日を確かめてください。成年の本人からは、委任状で登録してください。",
        )
    if last_day is not None and last_day > longest:
        raise Refusal(
            f"親権は、本人が成年になる前の日（{longest:%Y-%m-%d}）までです。",
            field="last_day",
            hint="空欄にすると、その日まで登録します。",
        )
    return Period.through(starts_on, last_day or longest)


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def is_about(*, principal_name: str, principal_born_on: date | None, name: str, born_on: date | None) -> bool:
    """Whether a mandate's principal is the person of that name and birth: names as one searches them (髙 = 高, without
    spaces), and the births are the same where both are known."""
    same_birth = principal_born_on is None or born_on is None or principal_born_on == born_on
    return same_birth and bool(fold(name)) and fold(principal_name) == fold(name)
