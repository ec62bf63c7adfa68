"""Reading the personnel list and drawing up the plan: pure rules."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from yakuba.kernel.organisation.rules.heirs import Seat
from yakuba.kernel.values.api import Refusal
from yakuba.kernel.yearturn.rules.personnel_list import Action, House, Known, Line, Place, RawRow
from yakuba.kernel.yearturn.rules.read_personnel_list import read_list
from yakuba.kernel.yearturn.rules.turn import (
    TRANSITIONS,
    TurnState,
    check_may_finish,
    check_may_start,
    house_after,
    joiner_id,
    line_order,
    needs_heir,
)

APRIL = date(2027, 4, 1)


def known(number: str, name: str, **changed: Any) -> Known:
    values: dict[str, Any] = {
        "id": int(number),
        "number": number,
        "name": name,
        "employment": "regular",
        "joined_on": date(2020, 4, 1),
        "leaves_on": None,
        "section": 1,
        "post": 10,
        "section_on_day": 1,
    }
    return Known(**{**values, **changed})


HOUSE = House(
    on=APRIL,
    people={
        one.number: one
        for one in (
            known("1", "髙橋　一"),
            known("2", "坂下 二"),
            known("3", "任用 三", employment="fiscal_year", leaves_on=APRIL, section_on_day=1),
            known("4", "退職 四", leaves_on=date(2026, 10, 1)),
            known("5", "先約 五", later_posting=date(2027, 6, 1)),
            known("6", "再任 六", employment="reappointed", leaves_on=date(2028, 4, 1)),
            known("7", "本務 無", section=None, post=None, section_on_day=None),
            known("9", "定年 九", leaves_on=APRIL, leaving="retired"),
            known("8", "任用 八", employment="fiscal_year", leaves_on=APRIL, section_on_day=None),
        )
    },
    places=[
        Place(1, "01", "総務課", "総務課"),
        Place(2, "02", "財政課", "財政課"),
        Place(3, "0101", "庶務班", "総務課 庶務班"),
        Place(4, "0201", "庶務班", "財政課 庶務班"),
    ],
    posts={"課長": 60, "主事": 10},
)


def read(**cells: str):
    return read_list([RawRow(5, {key: str(value) for key, value in cells.items()})], HOUSE)


def line(**cells: str) -> Line:
    reading = read(**cells)
    assert reading.faults == ()
    return reading.lines[0]


def test_a_move_names_section_and_post_by_code_name_or_path():
    for written, section in (("02", 2), ("財政課", 2), ("財政課　庶務班", 4), ("0101", 3), ("０２０１", 4)):
        made = line(職員番号="1", 氏名="高橋一", 区分="異動", 新所属=written, 新職="課長")
        assert (made.action, made.person, made.section, made.post) == (Action.MOVE, 1, section, 60)


def test_a_move_may_change_the_post_alone_or_the_section_alone():
    assert (line(職員番号="1", 氏名="髙橋 一", 区分="昇任", 新職="課長").section) == 1
    assert (line(職員番号="1", 氏名="髙橋 一", 区分="異動", 新所属="02").post) == 10


def test_who_joins_needs_a_new_number_a_section_and_a_post():
    made = line(職員番号="９００", 氏名="新人 花子", 区分="採用", 新所属="01", 新職="主事", ふりがな="しんじん はなこ")
    assert (made.action, made.person, made.number, made.employment) == (Action.JOIN, None, "900", "regular")
    term = line(
        職員番号="901",
        氏名="任用 花子",
        区分="任用",
        新所属="01",
        新職="主事",
        任用の種類="会計年度任用職員",
        任期の末日="R10.3.31",
    )
    assert term.last_day == date(2028, 3, 31)


def test_a_term_is_renewed_with_or_without_another_section():
    made = line(職員番号="3", 氏名="任用三", 区分="更新", 任期の末日="令和10年3月31日")
    assert (made.action, made.section, made.post) == (Action.RENEW, 1, 10)
    assert line(職員番号="3", 氏名="任用三", 区分="任期更新", 新所属="02", 任期の末日="R10.3.31").section == 2


def test_a_service_that_ends_and_is_not_listed_ends_by_itself_and_is_said():
    reading = read(職員番号="1", 氏名="髙橋 一", 区分="退職")
    assert [(one.action, one.number, one.row) for one in reading.lines] == [
        (Action.RETIRE, "1", 5),
        (Action.TERM_END, "3", 0),
        (Action.TERM_END, "8", 0),
        (Action.RETIRE, "9", 0),
    ]
    assert "任用 三" in reading.notices[0]


FAULTS = [
    ({}, "職員番号"),
    ({"職員番号": "1", "氏名": "髙橋 一", "区分": "転生"}, "区分"),
    ({"職員番号": "=1", "氏名": "髙橋 一", "区分": "退職"}, "職員番号"),
    ({"職員番号": "99", "氏名": "だれか", "区分": "退職"}, "職員番号"),
    ({"職員番号": "1", "氏名": "坂下 二", "区分": "退職"}, "氏名"),
    ({"職員番号": "4", "氏名": "退職 四", "区分": "異動", "新所属": "02"}, "職員番号"),
    ({"職員番号": "1", "氏名": "髙橋 一", "区分": "異動"}, "新所属"),
    ({"職員番号": "1", "氏名": "髙橋 一", "区分": "異動", "新所属": "01", "新職": "主事"}, "新所属"),
    ({"職員番号": "1", "氏名": "髙橋 一", "区分": "異動", "新所属": "庶務班"}, "新所属"),
    ({"職員番号": "1", "氏名": "髙橋 一", "区分": "異動", "新所属": "観光課"}, "新所属"),
    ({"職員番号": "1", "氏名": "髙橋 一", "区分": "異動", "新所属": "02", "新職": "部長"}, "新職"),
    ({"職員番号": "3", "氏名": "任用 三", "区分": "異動", "新所属": "02"}, "区分"),
    ({"職員番号": "5", "氏名": "先約 五", "区分": "異動", "新所属": "02"}, "職員番号"),
    ({"職員番号": "7", "氏名": "本務 無", "区分": "異動", "新所属": "02"}, "新所属"),
    ({"職員番号": "1", "氏名": "新人", "区分": "採用", "新所属": "02", "新職": "主事"}, "職員番号"),
    ({"職員番号": "90", "氏名": "新人", "区分": "採用", "新職": "主事"}, "新所属"),
    (
        {"職員番号": "90", "氏名": "新人", "区分": "採用", "新所属": "02", "新職": "主事", "任用の種類": "外部の人"},
        "任用の種類",
    ),
    (
        {
            "職員番号": "90",
            "氏名": "新人",
            "区分": "採用",
            "新所属": "02",
            "新職": "主事",
            "任用の種類": "会計年度任用職員",
        },
        "任期の末日",
    ),
    (
        {
            "職員番号": "90",
            "氏名": "新人",
            "区分": "採用",
            "新所属": "02",
            "新職": "主事",
            "任用の種類": "会計年度任用職員",
            "任期の末日": "R10.4.1",
        },
        "任期の末日",
    ),
    ({"職員番号": "3", "氏名": "任用 三", "区分": "更新"}, "任期の末日"),
    ({"職員番号": "8", "氏名": "任用 八", "区分": "更新", "任期の末日": "R10.3.31"}, "新所属"),
    ({"職員番号": "3", "氏名": "任用 三", "区分": "更新", "任期の末日": "R11.3.31"}, "任期の末日"),
    ({"職員番号": "1", "氏名": "髙橋 一", "区分": "更新", "任期の末日": "R10.3.31"}, "任期の末日"),
]


@pytest.mark.parametrize(("cells", "column"), FAULTS)
def test_what_is_wrong_in_the_list_is_named_by_row_and_column(cells, column):
    reading = read(**cells)
    assert column in {one.column for one in reading.faults}
    assert all(one.row == 5 and one.message and one.hint for one in reading.faults)
    assert not [one for one in reading.lines if one.row == 5]


def test_a_person_stands_in_the_list_once_and_a_list_has_rows():
    row = {"職員番号": "1", "氏名": "髙橋 一", "区分": "退職"}
    reading = read_list([RawRow(5, row), RawRow(6, row)], HOUSE)
    assert [(one.row, one.column) for one in reading.faults] == [(6, "職員番号")]
    assert [one.row for one in read_list([], HOUSE).faults] == [0]


def test_the_house_after_the_list():
    seats = [
        Seat(1, 1, 10, 10, False),
        Seat(1, 2, 10, 10, False, is_main=False),
        Seat(2, 2, 60, 60, True),
    ]
    lines = [
        Line(5, Action.MOVE, "1", "髙橋", person=1, section=2, post=60),
        Line(6, Action.RETIRE, "2", "坂下", person=2),
        joiner := Line(7, Action.JOIN, "90", "新人", section=1, post=10),
    ]
    after = house_after(lines, seats, ranks={60: (60, True), 10: (10, False)})
    assert {(seat.staff, seat.section, seat.post, seat.is_main, seat.is_head) for seat in after} == {
        (1, 2, 60, True, True),
        (1, 2, 10, False, False),
        (joiner_id(joiner), 1, 10, True, False),
    }
    assert all(seat.is_new for seat in after if seat.is_main)


@pytest.mark.parametrize(
    ("holder", "section", "needs"),
    [(2, 1, True), (2, None, True), (1, 1, True), (1, 2, False), (1, 9, False), (1, None, False)],
)
def test_work_passes_on_when_its_holder_leaves_or_no_longer_sits_where_it_belongs(holder, section, needs):
    after = [Seat(1, 2, 10, 10, False)]
    assert needs_heir(holder=holder, section=section, leavers=[2], after=after, stands_for={1: [1], 9: [2]}) is needs


def test_nothing_starts_with_orphans_and_nothing_ends_before_everything_is_settled():
    check_may_start(orphans=0)
    with pytest.raises(Refusal, match="2件"):
        check_may_start(orphans=2)
    settled = {"on": APRIL, "today": APRIL, "open_lines": 0, "orphans": 0, "waiting": 0}
    check_may_finish(**settled)
    for changed in ({"today": date(2027, 3, 31)}, {"open_lines": 1}, {"orphans": 1}, {"waiting": 1}):
        with pytest.raises(Refusal):
            check_may_finish(**{**settled, **changed})


def test_joiners_come_first_and_leavers_last():
    assert sorted(Action, key=line_order)[0] is Action.JOIN
    assert [one.leaves for one in sorted(Action, key=line_order)] == [False, False, False, True, True]


def test_a_turn_that_is_being_carried_out_cannot_be_given_up():
    assert TRANSITIONS.final == {TurnState.FINISHED, TurnState.CANCELLED}
    assert not TRANSITIONS.allows(TurnState.POSTED, TurnState.CANCELLED)
