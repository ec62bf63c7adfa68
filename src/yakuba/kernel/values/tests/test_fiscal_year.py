from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.values.api import FiscalYear, Refusal


def test_a_fiscal_year_runs_from_april_through_march():
    year = FiscalYear(2026)
    assert (year.start, year.last_day) == (date(2026, 4, 1), date(2027, 3, 31))
    assert year.period.days == 365
    assert FiscalYear.of(date(2026, 3, 31)) == FiscalYear(2025)
    assert FiscalYear.of(date(2026, 4, 1)) == year
    assert date(2027, 3, 31) in year
    assert not year.contains(date(2027, 4, 1))


def test_fiscal_years_follow_each_other():
    assert FiscalYear(2026).next == FiscalYear(2027)
    assert FiscalYear(2026).previous == FiscalYear(2025)
    assert FiscalYear(2026) < FiscalYear(2027)


def test_four_quarters_make_a_year_without_a_gap():
    quarters = FiscalYear(2026).quarters
    assert [quarter.start for quarter in quarters] == [
        date(2026, 4, 1),
        date(2026, 7, 1),
        date(2026, 10, 1),
        date(2027, 1, 1),
    ]
    assert all(first.adjacent(second) for first, second in pairwise(quarters))
    assert sum(quarter.days for quarter in quarters) == 365


@pytest.mark.parametrize(
    ("year", "label", "short"),
    [
        (2029, "令和11年度", "R11"),
        (2026, "令和8年度", "R8"),
        (2020, "令和2年度", "R2"),
        (2019, "令和元年度", "R1"),
        (2018, "平成30年度", "H30"),
        (1989, "平成元年度", "H1"),
        (1988, "昭和63年度", "S63"),
        (1927, "昭和2年度", "S2"),
        (1926, "大正15年度", "T15"),
        (1912, "明治45年度", "M45"),
    ],
)
def test_a_fiscal_year_is_named_by_the_era_of_its_first_day_except_2019(year, label, short):
    assert FiscalYear(year).label == label == str(FiscalYear(year))
    assert FiscalYear(year).short == short


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("R8", 2026),
        ("r8", 2026),
        ("Ｒ８", 2026),
        ("R08", 2026),
        ("R8年度", 2026),
        ("R.8", 2026),
        ("令和8年度", 2026),
        ("令和８年度", 2026),
        (" 令和 8 年度 ", 2026),
        ("令和8", 2026),
        ("2026", 2026),
        ("２０２６年度", 2026),
        ("FY2026", 2026),
        ("令和元年度", 2019),
        ("令和1年度", 2019),
        ("平成31年度", 2019),
        ("H31", 2019),
        ("平成元年度", 1989),
        ("大正元年度", 1912),
        ("明治45年度", 1912),
        ("昭和元年度", 1926),
    ],
)
def test_fiscal_years_are_read_as_people_write_them(text, year):
    assert FiscalYear.parse(text) == FiscalYear(year)


@pytest.mark.parametrize(
    "text", ["", "8", "令和", "令和0年度", "平成32年度", "昭和64年度", "X8", "26", "20266", "R8.4", "1700", "3000"]
)
def test_what_is_no_fiscal_year_is_refused_with_a_hint(text):
    with pytest.raises(Refusal) as refusal:
        FiscalYear.parse(text)
    assert refusal.value.hint


@given(st.integers(1886, 2117))
def test_label_and_short_form_are_read_back(year):
    fiscal_year = FiscalYear(year)
    assert FiscalYear.parse(fiscal_year.label) == FiscalYear.parse(fiscal_year.short) == fiscal_year


@given(st.dates(date(1886, 4, 1), date(2999, 3, 31)))
def test_every_day_belongs_to_exactly_one_fiscal_year(day):
    year = FiscalYear.of(day)
    assert year.contains(day)
    assert sum(quarter.contains(day) for quarter in year.quarters) == 1
    assert not year.next.contains(day)


def test_a_fiscal_year_is_a_whole_number():
    with pytest.raises(TypeError):
        FiscalYear("2026")  # type: ignore[arg-type]
