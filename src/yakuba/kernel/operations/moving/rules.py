"""How a stored value of SQLite becomes one of PostgreSQL, and when two stored values are the same: pure Python.

SQLite keeps whatever it was given: a moment is text, a truth is a number, JSON is text nobody checked. PostgreSQL
checks. `fit` turns the one into what the other reads, and says what does not fit; `canonical` brings both to one
spelling, so that equality after a move can be proved value by value.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address
from typing import Any
from uuid import UUID


class Unfit(ValueError):
    """A value PostgreSQL would refuse. The text is Japanese and does not repeat the value."""


@dataclass(frozen=True)
class Column:
    """A column as PostgreSQL describes it: ``kind`` is its ``data_type``; ``length`` of characters, ``scale`` of
    decimals, both ``None`` where they do not apply.
    """

    name: str
    kind: str
    length: int | None = None
    scale: int | None = None
    may_be_null: bool = True


Stored = str | int | float | bytes | None
_WHOLE = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}


def fit(value: Stored, column: Column) -> Any:
    """A value as SQLite stores it, as PostgreSQL's column takes it. Raises ``Unfit``."""
    if value is None:
        if not column.may_be_null:
            raise Unfit("空の値は入れられません")
        return None
    turn = _FITTING.get(column.kind)
    if turn is None:
        raise Unfit(f"この種類の列（{column.kind}）は移せません")
    try:
        return turn(value, column)
    except Unfit:
        raise
    except (ValueError, TypeError, OverflowError, InvalidOperation, AttributeError):
        raise Unfit(f"{column.kind} として読めません") from None


def canonical(value: Any) -> str:
    """One spelling of a value, whichever database it was read from."""
    if value is None:
        return "~"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int):
        return f"i{value}"
    if isinstance(value, float):
        return f"r{value!r}"
    if isinstance(value, Decimal):
        return f"d{value.normalize():f}"
    if isinstance(value, datetime):
        return f"m{value.astimezone(UTC).isoformat()}"
    if isinstance(value, date | time):
        return f"c{value.isoformat()}"
    if isinstance(value, timedelta):
        return f"p{value // timedelta(microseconds=1)}"
    if isinstance(value, bytes | bytearray | memoryview):
        return f"b{bytes(value).hex()}"
    if isinstance(value, Json):
        return f"j{json.dumps(_plain(value.content), sort_keys=True)}"
    return f"s{value}"


@dataclass(frozen=True)
class Json:
    """A JSON value, told apart from the text it may be."""

    content: Any


def row_digest(values: Iterable[Any]) -> int:
    """SHA-256 over the canonical values of a row, as a number; lengths keep neighbours apart."""
    digest = hashlib.sha256()
    for value in values:
        spelled = canonical(value).encode("utf-8", "surrogatepass")
        digest.update(len(spelled).to_bytes(8, "big") + spelled)
    return int.from_bytes(digest.digest(), "big")


class TableDigest:
    """Rows and digest of a table, the same in whatever order the rows are read."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, values: Iterable[Any]) -> None:
        self.rows += 1
        self._sum = (self._sum + row_digest(values)) % 2**256

    @property
    def value(self) -> str:
        return f"{self._sum:064x}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TableDigest) and (self.rows, self._sum) == (other.rows, other._sum)

    __hash__ = None  # type: ignore[assignment]


def _truth(value: Stored, column: Column) -> bool:
    if value not in (0, 1):
        raise Unfit("真偽（0 か 1）ではありません")
    return bool(value)


def _whole(value: Stored, column: Column) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unfit("整数ではありません")
    limit = _WHOLE[column.kind]
    if not -limit <= value < limit:
        raise Unfit(f"{column.kind} に入らない大きさの整数です")
    return value


def _real(value: Stored, column: Column) -> float:
    if not isinstance(value, int | float):
        raise Unfit("数ではありません")
    return float(value)


def _decimal(value: Stored, column: Column) -> Decimal:
    """SQLite may keep a decimal as a binary number; its shortest spelling is the decimal that was meant."""
    exact = Decimal(repr(value) if isinstance(value, float) else str(value))
    if not exact.is_finite():
        raise Unfit("数ではありません")
    return exact if column.scale is None else exact.quantize(Decimal(1).scaleb(-column.scale))


def _text(value: Stored, column: Column) -> str:
    if not isinstance(value, str):
        raise Unfit("文字ではありません")
    if "\x00" in value:
        raise Unfit("文字の中に NUL があります")
    if column.length is not None and len(value) > column.length:
        raise Unfit(f"{column.length} 文字までのところ {len(value)} 文字あります")
    return value


def _moment(value: Stored, column: Column) -> datetime:
    moment = datetime.fromisoformat(str(value))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _json(value: Stored, column: Column) -> Json:
    if not isinstance(value, str):
        raise Unfit("JSON ではありません")
    content = json.loads(value, parse_constant=_no_constant)
    _is_storable(content)
    return Json(content)


def _no_constant(name: str) -> None:
    raise Unfit(f"JSON の中に {name} があります")


def _is_storable(content: Any) -> None:
    if isinstance(content, str):
        if "\x00" in content:
            raise Unfit("JSON の文字の中に NUL があります")
        content.encode()  # a lone surrogate is no character
    elif isinstance(content, dict):
        for key, one in content.items():
            _is_storable(key)
            _is_storable(one)
    elif isinstance(content, list):
        for one in content:
            _is_storable(one)


def _plain(content: Any) -> Any:
    """JSON has one kind of number: 100, 100.0 and 1e2 are the same."""
    if isinstance(content, float):
        return int(content) if content.is_integer() else content
    if isinstance(content, dict):
        return {key: _plain(one) for key, one in content.items()}
    if isinstance(content, list):
        return [_plain(one) for one in content]
    return content


_FITTING: dict[str, Callable[[Any, Column], Any]] = {
    "boolean": _truth,
    "smallint": _whole,
    "integer": _whole,
    "bigint": _whole,
    "double precision": _real,
    "real": _real,
    "numeric": _decimal,
    "character varying": _text,
    "character": _text,
    "text": _text,
    "timestamp with time zone": _moment,
    "date": lambda value, _: date.fromisoformat(str(value)),
    "time without time zone": lambda value, _: time.fromisoformat(str(value)),
    "interval": lambda value, column: timedelta(microseconds=value),
    "bytea": lambda value, _: bytes(value),
    "uuid": lambda value, _: UUID(str(value)),
    "inet": lambda value, _: ip_address(str(value)),
    "jsonb": _json,
}
