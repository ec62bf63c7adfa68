"""受付番号."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.cases.rules.numbers import read_number, written_number
from yakuba.kernel.values.api import FiscalYear

numbers = st.builds(written_number, st.builds(FiscalYear, st.integers(2019, 2060)), st.integers(1, 99_999))


@given(numbers)
def test_what_is_written_is_read_again(number) -> None:
    assert read_number(number) == number


@given(numbers, st.data())
def test_one_wrong_digit_is_noticed(number, draw) -> None:
    places = [place for place, one in enumerate(number) if one.isdigit()]
    place = draw.draw(st.sampled_from(places))
    other = draw.draw(st.sampled_from([one for one in "0123456789" if one != number[place]]))
    assert read_number(number[:place] + other + number[place + 1 :]) is None


@given(st.text(max_size=60))
def test_anything_typed_is_read_or_is_none(typed) -> None:
    found = read_number(typed)
    assert found is None or read_number(found) == found


@pytest.mark.parametrize(
    "typed", ["R8-00012-{0}", "ｒ８－０００１２－{0}", "r8 00012 {0}", "R800012{0}", "R8ー00012ー{0}"]
)
def test_people_type_it_in_many_ways(typed) -> None:
    number = written_number(FiscalYear(2026), 12)
    assert read_number(typed.format(number[-1])) == number
