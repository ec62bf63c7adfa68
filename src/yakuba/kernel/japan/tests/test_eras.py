from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.japan.api import era_date, era_date_short, era_year, parse_date
from yakuba.kernel.values.api import Refusal

era_days = st.dates(date(1873, 1, 1), date(2117, 12, 31))


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2026, 4, 1), "令和8年4月1日", "R8.4.1"),
        (date(2019, 5, 1), "令和元年5月1日", "R1.5.1"),
        (date(2019, 4, 30), "平成31年4月30日", "H31.4.30"),
        (date(1989, 1, 8), "平成元年1月8日", "H1.1.8"),
        (date(1989, 1, 7), "昭和64年1月7日", "S64.1.7"),
        (date(1926, 12, 25), "昭和元年12月25日", "S1.12.25"),
        (date(1926, 12, 24), "大正15年12月24日", "T15.12.24"),
        (date(1912, 7, 30), "大正元年7月30日", "T1.7.30"),
        (date(1912, 7, 29), "明治45年7月29日", "M45.7.29"),
        (date(1873, 1, 1), "明治6年1月1日", "M6.1.1"),
    ],
)
def test_every_era_begins_and_ends_to_the_day(day, long, short):
    assert era_date(day) == long
    assert era_date_short(day) == short
    assert parse_date(long) == parse_date(short) == day


def test_a_date_may_carry_its_weekday():
    assert era_date(date(2026, 4, 1), weekday=True) == "令和8年4月1日（水）"
    assert era_year(date(2019, 12, 31)) == "令和元年"


@given(era_days)
def test_every_day_is_read_back_from_every_form(day):
    forms = [era_date(day), era_date(day, weekday=True), era_date_short(day), day.isoformat(), f"{day:%Y%m%d}"]
    wide = [form.translate({ord("0") + digit: ord("０") + digit for digit in range(10)}) for form in forms]
    for form in forms + wide:
        assert parse_date(form) == day


@given(era_days)
def test_the_day_after_is_written_later_or_in_a_new_era(day):
    following = day + timedelta(days=1)
    if era_date(day)[:2] != era_date(following)[:2]:
        assert era_year(following).endswith("元年")
    elif day.year != following.year:
        assert era_year(day) != era_year(following)


@pytest.mark.parametrize(
    "text",
    [
        "令和8年4月1日",
        "令和８年４月１日",
        "令和 8年 4月 1日",
        "令和8.4.1",
        "令8.4.1",
        "R8.4.1",
        "r8/4/1",
        "R8-4-1",
        "Ｒ８．４．１",
        "R08.04.01",
        "R.8.4.1",
        "R080401",
        "令和八年四月一日",
        "令和8年4月1日（水）",
        "令和8年4月1日 水曜日",
        "2026-04-01",
        "2026/4/1",
        "2026.4.1",
        "2026年4月1日",
        "西暦2026年4月1日",
        "二〇二六年四月一日",
        "20260401",
        "　2026-04-01 ",
    ],
)
def test_a_day_is_read_in_all_the_ways_people_write_it(text):
    assert parse_date(text) == date(2026, 4, 1)


def test_old_papers_count_in_characters():
    assert parse_date("昭和二十一年十一月三十日") == date(1946, 11, 30)
    assert parse_date("平成十年十月十日") == date(1998, 10, 10)
    assert parse_date("㋿元年5月1日") == date(2019, 5, 1)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("平成31年5月1日", "令和元年5月1日"),
        ("H32.1.1", "令和2年1月1日"),
        ("昭和64年1月8日", "平成元年1月8日"),
        ("昭和元年12月24日", "大正15年12月24日"),
        ("大正元年7月29日", "明治45年7月29日"),
        ("明治45年7月30日", "大正元年7月30日"),
        ("令和元年4月30日", "平成31年4月30日"),
    ],
)
def test_a_day_outside_its_era_is_refused_and_the_right_one_is_named(text, meant):
    with pytest.raises(Refusal) as refusal:
        parse_date(text)
    assert "という日はありません" in refusal.value.message
    assert meant in refusal.value.hint


@pytest.mark.parametrize("text", ["明治5年12月2日", "明治元年9月8日", "M1.1.1", "1872-12-31", "1600-01-01"])
def test_days_of_the_lunar_calendar_are_refused(text):
    with pytest.raises(Refusal, match=r"旧暦|和暦"):
        parse_date(text)
    with pytest.raises(Refusal):
        era_date(date(1872, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "令和",
        "令和8年",
        "令和8年4月",
        "令和0年4月1日",
        "X8.4.1",
        "R8.4",
        "8.4.1",
        "4/1/2026",
        "R100.1.1",
        "令和8年2月29日",
        "2026-13-01",
        "2026-00-10",
        "20260230",
        "令和8年4月31日",
        "十十年一月一日",
        "R8.4.1.1",
        "9" * 5000,
    ],
)
def test_what_is_no_day_is_refused_with_a_hint(text):
    with pytest.raises(Refusal) as refusal:
        parse_date(text)
    assert refusal.value.hint
    assert len(refusal.value.message) < 120


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text):
    try:
        assert type(parse_date(text)) is date
    except Refusal as refusal:
        assert refusal.hint
