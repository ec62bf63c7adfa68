import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.japan.api import (
    find_my_numbers,
    is_corporate_number,
    parse_corporate_number,
    parse_local_government_code,
    with_check_digit,
)
from yakuba.kernel.values.api import Refusal

MINE = "123456789018"  # a made-up number with a valid check digit


def check_digit(eleven):
    """The ministry's formula, written out by place from the left."""
    weights = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]
    remainder = sum(int(digit) * weight for digit, weight in zip(eleven, weights, strict=True)) % 11
    return "0" if remainder <= 1 else str(11 - remainder)


elevens = st.text("0123456789", min_size=11, max_size=11).filter(lambda digits: digits.strip("0"))


@pytest.mark.parametrize(
    "written",
    [
        MINE,
        "1234 5678 9018",
        "1234-5678-9018",
        "１２３４５６７８９０１８",
        "１２３４　５６７８　９０１８",
        "１２３４－５６７８－９０１８",
        "1234ー5678ー9018",
        "1234―5678―9018",
        "1234 - 5678 - 9018",
        "123-456-789-018",
        "123456 789018",
        "1 2 3 4 5 6 7 8 9 0 1 8",
    ],
)
@pytest.mark.parametrize(
    "frame", ["{}", "番号は{}です", "氏名 山田\n{}\n以上", "（{}）", "〒969-6547 {}", "{} 090-1111-2222"]
)
def test_a_my_number_is_found_however_it_is_written(written, frame):
    text = frame.format(written)
    (found,) = find_my_numbers(text)
    assert text[found.start : found.end] == written


@given(elevens)
def test_every_number_with_a_valid_check_digit_is_found_and_no_other(eleven):
    valid = check_digit(eleven)
    for digit in "0123456789":
        assert bool(find_my_numbers(f"番号{eleven}{digit}。")) == (digit == valid)


def test_mixed_marks_are_understood_where_nothing_else_stands_beside():
    assert len(find_my_numbers("番号：1234-5678 9018")) == 1
    assert len(find_my_numbers("8 1234-5678 9018")) == 0


def test_several_are_found_each_at_its_place():
    text = f"本人 {MINE} 配偶者 1234-5678-9018、子１２３４５６７８９０１８"
    assert [text[found.start : found.end][:4] for found in find_my_numbers(text)] == ["1234", "1234", "１２３４"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "123456789019",  # wrong check digit
        f"9{MINE}",
        f"{MINE}7",
        f"{MINE}{MINE}",
        "1234-5678-9018-3456",  # a card
        "9999 1234 5678 9018",
        "1234 5678 9018 3456",
        "2-1234-5678-9018",
        "7000012050002",  # 国税庁
        "T7000012050002",
        "7-0000-1205-0002",
        "000000000000",
        "0242-84-1503",
        "090-1234-5678",
        "+819012345673",  # a telephone number whose digits would pass the check
        "2026-04-01 12:30",
        "1234\n5678\n9018",
        "12 3456 789018",
        "978-4-00-310101-8",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert find_my_numbers(text) == ()


def test_a_corporate_number_in_groups_is_no_my_number():
    # The last twelve digits of this made-up corporate number have a valid My Number check digit.
    number = next(
        candidate
        for head in range(1000)
        for candidate in [corporate(f"{head:03d}012345678")]
        if check_digit(candidate[1:12]) == candidate[12]
    )
    assert find_my_numbers(number[1:])
    assert find_my_numbers(f"{number[0]} {number[1:5]} {number[5:9]} {number[9:]}") == ()


def test_a_finding_never_shows_the_number(caplog):
    found = find_my_numbers(f"番号 {MINE}")
    logging.getLogger("test").warning("refused %r %s", found, found[0])
    assert MINE not in caplog.text
    assert not any(digits in caplog.text for digits in ("1234", "9018"))


def test_a_long_hostile_text_is_read_quickly():
    assert find_my_numbers("1 " * 50_000) == ()
    assert find_my_numbers("1-" * 50_000 + "9" * 50_000) == ()


@given(st.text())
def test_no_text_breaks_the_search(text):
    for found in find_my_numbers(text):
        assert sum(character.isdecimal() for character in text[found.start : found.end]) == 12


def corporate(twelve):
    total = sum(int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(twelve)))
    return f"{9 - total % 9}{twelve}"


@pytest.mark.parametrize("number", ["7000012050002", "8000020130001", "9000020011002"])  # 国税庁, 東京都, 札幌市
def test_corporate_numbers_are_checked(number):
    assert corporate(number[1:]) == number
    assert is_corporate_number(number)
    assert parse_corporate_number(f"Ｔ{number[0]}-{number[1:5]}　{number[5:9]} {number[9:]}") == number


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(1, 8))
def test_a_corporate_number_with_another_first_digit_is_refused(twelve, step):
    number = corporate(twelve)
    assert is_corporate_number(number)
    assert not is_corporate_number(f"{(int(number[0]) - 1 + step) % 9 + 1}{twelve}")


@pytest.mark.parametrize("text", ["", MINE, "70000120500020", "6000012050002", "a000012050002"])
def test_what_is_no_corporate_number_is_refused(text):
    with pytest.raises(Refusal) as refusal:
        parse_corporate_number(text)
    assert refusal.value.hint
    assert not text or text not in refusal.value.message


@pytest.mark.parametrize("code", ["074217", "092011", "131016", "011002", "072028"])
def test_local_government_codes_carry_their_check_digit(code):
    assert with_check_digit(code[:5]) == code
    assert parse_local_government_code(code) == code


def test_a_zero_dropped_by_a_spreadsheet_is_named_not_repaired():
    with pytest.raises(Refusal) as refusal:
        parse_local_government_code("74217")
    assert "074217" in refusal.value.hint


@pytest.mark.parametrize("code", ["", "074218", "7421", "0742170", "０７４２１７", "480001", "abcdef", "131025"])
def test_a_wrong_local_government_code_is_refused(code):
    with pytest.raises(Refusal) as refusal:
        parse_local_government_code(code)
    assert refusal.value.hint


@pytest.mark.parametrize("code", ["7421", "074217", "48000", "00000", "x7421"])
def test_only_five_digits_of_a_prefecture_get_a_check_digit(code):
    with pytest.raises(Refusal):
        with_check_digit(code)
