"""Protection of victims (支援措置): the period, its extension, and by what a person is recognised.

Source: 住民基本台帳事務処理要領 第5-10 (ドメスティック・バイオレンス、ストーカー行為等、児童虐待及びこれらに準ずる行為の
被害者の保護): one year from the day the applicant was told, extended on request from a month before its end.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from yakuba.kernel.japan.api import fold
from yakuba.kernel.values.api import Period, Refusal

EXTENDABLE_FROM = timedelta(days=31)


class Ground(StrEnum):
    """Why somebody is protected. Never shown outside the page of protections."""

    VIOLENCE = "violence"
    STALKING = "stalking"
    CHILD = "child"
    SIMILAR = "similar"

    @property
    def label(self) -> str:
        return {
            "violence": "配偶者などからの暴力",
            "stalking": "ストーカー行為など",
            "child": "児童虐待",
            "similar": "前の三つに準ずるもの",
        }[self.value]


def longest_last_day(starts_on: date) -> date:
    """The last day a protection beginning on ``starts_on`` may have: one year."""
    try:
        return starts_on.replace(year=starts_on.year + 1) - timedelta(days=1)
    except ValueError:  # 29 February: the year is over with the last day of February
        return starts_on.replace(year=starts_on.year + 1, month=2, day=28)


def checked_protection(starts_on: date, last_day: date) -> Period:
    """The period of a protection. Raises ``Refusal`` for more than a year."""
    if last_day < starts_on:
        raise Refusal("終わりの日が始まりの日より前です。", field="last_day", hint="日付を確かめてください。")
    longest = longest_last_day(starts_on)
    if last_day > longest:
        raise Refusal(
            f"支援措置の期間は1年までです（{longest:%Y-%m-%d}まで）。",
            field="last_day",
            hint="続けるときは、終わる前に延長してください。",
        )
    return Period.through(starts_on, last_day)


def checked_extension(current: Period, last_day: date, *, today: date) -> Period:
    """The period after an extension: at most a year from the old end, asked for within a month before it.

    Raises ``Refusal``.
    """
    old_end = current.end
    if old_end is None or today >= old_end:
        raise Refusal("この支援措置の期間は終わっています。", hint="新しい支援措置として登録してください。")
    if today < old_end - EXTENDABLE_FROM:
        raise Refusal(
            "延長は、期間が終わる1か月前から登録できます。",
            hint=f"{old_end - EXTENDABLE_FROM:%Y-%m-%d}から登録できます。",
        )
    if last_day < old_end:
        raise Refusal("今の終わりの日より後の日を入力してください。", field="last_day")
    return Period(current.start, checked_protection(old_end, last_day).end)


def tokens_of(*, account: str, number: str, name: str, born_on: date | None) -> frozenset[str]:
    """By what a protected person is recognised, in one writing each.

    Account; number of the register; name and birth; the name alone, for where nobody knows the date of birth: a
    namesake is then treated with the same care.
    """
    folded = fold(name)
    tokens = _certain(account, number)
    if folded:
        tokens.add(f"name:{folded}")
        tokens.add(f"person:{folded}|{born_on.isoformat()}" if born_on else f"ageless:{folded}")
    return frozenset(tokens)


def asked_tokens(*, account: str, number: str, name: str, born_on: date | None) -> frozenset[str]:
    """What to look for when somebody with these particulars turns up."""
    folded = fold(name)
    tokens = _certain(account, number)
    if folded and born_on is None:
        tokens.add(f"name:{folded}")
    elif folded and born_on is not None:
        tokens |= {f"person:{folded}|{born_on.isoformat()}", f"ageless:{folded}"}
    return frozenset(tokens)


def _certain(account: str, number: str) -> set[str]:
    return {token for token in (account and f"account:{account}", number and f"number:{number}") if token}
