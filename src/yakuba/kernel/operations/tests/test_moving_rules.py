"""What a value of SQLite becomes in PostgreSQL, and when two are the same."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from ipaddress import ip_address
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.operations.moving.rules import Column, Json, TableDigest, Unfit, canonical, fit, row_digest


@pytest.mark.parametrize(
    ("kind", "stored", "fitted"),
    [
        ("boolean", 1, True),
        ("boolean", 0, False),
        ("bigint", 2**63 - 1, 2**63 - 1),
        ("double precision", 2, 2.0),
        ("numeric", 0.1, Decimal("0.10")),
        ("numeric", 100, Decimal("100.00")),
        ("numeric", "12345678901234567.25", Decimal("12345678901234567.25")),
        ("text", "髙", "髙"),
        ("timestamp with time zone", "2026-03-31 15:00:00", datetime(2026, 3, 31, 15, tzinfo=UTC)),
        ("timestamp with time zone", "2026-04-01 00:00:00+09:00", datetime(2026, 3, 31, 15, tzinfo=UTC)),
        ("date", "2026-04-01", date(2026, 4, 1)),
        ("time without time zone", "23:59:59.000001", time(23, 59, 59, 1)),
        ("interval", -86_400_000_001, -timedelta(days=1, microseconds=1)),
        ("bytea", b"\x00\xff", b"\x00\xff"),
        ("uuid", "00000000000000000000000000000001", UUID(int=1)),
        ("inet", "2001:db8::1", ip_address("2001:db8::1")),
        ("jsonb", '{"a": 1}', Json({"a": 1})),
        ("text", None, None),
    ],
)
def test_a_stored_value_fits(kind: str, stored: Any, fitted: Any) -> None:
    assert fit(stored, Column("c", kind, scale=2)) == fitted


@pytest.mark.parametrize(
    ("column", "stored"),
    [
        (Column("c", "boolean"), 2),
        (Column("c", "smallint"), 2**15),
        (Column("c", "integer"), -(2**31) - 1),
        (Column("c", "integer"), "12"),
        (Column("c", "integer"), 1.5),
        (Column("c", "numeric", scale=2), "inf"),
        (Column("c", "character varying", length=3), "四文字だ"),
        (Column("c", "text"), "a\x00b"),
        (Column("c", "text"), b"bytes"),
        (Column("c", "timestamp with time zone"), "yesterday"),
        (Column("c", "date"), "2026-02-30"),
        (Column("c", "jsonb"), "{broken"),
        (Column("c", "jsonb"), '{"a": NaN}'),
        (Column("c", "jsonb"), '"\\u0000"'),
        (Column("c", "jsonb"), '{"\\ud800": 1}'),
        (Column("c", "uuid"), "x"),
        (Column("c", "hstore"), "x"),
        (Column("c", "text", may_be_null=False), None),
    ],
)
def test_what_postgresql_would_refuse_is_named_beforehand(column: Column, stored: Any) -> None:
    with pytest.raises(Unfit):
        fit(stored, column)


def test_the_reason_never_repeats_what_somebody_typed() -> None:
    for column, stored in ((Column("c", "character varying", length=1), "坂下花子"), (Column("c", "date"), "坂下花子")):
        with pytest.raises(Unfit) as caught:
            fit(stored, column)
        assert "坂下" not in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (datetime(2026, 4, 1, tzinfo=timezone(timedelta(hours=9))), datetime(2026, 3, 31, 15, tzinfo=UTC)),
        (Decimal("1.50"), Decimal("1.5")),
        (Json({"a": 1, "b": 100.0}), Json({"b": 100, "a": 1})),
        (b"a", memoryview(b"a")),
    ],
)
def test_two_spellings_of_one_value_are_the_same(one: Any, other: Any) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, "1"), (True, 1), (None, ""), (None, "~"), ("a", b"a"), (1.0, 1), (Json("a"), "a"), (Json(1), Json(True))],
)
def test_different_values_stay_different(one: Any, other: Any) -> None:
    assert canonical(one) != canonical(other)


def test_neighbouring_columns_do_not_run_together() -> None:
    assert row_digest(["ab", "c"]) != row_digest(["a", "bc"])


VALUES = st.one_of(st.none(), st.text(), st.integers(), st.booleans(), st.binary())


@given(st.lists(st.lists(VALUES, min_size=2, max_size=2), max_size=8), st.randoms())
def test_a_table_is_the_same_in_any_order_and_another_with_one_change(rows: list[list[Any]], chance: Any) -> None:
    first, second = TableDigest(), TableDigest()
    for row in rows:
        first.add(row)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    for row in shuffled:
        second.add(row)
    assert first == second
    second.add([None, "one more"])
    assert first != second


@given(st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), inner, max_size=3)))  # fmt: skip
def test_any_json_survives(content: Any) -> None:
    fitted = fit(json.dumps(content), Column("c", "jsonb"))
    assert canonical(fitted) == canonical(Json(json.loads(json.dumps(content))))
