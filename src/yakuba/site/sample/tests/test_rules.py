"""How many of which age, and how people of a household are called."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.site.sample.rules import (
    born_between,
    fiscal_year_start,
    people_by_age,
    relationships,
    shares_of,
    years_before,
)

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@given(total=st.integers(0, 20_000), weights=st.lists(st.floats(0.01, 1000), min_size=1, max_size=30))
def test_shares_are_whole_and_lose_nobody(total: int, weights: list[float]) -> None:
    shares = shares_of(total, weights)
    assert sum(shares) == total
    assert all(abs(share - total * weight / sum(weights)) < 1 for share, weight in zip(shares, weights, strict=True))


@pytest.mark.parametrize(("total", "weights"), [(-1, [1.0]), (3, []), (3, [0.0]), (3, [1.0, -0.5])])
def test_shares_of_nothing_sensible_are_refused(total: int, weights: list[float]) -> None:
    with pytest.raises(ValueError):
        shares_of(total, weights)


def test_everybody_lies_in_a_band_and_the_old_are_mostly_women() -> None:
    people = people_by_age(1000, [(0, 4, 300, 0.5), (60, 64, 500, 0.5), (95, 99, 200, 0.8)])
    assert len(people) == 1000
    ages = [age for age, _ in people]
    assert sum(age <= 4 for age in ages) == 300
    assert sum(age >= 95 for age in ages) == 200
    assert sum(sex == "女" for age, sex in people if age >= 95) == 160
    assert ages.count(95) > ages.count(99)


@given(age=st.integers(0, 110), today=DAYS)
def test_who_is_born_between_the_bounds_has_that_age(age: int, today: date) -> None:
    first, last = born_between(age, today)
    assert first <= last <= today

    def age_of(born: date) -> int:
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    assert age_of(last) == age
    assert age_of(first) == age
    assert age_of(first - timedelta(days=1)) == age + 1


@given(day=DAYS, years=st.integers(0, 110))
def test_the_same_day_years_before_is_at_most_a_leap_day_off(day: date, years: int) -> None:
    before = years_before(day, years)
    assert (before.year, before.month) == (day.year - years, day.month)
    assert day.day - before.day in ({0, 1} if (day.month, day.day) == (2, 29) else {0})


@pytest.mark.parametrize(
    ("day", "years_ago", "start"),
    [
        (date(2026, 4, 1), 0, date(2026, 4, 1)),
        (date(2026, 3, 31), 0, date(2025, 4, 1)),
        (date(2027, 1, 5), 2, date(2024, 4, 1)),
        (date(2026, 11, 23), -1, date(2027, 4, 1)),
    ],
)
def test_fiscal_years_start_in_april(day: date, years_ago: int, start: date) -> None:
    assert fiscal_year_start(day, years_ago=years_ago) == start


# Grandparents 1 ♂ and 2 ♀, their son 3 with wife 4, daughter 5, grandchildren 6 ♀ and 7 ♂, the wife's mother 8, a guest 9.
SEXES = {1: "男", 2: "女", 3: "男", 4: "女", 5: "女", 6: "女", 7: "男", 8: "女", 9: "男"}
BIRTHS = {1: 1948, 2: 1950, 3: 1975, 4: 1977, 5: 1979, 6: 2008, 7: 2011, 8: 1950, 9: 1990}
SPOUSES = {1: 2, 2: 1, 3: 4, 4: 3}
PARENTS = {3: (1, 2), 5: (1, 2), 6: (3, 4), 7: (3, 4), 4: (8,)}


@pytest.mark.parametrize(
    ("head", "called"),
    [
        (
            1,
            {
                1: "世帯主",
                2: "妻",
                3: "子",
                4: "子の妻",
                5: "子",
                6: "子の子",
                7: "子の子",
                8: "子の妻の母",
                9: "同居人",
            },
        ),
        (3, {1: "父", 2: "母", 3: "世帯主", 4: "妻", 5: "妹", 6: "子", 7: "子", 8: "妻の母", 9: "同居人"}),
        (4, {1: "夫の父", 2: "夫の母", 3: "夫", 4: "世帯主", 5: "夫の妹", 6: "子", 7: "子", 8: "母", 9: "同居人"}),
        (
            5,
            {
                1: "父",
                2: "母",
                3: "兄",
                4: "兄の妻",
                5: "世帯主",
                6: "兄の子",
                7: "兄の子",
                8: "兄の妻の母",
                9: "同居人",
            },
        ),
        (7, {1: "父の父", 2: "父の母", 3: "父", 4: "母", 5: "父の妹", 6: "姉", 7: "世帯主", 8: "母の母", 9: "同居人"}),
    ],
)
def test_relationships_are_told_from_the_head(head: int, called: dict[int, str]) -> None:
    births = {id: date(year, 6, 1) for id, year in BIRTHS.items()}
    assert relationships(head, sexes=SEXES, births=births, spouses=SPOUSES, parents=PARENTS) == called
