import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.values.api import Refusal, Rounding, Yen

amounts = st.integers(-(10**12), 10**12).map(Yen)
roundings = st.sampled_from(Rounding)


@pytest.mark.parametrize("wrong", [1.0, "1", None, True, Decimal(1)])
def test_yen_are_whole_numbers_only(wrong):
    with pytest.raises(TypeError):
        Yen(wrong)


@pytest.mark.parametrize("wrong", [0.5, "1", None, Decimal(1), True])
def test_yen_never_meet_anything_but_yen_and_whole_numbers(wrong):
    for operation in (
        lambda: Yen(1) + wrong,
        lambda: wrong + Yen(1),
        lambda: Yen(1) - wrong,
        lambda: wrong - Yen(1),
        lambda: Yen(1) * wrong,
        lambda: wrong * Yen(1),
    ):
        with pytest.raises(TypeError):
            operation()


def test_yen_are_not_divided_by_an_operator_nor_multiplied_with_yen():
    with pytest.raises(TypeError):
        Yen(100) / 3  # type: ignore[operator]
    with pytest.raises(TypeError):
        Yen(100) // 3  # type: ignore[operator]
    with pytest.raises(TypeError):
        Yen(100) * Yen(3)  # type: ignore[operator]


@given(amounts, amounts, amounts)
def test_addition_is_that_of_whole_numbers(first, second, third):
    assert first + second == Yen(first.amount + second.amount) == second + first
    assert (first + second) + third == first + (second + third)
    assert first - second + second == first
    assert 0 - (-first) == first
    assert sum([first, second, third]) == first + second + third
    assert sum([first], Yen(0)) == 0 + first == first - 0


def test_yen_are_ordered_and_hashable_and_survive_pickling():
    assert sorted([Yen(3), Yen(-1), Yen(2)]) == [Yen(-1), Yen(2), Yen(3)]
    assert max(Yen(3), Yen(4)) == Yen(4)
    assert len({Yen(1), Yen(1), Yen(2)}) == 2
    assert pickle.loads(pickle.dumps(Yen(5))) == Yen(5)
    assert not Yen(0)
    with pytest.raises(TypeError):
        _ = Yen(1) < 2  # type: ignore[operator]


def test_yen_are_written_with_separators_and_unit():
    assert str(Yen(1234567)) == "1,234,567円"
    assert f"{Yen(-1234)}" == "-1,234円"
    assert f"{Yen(1234):,}" == "1,234"
    assert Yen(-1234).in_accounts == "△1,234"
    assert Yen(0).in_accounts == "0"


@pytest.mark.parametrize(
    ("amount", "parts", "down", "up", "half_up"),
    [(10, 4, 2, 3, 3), (9, 4, 2, 3, 2), (8, 4, 2, 2, 2), (-10, 4, -2, -3, -3), (-9, 4, -2, -3, -2), (0, 4, 0, 0, 0)],
)
def test_a_fraction_of_a_yen_is_rounded_as_told_and_a_correction_cancels(amount, parts, down, up, half_up):
    assert Yen(amount).divided_by(parts, Rounding.DOWN) == Yen(down)
    assert Yen(amount).divided_by(parts, Rounding.UP) == Yen(up)
    assert Yen(amount).divided_by(parts, Rounding.HALF_UP) == Yen(half_up)


@given(amounts, st.integers(-1000, 1000), st.integers(1, 1000), roundings)
def test_a_share_is_within_a_yen_of_the_exact_one_and_symmetric(amount, numerator, denominator, rounding):
    share = amount.share(numerator, denominator, rounding)
    exact = Fraction(amount.amount * numerator, denominator)
    assert abs(share.amount - exact) < 1
    assert (-amount).share(numerator, denominator, rounding) == -share
    if rounding is Rounding.DOWN:
        assert abs(share.amount) <= abs(exact)
    if rounding is Rounding.UP:
        assert abs(share.amount) >= abs(exact)
    if rounding is Rounding.HALF_UP:
        assert abs(share.amount - exact) <= Fraction(1, 2)


def test_a_rate_may_be_a_decimal_and_is_exact_but_never_a_float():
    assert Yen(1990).share(Decimal("0.1"), 1, Rounding.DOWN) == Yen(199)
    assert Yen(10**15).share(Decimal("0.1"), 1, Rounding.DOWN) == Yen(10**14)
    with pytest.raises(TypeError):
        Yen(1990).share(0.1, 1, Rounding.DOWN)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Yen(1990).share(1, 0.1, Rounding.DOWN)  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        Yen(1).divided_by(0, Rounding.UP)


@given(amounts, st.lists(st.integers(0, 100), min_size=1, max_size=12).filter(any))
def test_no_yen_is_lost_or_made_when_an_amount_is_split(amount, weights):
    parts = amount.split(weights)
    assert sum(parts, Yen(0)) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.amount - Fraction(amount.amount * weight, sum(weights))) < 1
        assert weight or not part


def test_equal_parts_differ_by_a_yen_at_most_and_the_first_are_the_larger():
    assert Yen(1000).split(3) == (Yen(334), Yen(333), Yen(333))
    assert Yen(-1000).split(3) == (Yen(-334), Yen(-333), Yen(-333))


@pytest.mark.parametrize("weights", [0, -1, [], [0, 0], [1, -1, 1]])
def test_an_amount_is_not_split_by_nothing(weights):
    with pytest.raises(ValueError):
        Yen(10).split(weights)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,234", 1234),
        ("１，２３４円", 1234),
        ("¥500", 500),
        ("￥-1,200", -1200),
        ("\\300", 300),
        ("△300", -300),
        ("▲ 1,000 円", -1000),
        ("-5", -5),
        ("0", 0),
        ("007", 7),
    ],
)
def test_amounts_are_read_as_people_and_spreadsheets_write_them(text, amount):
    assert Yen.parse(text) == Yen(amount)


@pytest.mark.parametrize(
    "text", ["", "円", "1.5", "1,23", "12,3456", "1千円", "--1", "-¥-1", "1e3", "９" * 16, "1 円 2"]
)
def test_what_is_not_a_clear_amount_is_refused_with_a_hint(text):
    with pytest.raises(Refusal) as refusal:
        Yen.parse(text)
    assert refusal.value.hint


@given(amounts)
def test_a_written_amount_is_read_back(amount):
    assert Yen.parse(str(amount)) == amount == Yen.parse(amount.in_accounts)
