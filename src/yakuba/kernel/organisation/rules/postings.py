"""Postings (発令): one main posting at a time, inside the service and inside the section's life."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yakuba.kernel.japan.api import era_date
from yakuba.kernel.organisation.rules.sections import in_words
from yakuba.kernel.values.api import Period, Refusal


@dataclass(frozen=True, slots=True)
class HeldPosting:
    """A posting as the rules see it. `section` and `post` are any stable keys, `where` its words (総務課 課長).

    `is_carried` tells that it only continues an older one, because the section was renamed or merged (読替え).
    """

    key: int | str | None
    section: int | str
    post: int | str
    period: Period
    is_main: bool
    where: str = ""
    is_carried: bool = False


def check_posting(
    new: HeldPosting, held: Iterable[HeldPosting], *, service: Period, section_life: Period, section_name: str
) -> None:
    """Raise `Refusal` if `new` leaves the service or the section's life, or collides with a posting already held.

    The posting itself (same key, not `None`) is passed over in `held`.
    """
    if not service.covers(new.period):
        raise Refusal(
            f"在職期間（{in_words(service)}）の外に発令することはできません。",
            field="starts_on",
            hint="発令日と終了日を在職期間の中にしてください。任期のある職員には終了日が必要です。",
        )
    if not section_life.covers(new.period):
        raise Refusal(
            f"「{section_name}」が存在する期間（{in_words(section_life)}）の外に発令することはできません。",
            field="section",
            hint="発令日を直すか、その日に存在する所属を選んでください。",
        )
    for one in held:
        if (one.key is not None and one.key == new.key) or not one.period.overlaps(new.period):
            continue
        if new.is_main and one.is_main:
            raise Refusal(
                f"本務は同時に一つだけです。{in_words(one.period)}「{one.where}」の本務があります。",
                field="starts_on",
                hint="所属を移すときは「異動」を、兼ねるときは「兼務」を使ってください。",
            )
        if (one.section, one.post) == (new.section, new.post):
            raise Refusal(
                f"同じ発令が{in_words(one.period)}すでにあります（{one.where}）。",
                field="section",
                hint="期間を確かめてください。",
            )


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a transfer does: which main posting ends on the day (`None`: there was none), which period the new has."""

    ends: int | str | None
    period: Period


def transfer(
    *, main: Iterable[HeldPosting], section: int | str, post: int | str, on: date, service: Period
) -> Transfer:
    """Plan a change of the main posting (異動・昇任) from `on`.

    A posting that only continues an older one from the same day (読替え) gives way. Raises `Refusal` when nothing
    changes, another main posting from that day on is registered, or the person is not in service then.
    """
    if not service.contains(on):
        raise Refusal(
            f"{era_date(on)}は在職期間（{in_words(service)}）の外です。",
            field="on",
            hint="発令日を確かめてください。",
        )
    current: HeldPosting | None = None
    for one in main:
        if one.period.start > on or (one.period.start == on and not one.is_carried):
            raise Refusal(
                f"{era_date(one.period.start)}からの発令（{one.where}）がすでに登録されています。",
                field="on",
                hint="先にその発令を取り消すか、それより後の日で異動を登録してください。",
            )
        if one.period.contains(on):
            current = one
    if current is not None and (current.section, current.post) == (section, post):
        raise Refusal(
            f"今と同じ所属・職です（{current.where}）。",
            field="section",
            hint="新しい所属か職を選んでください。",
        )
    return Transfer(ends=current.key if current else None, period=Period(on, service.end))


def check_end(*, is_main: bool, period: Period, last_day: date) -> date:
    """The first day a concurrent posting is over. Raises `Refusal` for a main posting and for days outside it."""
    if is_main:
        raise Refusal(
            "本務だけを終えることはできません。",
            field="last_day",
            hint="所属を移すときは「異動」、職を離れるときは「退職」を使ってください。",
        )
    if last_day < period.start or (period.last_day is not None and last_day >= period.last_day):
        raise Refusal(
            f"終わりの日は発令の期間（{in_words(period)}）の中の、今より早い日にしてください。",
            field="last_day",
            hint="延ばすときは新しい発令を登録してください。",
        )
    return Period.through(period.start, last_day).end or last_day


def check_withdrawal(*, starts_on: date, today: date) -> None:
    """Raise `Refusal` if a posting that is to be withdrawn (発令の取消し) has already begun."""
    if starts_on <= today:
        raise Refusal(
            f"{era_date(starts_on)}からの発令はすでに始まっています。",
            hint="取り消せるのは先の日付の発令だけです。今の所属を変えるには「異動」を登録してください。",
        )
