"""On which days the town hall works."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from yakuba.kernel.japan.holidays import holiday_name
from yakuba.kernel.values.api import Period, Refusal

_WEEKDAYS = "月火水木金土日"
_ONE_DAY = timedelta(days=1)
_LONGEST_CLOSURE = 366
_MONTH_AND_DAY = re.compile(r"(\d{2})-(\d{2})")
_LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True)
class YearlyClosure:
    """Days closed every year, from `first` through `last` as (month, day); may run over New Year (年末年始)."""

    first: tuple[int, int]
    last: tuple[int, int]
    name: str

    def contains(self, day: date) -> bool:
        """Whether the day lies in the closure of its year."""
        at = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last


@dataclass(frozen=True, slots=True)
class ClosingDays:
    """The days on which the town hall is closed (町の休日), as the town's ordinance lists them (地方自治法第4条の2).

    `weekdays`: 0 = Monday … 6 = Sunday. `national_holidays`: whether they close the town hall. `yearly`: closures
    that return. `closed`, `opened`: single days with their reason, against the rule; `opened` wins over everything.
    """

    weekdays: frozenset[int] = frozenset()
    national_holidays: bool = False
    yearly: tuple[YearlyClosure, ...] = ()
    closed: Mapping[date, str] = field(default_factory=dict)
    opened: Mapping[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.weekdays <= set(range(7)):
            raise ValueError("weekdays are numbered from 0 (Monday) to 6 (Sunday)")
        if len(self.weekdays) == 7:
            raise Refusal(
                "すべての曜日が休みになっています。", field="weekdays", hint="開いている曜日を残してください。"
            )
        if both := sorted(set(self.closed) & set(self.opened)):
            raise Refusal(
                f"{both[0].isoformat()}が休みの日にも開く日にもなっています。",
                field="opened",
                hint="どちらか一方だけにしてください。",
            )

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> ClosingDays:
        """From the table `[closing_days]` of a town profile; every fault is a `Refusal` naming its key.

        `weekdays = ["土", "日"]`, `national_holidays = true`,
        `yearly = [{ from = "12-29", to = "01-03", name = "年末年始" }]`,
        `closed = [{ date = 2026-07-01, name = "町制記念日" }]`, `opened` likewise.
        """
        known = {"weekdays", "national_holidays", "yearly", "closed", "opened"}
        if strangers := sorted(set(table) - known):
            raise Refusal(
                f"休日の設定に知らない項目「{strangers[0]}」があります。",
                field=strangers[0],
                hint=f"使える項目: {'、'.join(sorted(known))}",
            )
        national = table.get("national_holidays", False)
        if not isinstance(national, bool):
            raise Refusal(
                "true か false で書いてください。", field="national_holidays", hint="例: national_holidays = true"
            )
        return cls(
            weekdays=frozenset(_weekday(name) for name in _rows(table, "weekdays")),
            national_holidays=national,
            yearly=tuple(_closure(row) for row in _rows(table, "yearly")),
            closed=_single_days(table, "closed"),
            opened=_single_days(table, "opened"),
        )

    def reason(self, day: date) -> str | None:
        """Why the town hall is closed on that day, in words for a notice (`元日`, `年末年始`); `None`: open."""
        if day in self.opened:
            return None
        if day in self.closed:
            return self.closed[day]
        if self.national_holidays and (name := holiday_name(day)):
            return name
        for closure in self.yearly:
            if closure.contains(day):
                return closure.name
        return f"{_WEEKDAYS[day.weekday()]}曜日" if day.weekday() in self.weekdays else None


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """Counts working days (開庁日) over the town's closing days. All days are business dates."""

    closing_days: ClosingDays

    def is_open(self, day: date) -> bool:
        """Whether the town hall works on that day."""
        return self.closing_days.reason(day) is None

    def closed_because(self, day: date) -> str | None:
        """The reason for being closed, `None` when open."""
        return self.closing_days.reason(day)

    def next_open(self, day: date) -> date:
        """The day itself if it is open, else the first open day after.

        This is where a deadline on a closing day moves (地方自治法第4条の2第4項).
        """
        return self._walk(day, _ONE_DAY)

    def previous_open(self, day: date) -> date:
        """The day itself if it is open, else the last open day before."""
        return self._walk(day, -_ONE_DAY)

    def add_business_days(self, day: date, count: int) -> date:
        """The `count`-th open day after `day`; `day` itself is not counted (初日不算入, 民法第140条).

        A negative count goes backwards; 0 gives `next_open(day)`.
        """
        if count == 0:
            return self.next_open(day)
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        for _ in range(abs(count)):
            day = self._walk(day + step, step)
        return day

    def count_business_days(self, period: Period) -> int:
        """How many open days the period has. The period must have an end (`ValueError`)."""
        return sum(self.is_open(day) for day in period)

    def _walk(self, day: date, step: timedelta) -> date:
        for _ in range(_LONGEST_CLOSURE):
            if self.is_open(day):
                return day
            day += step
        raise Refusal("1年以内に開庁日がありません。", hint="町の休日の設定を確かめてください。")


def _rows(table: Mapping[str, Any], key: str) -> list[Any]:
    rows = table.get(key, [])
    if not isinstance(rows, list | tuple):
        raise Refusal("[ ] で囲んだ一覧で書いてください。", field=key)
    return list(rows)


def _weekday(name: object) -> int:
    if not isinstance(name, str) or len(name) != 1 or name not in _WEEKDAYS:
        raise Refusal(
            f"「{str(name)[:10]}」は曜日ではありません。",
            field="weekdays",
            hint='「"土"」のように一文字で書いてください。',
        )
    return _WEEKDAYS.index(name)


def _closure(row: object) -> YearlyClosure:
    if not isinstance(row, Mapping) or set(row) != {"from", "to", "name"}:
        raise Refusal(
            "from、to、name の三つを書いてください。",
            field="yearly",
            hint='例: { from = "12-29", to = "01-03", name = "年末年始" }',
        )
    return YearlyClosure(_month_and_day(row["from"]), _month_and_day(row["to"]), _name(row["name"], "yearly"))


def _month_and_day(written: object) -> tuple[int, int]:
    found = _MONTH_AND_DAY.fullmatch(written) if isinstance(written, str) else None
    try:
        if found:
            day = date(_LEAP_YEAR, int(found[1]), int(found[2]))
            return day.month, day.day
    except ValueError:
        pass
    raise Refusal(
        f"「{str(written)[:20]}」は月日ではありません。", field="yearly", hint="「12-29」のように書いてください。"
    )


def _single_days(table: Mapping[str, Any], key: str) -> dict[date, str]:
    days: dict[date, str] = {}
    for row in _rows(table, key):
        if not isinstance(row, Mapping) or set(row) != {"date", "name"} or type(row["date"]) is not date:
            raise Refusal(
                "date と name を書いてください。", field=key, hint='例: { date = 2026-07-01, name = "町制記念日" }'
            )
        days[row["date"]] = _name(row["name"], key)
    return days


def _name(name: object, key: str) -> str:
    if not isinstance(name, str) or not name.strip():
        raise Refusal("休みの理由（name）がありません。", field=key, hint="窓口や画面に出す名前を書いてください。")
    return name
