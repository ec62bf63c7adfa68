"""Ages, months and fiscal years as the calendar and the law count them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.expressions.api import evaluate

TODAY = date(2026, 5, 1)


def value(rule: Any, **answers: Any) -> Any:
    return evaluate(rule, answers, today=TODAY)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("2008-05-01", "2026-05-01", 18),
        ("2008-05-02", "2026-05-01", 17),
        ("2026-05-01", "2026-05-01", 0),
        ("2026-05-02", "2026-05-01", None),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2008-02-29", "2028-02-29", 20),
    ],
)
def test_age_is_the_number_of_birthdays_reached(birth: str, day: str, age: int | None) -> None:
    assert value({"age": [{"var": "birth"}, day]}, birth=birth) == age


def test_age_without_a_day_is_that_of_today() -> None:
    assert value({"age": {"var": "birth"}}, birth="2008-05-02") == 17
    assert value({"age": [{"var": "birth"}, {"today": []}]}, birth="2008-05-02") == 17


def test_the_law_reaches_an_age_on_the_day_before_the_birthday() -> None:
    """「15歳に達する日以後の最初の3月31日まで」: a child born on 1 April leaves with those born in March."""
    reached = {"fiscal_year": {"add_days": [{"add_years": [{"var": "birth"}, 15]}, -1]}}

    assert value(reached, birth="2011-04-01") == 2025
    assert value(reached, birth="2011-04-02") == 2026


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ({"today": []}, "2026-05-01"),
        ({"today": None}, "2026-05-01"),
        ({"add_days": [{"today": []}, 14]}, "2026-05-15"),
        ({"add_days": ["2026-03-01", -1]}, "2026-02-28"),
        ({"add_months": ["2026-01-31", 1]}, "2026-02-28"),
        ({"add_months": ["2026-03-31", -1]}, "2026-02-28"),
        ({"add_months": ["2026-12-15", 1]}, "2027-01-15"),
        ({"add_years": ["2024-02-29", 1]}, "2025-02-28"),
        ({"add_years": ["2026-05-01", "2"]}, "2028-05-01"),
        ({"add_days": ["2026-05-01", 1.5]}, None),
        ({"add_days": ["9999-12-31", 1]}, None),
        ({"add_months": ["9999-12-31", 1]}, None),
        ({"add_years": ["0001-01-01", -1]}, None),
        ({"add_days": ["2026-05-01", 10**17]}, None),
        ({"days_between": ["2026-05-01", "2026-05-15"]}, 14),
        ({"days_between": ["2026-05-15", "2026-05-01"]}, -14),
        ({"months_between": ["2026-01-31", "2026-02-28"]}, 1),
        ({"months_between": ["2026-01-15", "2026-02-14"]}, 0),
        ({"months_between": ["2025-05-01", "2026-05-01"]}, 12),
        ({"months_between": ["2026-02-15", "2026-01-15"]}, -1),
        ({"fiscal_year": "2026-03-31"}, 2025),
        ({"fiscal_year": "2026-04-01"}, 2026),
        ({"year_of": "2026-03-31"}, 2026),
        ({"year_of": "2026-02-30"}, None),
        ({"year_of": "2026-2-3"}, None),
        ({"year_of": "２０２６-03-31"}, None),
    ],
)
def test_days_move_and_count(rule: Any, wanted: Any) -> None:
    assert value(rule) == wanted


days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@given(days, st.integers(-20000, 20000))
def test_days_between_takes_back_what_add_days_gave(day: date, number: int) -> None:
    later = value({"add_days": [day.isoformat(), number]})
    assert later == (day + timedelta(days=number)).isoformat()
    assert value({"days_between": [day.isoformat(), later]}) == number


@given(days, days)
def test_full_months_are_the_most_that_do_not_pass_the_day(first: date, last: date) -> None:
    first, last = sorted((first, last))
    months = value({"months_between": [first.isoformat(), last.isoformat()]})

    assert value({"add_months": [first.isoformat(), months]}) <= last.isoformat()
    assert value({"add_months": [first.isoformat(), months + 1]}) > last.isoformat()


@given(days, days)
def test_age_grows_by_one_a_year(birth: date, day: date) -> None:
    age = value({"age": [birth.isoformat(), day.isoformat()]})
    if age is None:
        assert day < birth
    else:
        assert birth.year + age <= day.year <= birth.year + age + 1
        assert -2 < (day - birth).days - 365.2425 * age < 368
