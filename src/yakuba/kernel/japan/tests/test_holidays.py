from datetime import date, timedelta

import holidays as second_opinion
import pytest

from yakuba.kernel.japan.api import holiday_name
from yakuba.kernel.values.api import Refusal


def days_of(first_year, last_year):
    day = date(first_year, 1, 1)
    while day.year <= last_year:
        yield day
        day += timedelta(days=1)


@pytest.mark.parametrize(("first_year", "last_year"), [(2020, 2030), (1986, 2019), (2031, 2099)])
def test_two_libraries_agree_on_every_day(first_year, last_year):
    other = second_opinion.country_holidays("JP", years=range(first_year, last_year + 1), language="ja")
    differing = [day for day in days_of(first_year, last_year) if (holiday_name(day) is not None) != (day in other)]
    assert differing == []


def test_two_libraries_agree_on_the_names_of_the_plans_years():
    other = second_opinion.country_holidays("JP", years=range(2020, 2031), language="ja")
    assert {day: holiday_name(day) for day in other} == dict(other)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "元日"),
        (date(2026, 5, 6), "振替休日"),  # 憲法記念日 falls on a Sunday
        (date(2026, 9, 22), "国民の休日"),  # between two holidays
        (date(2026, 9, 23), "秋分の日"),
        (date(2019, 5, 1), "天皇の即位の日"),
        (date(2020, 7, 24), "スポーツの日"),  # moved for the Games
        (date(2021, 8, 8), "山の日"),
        (date(2026, 7, 21), None),
        (date(2026, 12, 23), None),  # the former Emperor's birthday
        (date(2026, 12, 31), None),  # closed, but not by the law on holidays
    ],
)
def test_holidays_have_the_names_of_the_law(day, name):
    assert holiday_name(day) == name


@pytest.mark.parametrize("day", [date(1985, 5, 4), date(2100, 1, 1)])
def test_years_nobody_can_vouch_for_are_refused(day):
    with pytest.raises(Refusal):
        holiday_name(day)
