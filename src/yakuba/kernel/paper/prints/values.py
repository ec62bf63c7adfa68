"""Values on their way into a template: JSON, so that no value is ever read as markup."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from yakuba.kernel.japan.api import era_date, era_date_short
from yakuba.kernel.values.api import TOKYO, Refusal

_WEEKDAYS = "月火水木金土日"


def written(value: Any) -> Any:
    """A value as the template sees it.

    Text, numbers, truth values and `None` stay. A date becomes a table with `iso`, `era` (令和8年4月1日), `short`
    (R8.4.1), `western` (2026年4月1日) and `weekday`; a moment is taken to Tokyo and adds `time` (9:05). Mappings and
    dataclasses become tables, sequences become lists. Raises `TypeError` for anything else.
    """
    if value is None or isinstance(value, str | bool | int | float):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, datetime):
        local = value.astimezone(TOKYO) if value.tzinfo else value
        return {**_day(local.date()), "time": f"{local.hour}:{local.minute:02}"}
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Enum):
        return written(value.value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: written(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): written(inside) for key, inside in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes | bytearray):
        return [written(inside) for inside in value]
    raise TypeError(f"a print cannot show {type(value).__name__}")


def as_json(values: Mapping[str, Any]) -> str:
    """The whole table of values as JSON text."""
    return json.dumps(written(values), ensure_ascii=False, allow_nan=False)


def texts_in(value: Any) -> list[str]:
    """Every text of written values, keys included."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, inside in value.items() for text in (key, *texts_in(inside))]
    if isinstance(value, list):
        return [text for inside in value for text in texts_in(inside)]
    return []


def replaced_in(value: Any, replacements: Mapping[str, str]) -> Any:
    """Written values with characters replaced in every text; keys stay."""
    if isinstance(value, str):
        for character, replacement in replacements.items():
            value = value.replace(character, replacement)
        return value
    if isinstance(value, dict):
        return {key: replaced_in(inside, replacements) for key, inside in value.items()}
    if isinstance(value, list):
        return [replaced_in(inside, replacements) for inside in value]
    return value


def _day(day: date) -> dict[str, str]:
    western = f"{day.year}年{day.month}月{day.day}日"
    try:
        era, short = era_date(day), era_date_short(day)
    except Refusal:  # before the solar calendar there is no era date to print
        era = short = western
    return {
        "iso": day.isoformat(),
        "era": era,
        "short": short,
        "western": western,
        "weekday": _WEEKDAYS[day.weekday()],
    }
