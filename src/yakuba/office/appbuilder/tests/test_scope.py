"""The fast way to records gives what plain Python gives: the same rows, order, counts and sums."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.harness.databases import made_once
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.organisation.tests.town_hall import TODAY
from yakuba.office.appbuilder import access
from yakuba.office.appbuilder.models import ImportBatch, Record
from yakuba.office.appbuilder.queries import scope as scopes
from yakuba.office.appbuilder.queries.scope import Order, Scope, scope_for
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.queries.tallies import tallies
from yakuba.office.appbuilder.rules.spans import span
from yakuba.office.appbuilder.rules.tallies import NOWHERE, day_key
from yakuba.office.appbuilder.rules.values import column_of
from yakuba.office.appbuilder.rules.views import AppView, Axis, FieldTest, How, Measure, Step, Test
from yakuba.office.appbuilder.services import delete_record, restore_record
from yakuba.office.appbuilder.tests.world import CLOCK, open_desk

PLACES = ("item", "price", "lent_on", "state", "tags", "broken", "twice")
TEXTS = ("机", "椅子", "棚", "机と椅子", "Desk", "長机")


@pytest.fixture
@made_once("appbuilder_forty")
def forty(db: None) -> Any:
    """Forty records of two people: with gaps, equal values, deleted ones and one that came back."""
    desk = open_desk()
    rng = random.Random(40)
    made = []
    for number in range(40):
        values: dict[str, Any] = {"item": rng.choice(TEXTS)}
        if rng.random() < 0.7:
            values["price"] = rng.choice([-50, 0, 100, 100, 250, 1000])
        if rng.random() < 0.7:
            values["lent_on"] = (TODAY - timedelta(days=rng.choice([0, 1, 30, 200, 400]))).isoformat()
        if rng.random() < 0.8:
            values["state"] = rng.choice(["in", "out"])
        if rng.random() < 0.5:
            values["tags"] = rng.choice([["a"], ["b"], ["a", "b"]])
        if rng.random() < 0.6:
            values["broken"] = rng.random() < 0.5
        made.append(desk.add(by=desk.maker if number % 3 else desk.colleague, **values))
    for record in made[::7]:
        delete_record(by=desk.maker, record=record, version=1, clock=CLOCK)
    restore_record(by=desk.maker, record=Record.objects.get(pk=made[7].pk), clock=CLOCK)
    with unaudited_writes("test"):  # a sheet that is still being brought in
        batch = ImportBatch.objects.create(app=desk.app, filename="a.csv", made_by="x", started_at=CLOCK.now())
    return SimpleNamespace(desk=desk, batch=batch, pks=[one.pk for one in made])


def scope_of(forty: Any, view: AppView | None, rows: str, *, importing: bool = False, settled: bool = True) -> Scope:
    desk = forty.desk
    shapes = Shapes(desk.app)
    sight = access.sight_for(desk.maker, desk.app, shapes.definition)
    rule = {">=": [{"var": "price"}, 100]}
    sight = sight.model_copy(update={"rows": access.Rows(rows), "rule": rule if rows == "rule" else None})
    if not importing:
        with unaudited_writes("test"):
            ImportBatch.objects.filter(pk=forty.batch.pk).update(finished_at=CLOCK.now())
    scope = scope_for(desk.maker, desk.app, shapes.definition, sight, today=TODAY, shapes=shapes, view=view)
    return scope if settled else replace(scope, settled=False)


def seen(forty: Any, rows: str) -> list[Record]:
    """The records the maker sees, the plain way."""
    found = [one for one in Record.objects.filter(app=forty.desk.app).order_by("pk") if one.deleted_at is None]
    if rows == "own":
        return [one for one in found if one.made_by == forty.desk.maker.id]
    if rows == "rule":
        return [one for one in found if (one.values.get("price") or -1) >= 100]
    return found


def plainly(asked: FieldTest, value: Any) -> bool:
    """Whether a value meets a filter."""
    if asked.test is Test.EMPTY:
        return value is None
    if asked.test is Test.NOT:
        return value is None or str(value) not in asked.values
    if value is None:
        return False
    if asked.test is Test.FILLED:
        return True
    if asked.test is Test.CONTAINS:
        return asked.values[0].lower() in str(value).lower()
    if asked.test is Test.SPAN:
        first, last = span(asked.values[0], TODAY)
        return first <= date.fromisoformat(value) <= last
    if asked.test is Test.BETWEEN:
        read: Any = date.fromisoformat if asked.field == "lent_on" else Decimal
        low, high = asked.values
        return (not low or read(low) <= read(value)) and (not high or read(value) <= read(high))
    if isinstance(value, list):
        return bool(set(value) & set(asked.values))
    return str(int(value) if isinstance(value, bool) else value) in asked.values


def wanted(records: Iterable[Record], tests: Iterable[FieldTest]) -> list[Record]:
    return [one for one in records if all(plainly(asked, one.values.get(asked.field)) for asked in tests)]


def in_order(records: list[Record], sort: str, down: bool) -> list[int]:
    by_number = sorted(records, key=lambda one: one.pk, reverse=down)
    if not sort:
        return [one.pk for one in by_number]
    places = {"in": 0, "out": 1}
    known = [one for one in by_number if one.values.get(sort) is not None]
    known.sort(key=lambda one: places.get(one.values[sort], one.values[sort]) if sort == "state" else one.values[sort],
               reverse=down)  # fmt: skip
    return [one.pk for one in known] + [one.pk for one in by_number if one.values.get(sort) is None]


def asks(field: str, test: Test, *values: str) -> FieldTest:
    return FieldTest(field=field, test=test, values=values)


FILTER = st.one_of(
    st.sampled_from(PLACES).flatmap(
        lambda field: st.sampled_from([asks(field, Test.EMPTY), asks(field, Test.FILLED)])
    ),
    st.sampled_from(TEXTS).map(lambda text: asks("item", Test.IS, text)),
    st.sampled_from(["机", "椅", "des"]).map(lambda text: asks("item", Test.CONTAINS, text)),
    st.sampled_from([("0", "250"), ("100", ""), ("", "0"), ("100", "100")]).map(
        lambda ends: asks("price", Test.BETWEEN, *ends)
    ),
    st.sampled_from(["today", "month", "year", "past", "last_year"]).map(
        lambda name: asks("lent_on", Test.SPAN, name)
    ),
    st.just(asks("lent_on", Test.BETWEEN, (TODAY - timedelta(days=40)).isoformat(), "")),
    st.lists(st.sampled_from(["in", "out"]), min_size=1, max_size=2, unique=True).flatmap(
        lambda keys: st.sampled_from([asks("state", Test.IS, *keys), asks("state", Test.NOT, *keys)])
    ),
    st.sampled_from([("a",), ("b",), ("a", "b")]).map(lambda keys: asks("tags", Test.IS, *keys)),
    st.sampled_from(["0", "1"]).map(lambda value: asks("broken", Test.IS, value)),
)  # fmt: skip
ROWS = st.sampled_from(["all", "own", "rule"])
ANYHOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@ANYHOW
@given(
    tests=st.lists(FILTER, max_size=3),
    sort=st.sampled_from(["", "price", "lent_on", "item", "state", "twice"]),
    down=st.booleans(),
    rows=ROWS,
    importing=st.booleans(),
    settled=st.booleans(),
    start=st.integers(0, 30),
    size=st.sampled_from([1, 5, 50]),
    near=st.booleans(),
)
def test_rows_order_and_count_are_those_of_plain_python(
    forty, tests, sort, down, rows, importing, settled, start, size, near
) -> None:
    view = AppView(key="v1", name="見方", filters=tuple(tests))
    scope = scope_of(forty, view, rows, importing=importing, settled=settled)
    expected = in_order(wanted(seen(forty, rows), tests), sort, down)
    scope = replace(scope, order=Order(scope.definition.field(sort), down))
    with (
        mock.patch.object(scopes, "MANY", 0 if near else 50_000),
        mock.patch.object(scopes, "NEAR", 1000 if near else 0),
    ):
        assert scope.ids(start, start + size) == expected[start : start + size]
    assert scope.count() == len(expected)


AXES = st.sampled_from(
    [Axis(field="state"), Axis(field="tags"), Axis(field="broken"), Axis(field="item"),
     Axis(field="lent_on", step=Step.MONTH), Axis(field="lent_on", step=Step.FISCAL_YEAR)]
)  # fmt: skip


def keys_of(record: Record, axis: Axis) -> list[str]:
    value = record.values.get(axis.field)
    if value is None:
        return [NOWHERE]
    if axis.field == "lent_on":
        return [day_key(date.fromisoformat(value), axis.step)]
    if isinstance(value, bool):
        return [str(int(value))]
    return list(value) if isinstance(value, list) else [value]


@ANYHOW
@given(
    axes=st.lists(AXES, max_size=2, unique_by=lambda axis: axis.field),
    tests=st.lists(FILTER, max_size=2),
    rows=ROWS,
    hows=st.lists(st.sampled_from(list(How)), min_size=1, max_size=3),
    settled=st.booleans(),
)
def test_groups_are_those_of_plain_python(forty, axes, tests, rows, hows, settled) -> None:
    view = AppView(key="v1", name="見方", filters=tuple(tests))
    scope = scope_of(forty, view, rows, settled=settled)
    pairs = [(scope.definition.field(axis.field), axis) for axis in axes]
    measures = [Measure(how=how, field="price" if how is not How.COUNT else "") for how in hows]
    found = tallies(scope, pairs, measures)
    groups: dict[tuple[str, ...], list[Record]] = {} if axes else {(): []}
    for record in wanted(seen(forty, rows), tests):
        keys: list[tuple[str, ...]] = [()]
        for axis in axes:
            keys = [(*before, key) for before in keys for key in keys_of(record, axis)]
        for key in keys:
            groups.setdefault(key, []).append(record)
    assert {key: tally.count for key, tally in found.items()} == {key: len(some) for key, some in groups.items()}
    for key, some in groups.items():
        prices = [one.values["price"] for one in some if "price" in one.values]
        for how in hows:
            assert found[key].says(how, "price") == by_hand(how, len(some), prices)


def by_hand(how: How, count: int, prices: list[int]) -> Decimal | None:
    match how:
        case How.COUNT:
            return Decimal(count)
        case How.SUM:
            return Decimal(sum(prices))
        case How.LEAST:
            return Decimal(min(prices)) if prices else None
        case How.MOST:
            return Decimal(max(prices)) if prices else None
    return round(Decimal(sum(prices)) / len(prices) + Decimal(0), 2).quantize(Decimal("0.01")) if prices else None


def test_words_are_found_in_any_of_the_fields_that_are_searched(forty) -> None:
    scope = scope_of(forty, None, "all").searched_in(("item", "code"))
    found = {one.values["item"] for one in scope.searched(["机"]).rows(start=0, stop=50)}
    assert found == {"机", "机と椅子", "長机"}
    assert scope.searched(["机", "椅子"]).count() == sum(one.values["item"] == "机と椅子" for one in seen(forty, "all"))
    assert scope.searched_in(()).searched(["机"]).count() == 0


def test_a_count_and_a_page_of_the_whole_app_read_one_index_each(forty, django_assert_num_queries) -> None:
    view = AppView(key="v1", name="見方", filters=(asks("state", Test.IS, "out"),))
    scope = scope_of(forty, view, "all")
    with django_assert_num_queries(1):
        scope.count()
    with django_assert_num_queries(1):
        scope.ids(0, 5)


def test_numbers_of_records_rise_with_their_rows(forty) -> None:
    """The order among equals is read from the end of an index, which holds the row."""
    rows = list(Record.objects.filter(app=forty.desk.app).order_by("pk").values_list("number", flat=True))
    assert rows == sorted(rows)


def test_every_cell_column_is_one_of_three(forty) -> None:
    assert {column_of(one) for one in Shapes(forty.desk.app).definition.celled} == {"text", "num", "day"}
