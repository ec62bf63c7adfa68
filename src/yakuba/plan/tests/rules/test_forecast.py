"""A forecast names its method and keeps silent when it knows too little."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.plan.rules.forecast import FEWEST_MONTHS, Forecast, NoForecast, forecast, last_of_each_month
from yakuba.plan.rules.kpi_path import Point
from yakuba.plan.rules.plan_file import Direction

D = Decimal
END = date(2030, 3, 31)


def monthly(values, start=date(2026, 4, 15)):
    return [Point(start + timedelta(days=30 * place), D(value)) for place, value in enumerate(values)]


def test_a_steady_series_is_continued_exactly():
    found = forecast(monthly([0, 30, 60, 90, 120, 150]), on=date(2026, 11, 11), direction=Direction.UP, target=D(300))
    assert isinstance(found, Forecast)
    assert found.value == found.low == found.high == 210
    assert found.slope == D("365.25")
    assert found.reaches_on == date(2026, 9, 12) + timedelta(days=150)
    assert "Theil–Sen" in found.method


def test_one_odd_month_does_not_move_the_forecast():
    steady = forecast(monthly([10, 11, 12, 13, 14, 15, 16]), on=END, direction=Direction.UP)
    odd = forecast(monthly([10, 11, 12, 90, 14, 15, 16]), on=END, direction=Direction.UP)
    assert isinstance(steady, Forecast) and isinstance(odd, Forecast)
    assert abs(odd.value - steady.value) < 3


def test_daily_figures_count_as_one_a_month():
    days = [Point(date(2026, 4, 1) + timedelta(days=n), D(n)) for n in range(70)]
    assert [point.on for point in last_of_each_month(days)] == [
        date(2026, 4, 30),
        date(2026, 5, 31),
        date(2026, 6, 9),
    ]


@pytest.mark.parametrize("months", range(FEWEST_MONTHS))
def test_too_few_months_give_a_reason_and_no_number(months):
    found = forecast(monthly(range(months)), on=END, direction=Direction.UP)
    assert isinstance(found, NoForecast)
    assert f"{FEWEST_MONTHS}か月分以上" in found.reason and f"{months}か月分" in found.reason


def test_a_day_already_measured_is_not_forecast():
    found = forecast(monthly([1, 2, 3, 4]), on=date(2026, 6, 30), direction=Direction.UP)
    assert isinstance(found, NoForecast) and "過ぎている" in found.reason


def test_a_share_never_leaves_its_bounds():
    found = forecast(
        monthly([80, 85, 90, 95]), on=END, direction=Direction.UP, target=D(100), minimum=D(0), maximum=D(100)
    )
    assert isinstance(found, Forecast) and found.value == found.high == 100


@pytest.mark.parametrize(
    ("values", "direction", "target", "reaches"),
    [
        ([10, 10, 10, 10], Direction.UP, 20, None),
        ([10, 9, 8, 7], Direction.UP, 20, None),
        ([10, 9, 8, 7], Direction.DOWN, 7, date(2026, 7, 14)),
        ([10, 9, 8, 7], Direction.DOWN, 6, date(2026, 8, 13)),
        ([10, 11, 12, 13], Direction.OBSERVE, 20, None),
    ],
)
def test_the_day_of_reaching_the_target_follows_from_slope_and_direction(values, direction, target, reaches):
    found = forecast(monthly(values), on=END, direction=direction, target=D(target))
    assert isinstance(found, Forecast) and found.reaches_on == reaches


@given(st.lists(st.integers(0, 5000), min_size=4, max_size=30), st.integers(1, 2000))
def test_the_range_holds_the_forecast_and_only_the_last_year_counts(values, ahead):
    series = monthly(values)
    found = forecast(series, on=series[-1].on + timedelta(ahead), direction=Direction.UP, minimum=D(0))
    assert isinstance(found, Forecast)
    assert found.low <= found.value <= found.high
    assert found.value >= 0
    assert found.used == last_of_each_month(series)[-12:]
