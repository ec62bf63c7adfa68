"""How a KPI stands against the line from baseline to target."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.plan.rules.kpi_path import (
    FRESH_FOR,
    KpiPath,
    Point,
    Standing,
    corridor_on,
    expected_on,
    share_of_way,
    standing_of,
    target_value,
)
from yakuba.plan.rules.plan_file import Direction, Source

D = Decimal
PROCEDURES = KpiPath(Direction.UP, Point(date(2026, 1, 1), D(30)), Point(date(2030, 1, 1), D(50)), 10)
PAPER = KpiPath(Direction.DOWN, Point(date(2026, 1, 1), D(400)), Point(date(2030, 1, 1), D(200)), 10)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 1, 1), 30),
        (date(2026, 1, 1), 30),
        (date(2028, 1, 1), D(30) + D(20) * 730 / 1461),
        (date(2030, 1, 1), 50),
        (date(2035, 1, 1), 50),
    ],
)
def test_the_plan_expects_a_straight_line_and_stays_level_outside_it(day, expected):
    assert expected_on(PROCEDURES, day) == expected


def test_without_baseline_or_target_nothing_is_expected():
    assert expected_on(KpiPath(Direction.UP, None, PROCEDURES.target, 10), date(2027, 1, 1)) is None
    assert corridor_on(KpiPath(Direction.UP, PROCEDURES.baseline, None, 10), date(2027, 1, 1)) is None


def test_the_corridor_is_as_wide_as_its_share_of_the_whole_way():
    corridor = corridor_on(PAPER, date(2026, 1, 1))
    assert corridor is not None and (corridor.low, corridor.expected, corridor.high) == (380, 400, 420)


@pytest.mark.parametrize(
    ("value", "change", "baseline", "target"),
    [(50, None, 30, 50), (None, -50, 400, 200), (None, -50, None, None), (None, None, 3, None), (None, 10, 30, 33)],
)
def test_a_target_in_percent_becomes_a_number_once_the_baseline_is_known(value, change, baseline, target):
    def number(one):
        return None if one is None else D(one)

    found = target_value(baseline=number(baseline), value=number(value), change_percent=change)
    assert found == number(target)


TODAY = date(2028, 1, 1)
STANDINGS = [
    # path, measured value, standing; on the day TODAY the line stands at 39.99 and 300.07
    (PROCEDURES, 50, Standing.REACHED),
    (PROCEDURES, 60, Standing.REACHED),
    (PROCEDURES, 43, Standing.AHEAD),
    (PROCEDURES, 41, Standing.ON_PLAN),
    (PROCEDURES, 38, Standing.ON_PLAN),
    (PROCEDURES, 37, Standing.LATE),
    (PROCEDURES, 20, Standing.LATE),
    (PAPER, 200, Standing.REACHED),
    (PAPER, 150, Standing.REACHED),
    (PAPER, 270, Standing.AHEAD),
    (PAPER, 300, Standing.ON_PLAN),
    (PAPER, 321, Standing.LATE),
    (KpiPath(Direction.UP, None, None, 10), 5, Standing.NO_BASELINE),
    (KpiPath(Direction.UP, Point(date(2026, 1, 1), D("44.3")), None, 10), D("44.4"), Standing.IMPROVED),
    (KpiPath(Direction.UP, Point(date(2026, 1, 1), D("44.3")), None, 10), D("44.3"), Standing.UNCHANGED),
    (KpiPath(Direction.DOWN, Point(date(2026, 1, 1), D(10)), None, 10), 11, Standing.WORSENED),
    (KpiPath(Direction.OBSERVE, Point(date(2026, 1, 1), D(10)), None, 10), 11, Standing.OBSERVED),
]


@pytest.mark.parametrize(("path", "value", "standing"), STANDINGS)
def test_a_measured_kpi_stands_where_the_corridor_says(path, value, standing):
    assert standing_of(path, latest=Point(TODAY, D(value)), source=Source.LIVE, today=TODAY) is standing


def test_a_kpi_nobody_measured_is_never_anything_but_unmeasured():
    assert standing_of(PROCEDURES, latest=None, source=Source.LIVE, today=TODAY) is Standing.UNMEASURED


@pytest.mark.parametrize("source", list(Source))
def test_an_old_measurement_speaks_for_the_present_only_as_long_as_its_source_allows(source):
    reached = Point(TODAY, D(50))
    last_good = TODAY + FRESH_FOR[source]
    assert standing_of(PROCEDURES, latest=reached, source=source, today=last_good) is Standing.REACHED
    assert standing_of(PROCEDURES, latest=reached, source=source, today=last_good + timedelta(1)) is Standing.STALE


def test_a_measurement_is_judged_by_the_day_it_was_taken():
    early = Point(date(2026, 6, 1), D(32))
    assert standing_of(PROCEDURES, latest=early, source=Source.HAND, today=date(2027, 5, 1)) is Standing.ON_PLAN


_values = st.decimals(-1000, 1000, places=2)
_days = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@given(_values, _values, st.integers(1, 4000), _days, st.integers(0, 100))
def test_the_expected_value_never_leaves_the_way_and_the_corridor_holds_it(start, goal, length, day, width):
    first = date(2026, 1, 1)
    path = KpiPath(Direction.UP, Point(first, start), Point(first + timedelta(length), goal), width)
    expected, corridor = expected_on(path, day), corridor_on(path, day)
    assert expected is not None and corridor is not None
    rounding = D("1e-20")
    assert min(start, goal) - rounding <= expected <= max(start, goal) + rounding
    assert corridor.low <= corridor.expected <= corridor.high


@given(_values, st.integers(1, 400), _days, _values)
def test_a_better_value_never_stands_worse(start, way, day, value):
    order = [Standing.LATE, Standing.ON_PLAN, Standing.AHEAD, Standing.REACHED]
    path = KpiPath(Direction.UP, Point(date(2026, 1, 1), start), Point(date(2030, 1, 1), start + way), 10)
    ranks = [
        order.index(standing_of(path, latest=Point(day, one), source=Source.LIVE, today=day))
        for one in (value, value + D("0.5"), value + 50)
    ]
    assert ranks == sorted(ranks)


def test_the_share_of_the_way_counts_from_baseline_to_target_in_both_directions():
    assert share_of_way(PROCEDURES, D(40)) == D("0.5")
    assert share_of_way(PAPER, D(350)) == D("0.25")
    assert share_of_way(PAPER, D(410)) < 0
    assert share_of_way(KpiPath(Direction.UP, None, None, 10), D(1)) is None
