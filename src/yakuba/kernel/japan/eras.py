"""Dates as Japan writes and reads them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from yakuba.kernel.values.api import Refusal
from yakuba.kernel.values.eras import ERAS, FIRST_SOLAR_DAY, Era

_WEEKDAYS = "月火水木金土日"
_HINT = "「令和8年4月1日」「R8.4.1」「2026-04-01」のように入力してください。"

_KANJI_NUMBER = re.compile(r"[〇一二三四五六七八九十]+")
_KANJI_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_WEEKDAY = re.compile(r"\([月火水木金土日](?:曜日?)?\)$|[月火水木金土日]曜日?$")
_ERA_DATE = re.compile(
    r"(?P<era>明治?|大正?|昭和?|平成?|令和?|[A-Z])\.?(?P<year>元|\d{1,2})(?:年|[./-])(?P<month>\d{1,2})(?:月|[./-])(?P<day>\d{1,2})日?"
)
_ERA_DIGITS = re.compile(r"(?P<era>[A-Z])(?P<year>\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_WESTERN_DATE = re.compile(
    r"(?:西暦)?(?P<year>\d{4})(?:年|[./-])(?P<month>\d{1,2})(?:月|[./-])(?P<day>\d{1,2})日?|(?P<digits>\d{8})"
)


def era_of(day: date) -> Era:
    """The era of a day. Raises `Refusal` before 1873-01-01, when dates followed the old lunar calendar."""
    if day < FIRST_SOLAR_DAY:
        raise Refusal(
            f"{day.isoformat()}は和暦で表せません。",
            hint="明治6年1月1日（1873年1月1日）より前は旧暦のため、西暦の日付と対応しません。",
        )
    return next(era for era in reversed(ERAS) if era.first_day <= day)


def era_year(day: date) -> str:
    """The year of a day: `令和8年`, `令和元年`."""
    era = era_of(day)
    return f"{era.name}{_written(era.year_of(day))}年"


def era_date(day: date, *, weekday: bool = False) -> str:
    """A date as documents write it: `令和8年4月1日`, with `weekday` `令和8年4月1日（水）`."""
    written = f"{era_year(day)}{day.month}月{day.day}日"
    return f"{written}（{_WEEKDAYS[day.weekday()]}）" if weekday else written


def era_date_short(day: date) -> str:
    """A date as tables write it: `R8.4.1`."""
    era = era_of(day)
    return f"{era.letter}{era.year_of(day)}.{day.month}.{day.day}"


def parse_date(text: str) -> date:
    """Read a date as people type it, in an era or in the western calendar.

    Understands `令和8年4月1日`, `令和元年五月一日`, `令8.4.1`, `R8.4.1`, `r8/4/1`, `R080401`, `2026-04-01`, `2026/4/1`,
    `2026年4月1日`, `20260401`, each also in full width, with spaces or a weekday behind it.
    Raises `Refusal` for anything else, for days that do not exist (2月30日), for days outside the named era
    (平成31年5月1日, 昭和64年1月8日) and before 1873-01-01.
    """
    tidy = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper().replace("○", "〇")
    tidy = _WEEKDAY.sub("", tidy)
    tidy = _KANJI_NUMBER.sub(lambda found: _kanji_number(found[0]), tidy)
    if found := _ERA_DATE.fullmatch(tidy) or _ERA_DIGITS.fullmatch(tidy):
        return _in_era(text, found["era"], found["year"], int(found["month"]), int(found["day"]))
    if found := _WESTERN_DATE.fullmatch(tidy):
        digits = found["digits"]
        parts = (digits[:4], digits[4:6], digits[6:]) if digits else found.group("year", "month", "day")
        day = _existing(text, *map(int, parts))
        era_of(day)
        return day
    raise Refusal(f"「{text[:40]}」は日付として読めません。", hint=_HINT)


def _in_era(text: str, name: str, year: str, month: int, day_of_month: int) -> date:
    era = next((era for era in ERAS if name in (era.name, era.name[0], era.letter)), None)
    number = 1 if year == "元" else int(year)
    if era is None or number == 0:
        raise Refusal(f"「{text[:40]}」は日付として読めません。", hint=_HINT)
    day = _existing(text, era.first_year + number - 1, month, day_of_month)
    written = f"{era.name}{_written(number)}年{month}月{day_of_month}日"
    if day < FIRST_SOLAR_DAY:
        raise Refusal(
            f"{written}は旧暦の日付のため扱えません。",
            hint="明治6年1月1日（1873年1月1日）以後の日付を入力してください。",
        )
    if era.last_day is not None and day > era.last_day:
        raise Refusal(
            f"{written}という日はありません。{era.name}は{era_date(era.last_day)}までです。",
            hint=f"{era_date(day)}ではありませんか。確かめて入力し直してください。",
        )
    if day < era.first_day:
        raise Refusal(
            f"{written}という日はありません。{era.name}は{era_date(era.first_day)}からです。",
            hint=f"{era_date(day)}ではありませんか。確かめて入力し直してください。",
        )
    return day


def _existing(text: str, year: int, month: int, day_of_month: int) -> date:
    try:
        return date(year, month, day_of_month)
    except ValueError:
        raise Refusal(f"「{text[:40]}」という日はありません。", hint="月と日を確かめて入力し直してください。") from None


def _written(year: int) -> str:
    return "元" if year == 1 else str(year)


def _kanji_number(written: str) -> str:
    if "十" not in written:
        return "".join(str(_KANJI_DIGITS[character]) for character in written)
    tens, _, ones = written.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones or "〇" in tens + ones:
        return written
    return str((_KANJI_DIGITS[tens] if tens else 1) * 10 + (_KANJI_DIGITS[ones] if ones else 0))
