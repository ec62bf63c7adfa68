import tomllib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.japan.api import BusinessCalendar, ClosingDays, holiday_name
from yakuba.kernel.values.api import Period, Refusal

PROFILE = """
weekdays = ["土", "日"]
national_holidays = true
yearly = [{ from = "12-29", to = "01-03", name = "年末年始" }]
closed = [{ date = 2026-07-10, name = "町制記念日" }]
opened = [{ date = 2027-03-28, name = "転入転出の休日窓口" }]
"""
TOWN = BusinessCalendar(ClosingDays.from_dict(tomllib.loads(PROFILE)))
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 4, 1), None),
        (date(2026, 4, 4), "土曜日"),
        (date(2026, 4, 5), "日曜日"),
        (date(2026, 4, 29), "昭和の日"),
        (date(2026, 5, 6), "振替休日"),
        (date(2026, 12, 28), None),
        (date(2026, 12, 29), "年末年始"),
        (date(2026, 12, 31), "年末年始"),
        (date(2027, 1, 1), "元日"),
        (date(2027, 1, 2), "年末年始"),
        (date(2027, 1, 4), None),
        (date(2026, 7, 10), "町制記念日"),
        (date(2027, 3, 28), None),  # a Sunday, opened
    ],
)
def test_the_town_hall_is_closed_for_a_reason(day, reason):
    assert TOWN.closed_because(day) == reason
    assert TOWN.is_open(day) == (reason is None)


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 4, 4), date(2026, 4, 6)),
        (date(2026, 5, 2), date(2026, 5, 7)),
        (date(2026, 12, 29), date(2027, 1, 4)),
    ],
)
def test_a_deadline_on_a_closing_day_moves_to_the_next_open_day(day, moved):
    assert TOWN.next_open(day) == moved


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        (date(2026, 4, 1), 1, date(2026, 4, 2)),
        (date(2026, 4, 3), 1, date(2026, 4, 6)),
        (date(2026, 4, 4), 1, date(2026, 4, 6)),
        (date(2026, 4, 28), 5, date(2026, 5, 11)),
        (date(2026, 12, 28), 1, date(2027, 1, 4)),
        (date(2027, 1, 4), -1, date(2026, 12, 28)),
        (date(2026, 4, 4), 0, date(2026, 4, 6)),
    ],
)
def test_business_days_are_counted_from_the_day_after(day, count, result):
    assert TOWN.add_business_days(day, count) == result


@given(days, st.integers(1, 60))
def test_adding_and_counting_business_days_agree(day, count):
    result = TOWN.add_business_days(day, count)
    assert TOWN.is_open(result)
    assert TOWN.count_business_days(Period.through(day + timedelta(days=1), result)) == count


@given(days, st.integers(1, 30))
def test_going_forward_and_back_returns_to_an_open_day(day, count):
    begin = TOWN.next_open(day)
    assert TOWN.add_business_days(TOWN.add_business_days(begin, count), -count) == begin


@given(days)
def test_next_and_previous_open_day_enclose_only_closing_days(day):
    following, before = TOWN.next_open(day), TOWN.previous_open(day)
    assert before <= day <= following
    assert all(not TOWN.is_open(closed) for closed in Period.through(before, following) if before < closed < following)
    if TOWN.is_open(day):
        assert before == day == following


@given(days)
def test_closing_days_are_exactly_those_of_the_ordinance(day):
    new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    single = {date(2026, 7, 10): False, date(2027, 3, 28): True}
    expected = single.get(day, not (day.weekday() >= 5 or holiday_name(day) or new_year))
    assert TOWN.is_open(day) == expected


def test_a_closure_within_a_year_does_not_wrap():
    hall = BusinessCalendar(ClosingDays.from_dict({"yearly": [{"from": "08-13", "to": "08-16", "name": "お盆"}]}))
    assert not hall.is_open(date(2026, 8, 16))
    assert hall.is_open(date(2026, 8, 17))
    assert hall.is_open(date(2026, 1, 1))


def test_a_calendar_without_open_days_says_so_instead_of_searching_forever():
    never = BusinessCalendar(ClosingDays.from_dict({"yearly": [{"from": "01-01", "to": "12-31", "name": "休館"}]}))
    with pytest.raises(Refusal, match="開庁日がありません"):
        never.next_open(date(2026, 4, 1))


@pytest.mark.parametrize(
    ("faulty", "field"),
    [
        ({"weekday": ["土"]}, "weekday"),
        ({"weekdays": ["土曜"]}, "weekdays"),
        ({"weekdays": [""]}, "weekdays"),
        ({"weekdays": [5]}, "weekdays"),
        ({"weekdays": "土"}, "weekdays"),
        ({"weekdays": list("月火水木金土日")}, "weekdays"),
        ({"national_holidays": "true"}, "national_holidays"),
        ({"yearly": [{"from": "12-29", "to": "01-03"}]}, "yearly"),
        ({"yearly": [{"from": "12-32", "to": "01-03", "name": "x"}]}, "yearly"),
        ({"yearly": [{"from": 1229, "to": "01-03", "name": "x"}]}, "yearly"),
        ({"yearly": [{"from": "12-29", "to": "01-03", "name": " "}]}, "yearly"),
        ({"closed": [{"date": "2026-07-01", "name": "x"}]}, "closed"),
        ({"closed": [{"date": date(2026, 7, 1)}]}, "closed"),
        (
            {"closed": [{"date": date(2026, 7, 1), "name": "x"}], "opened": [{"date": date(2026, 7, 1), "name": "y"}]},
            "opened",
        ),
    ],
)
def test_a_fault_in_the_profile_is_refused_naming_its_key(faulty, field):
    with pytest.raises(Refusal) as refusal:
        ClosingDays.from_dict(faulty)
    assert refusal.value.field == field
