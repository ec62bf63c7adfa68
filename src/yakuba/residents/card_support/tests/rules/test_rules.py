"""The rules of the card support, without database or clock."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.values.api import TOKYO, Refusal
from yakuba.residents.card_support.rules.numbers import MOST, read_number, written_number
from yakuba.residents.card_support.rules.purposes import Comer, read_purposes
from yakuba.residents.card_support.rules.reminders import deletable_on, due_reminders, months_before
from yakuba.residents.card_support.rules.results import checked_results, usual_results
from yakuba.residents.card_support.rules.slots import MOST_SLOTS, Pattern, bookable_from, planned, why_not
from yakuba.residents.card_support.rules.states import APPOINTMENTS, VISITS

ROOT = Path(__file__).parents[6]
TODAY = date(2026, 11, 23)
PATTERN = Pattern(
    first=TODAY,
    last=date(2026, 11, 29),
    weekdays=frozenset(range(5)),
    begins=time(9),
    ends=time(12),
    minutes=30,
    capacity=2,
)


def never_closed(day: date) -> str | None:
    return None


class TestNumbers:
    @given(drawn=st.integers(0, MOST - 1), letter=st.sampled_from("KS"))
    def test_a_number_is_read_as_it_is_written_and_as_people_type_it(self, drawn: int, letter: str) -> None:
        number = written_number(letter, drawn)
        assert read_number(number) == number
        assert read_number(f" {number.lower().replace('-', '')} ") == number
        assert (
            read_number(number.translate({ord("-"): "ー"} | {ord(str(n)): chr(0xFF10 + n) for n in range(10)}))
            == number
        )

    @given(drawn=st.integers(0, MOST - 1), place=st.integers(1, 9), other=st.integers(0, 9))
    def test_one_wrong_digit_is_noticed(self, drawn: int, place: int, other: int) -> None:
        plain = written_number("K", drawn).replace("-", "")
        wrong = plain[:place] + str(other) + plain[place + 1 :]
        assert (read_number(wrong) is None) == (wrong != plain)

    @pytest.mark.parametrize(
        "typed", ["", "K", "123456789018", "K" * 5000, "K123-4567-", "X123-4567-8", "K12３-4567-8x", "\0"]
    )
    def test_anything_else_is_no_number(self, typed: str) -> None:
        assert read_number(typed) is None


class TestPatterns:
    def test_a_week_without_its_closing_days(self) -> None:
        holiday = date(2026, 11, 23)
        plan = planned(PATTERN, closed_because=lambda day: "勤労感謝の日" if day == holiday else None, today=TODAY)
        assert len(plan.starts) == 4 * 6
        assert plan.starts[0] == datetime(2026, 11, 24, 9, tzinfo=TOKYO)
        assert plan.skipped == ((holiday, "勤労感謝の日"),)

    def test_a_pause_moves_the_slots_behind_it(self) -> None:
        pattern = Pattern(
            first=TODAY, last=TODAY, weekdays=frozenset({0}), begins=time(9), ends=time(15), minutes=50, capacity=1,
            pause_begins=time(12), pause_ends=time(13),
        )  # fmt: skip
        starts = planned(pattern, closed_because=never_closed, today=TODAY).starts
        assert [one.time() for one in starts] == [time(9), time(9, 50), time(10, 40), time(13), time(13, 50)]

    def test_a_counter_on_a_closing_day_is_made_only_when_asked_for(self) -> None:
        def closed(day: date) -> str:
            return "休み"

        assert planned(PATTERN, closed_because=closed, today=TODAY).starts == ()
        opened = Pattern(**{**{name: getattr(PATTERN, name) for name in Pattern.__slots__}, "on_closing_days": True})
        assert len(planned(opened, closed_because=closed, today=TODAY).starts) == 5 * 6

    @given(
        minutes=st.integers(5, 480), begins=st.times(), ends=st.times(), days=st.integers(0, 199),
        pause=st.none() | st.tuples(st.times(), st.times()), weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    )  # fmt: skip
    def test_no_two_slots_overlap_and_none_touches_the_pause_or_leaves_the_hours(
        self, minutes, begins, ends, days, pause, weekdays
    ) -> None:
        pattern = Pattern(
            first=TODAY, last=TODAY + timedelta(days=days), weekdays=weekdays, begins=begins, ends=ends, minutes=minutes,
            capacity=1, pause_begins=pause[0] if pause else None, pause_ends=pause[1] if pause else None,
        )  # fmt: skip
        try:
            starts = planned(pattern, closed_because=never_closed, today=TODAY).starts
        except Refusal:
            return
        length = timedelta(minutes=minutes)
        assert len(starts) <= MOST_SLOTS
        for one, following in pairwise(starts):
            assert one + length <= following
        for one in starts:
            day = one.date()
            assert day.weekday() in weekdays
            assert one >= datetime.combine(day, begins, TOKYO)
            assert one + length <= datetime.combine(day, ends, TOKYO)
            if pause:
                assert one + length <= datetime.combine(day, pause[0], TOKYO) or one >= datetime.combine(
                    day, pause[1], TOKYO
                )

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"first": date(2026, 11, 22)}, "first"),
            ({"last": date(2026, 11, 22)}, "last"),
            ({"last": date(2027, 11, 22)}, "last"),
            ({"weekdays": frozenset()}, "weekdays"),
            ({"ends": time(8)}, "ends"),
            ({"minutes": 200}, "minutes"),
            ({"pause_begins": time(10)}, "pause_begins"),
            ({"pause_begins": time(11), "pause_ends": time(10)}, "pause_ends"),
            ({"minutes": 5, "last": date(2027, 3, 31)}, "last"),
        ],
    )
    def test_what_makes_no_sense_is_refused_at_its_field(self, changed, field) -> None:
        pattern = Pattern(**{**{name: getattr(PATTERN, name) for name in Pattern.__slots__}, **changed})
        with pytest.raises(Refusal) as refused:
            planned(pattern, closed_because=never_closed, today=TODAY)
        assert refused.value.field == field


def test_until_when_a_time_may_be_taken() -> None:
    now = datetime(2026, 11, 23, 15, tzinfo=TOKYO)
    assert bookable_from(now, days_before=0) == now
    assert bookable_from(now, days_before=1) == datetime(2026, 11, 24, tzinfo=TOKYO)
    assert bookable_from(now, days_before=3) == datetime(2026, 11, 26, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, ""),
        ({"is_closed": True}, "closed"),
        ({"starts_at": datetime(2026, 11, 23, tzinfo=TOKYO)}, "over"),
        ({"purposes": ("apply",)}, "purpose"),
        ({"purposes": ("collect",)}, ""),
        ({"free": 1, "people": 2}, "full"),
    ],
)
def test_why_a_slot_cannot_be_taken(changed, reason) -> None:
    asked = {
        "starts_at": datetime(2026, 11, 25, 9, tzinfo=TOKYO), "is_closed": False, "free": 2, "people": 1, "purposes": (),
        "purpose": "collect", "since": datetime(2026, 11, 24, tzinfo=TOKYO),
    }  # fmt: skip
    assert why_not(**{**asked, **changed}) == reason


class TestReminders:
    @pytest.mark.parametrize(
        ("until", "months", "day"),
        [
            (date(2027, 3, 31), 1, date(2027, 2, 28)),
            (date(2028, 3, 31), 1, date(2028, 2, 29)),
            (date(2027, 1, 15), 3, date(2026, 10, 15)),
            (date(2027, 5, 31), 3, date(2027, 2, 28)),
        ],
    )
    def test_the_same_day_of_an_earlier_month(self, until, months, day) -> None:
        assert months_before(until, months) == day

    @pytest.mark.parametrize(
        ("today", "months"),
        [
            (date(2026, 11, 30), None),
            (date(2026, 12, 1), 3),
            (date(2027, 1, 31), 3),
            (date(2027, 2, 1), 1),
            (date(2027, 3, 1), 1),
            (date(2027, 3, 2), None),
        ],
    )
    def test_the_latest_step_that_came_and_none_after_the_day(self, today, months) -> None:
        due = due_reminders(card_until=date(2027, 3, 1), certificate_until=None, steps=(3, 1), today=today)
        assert [one.months for one in due] == ([] if months is None else [months])

    def test_card_and_certificate_are_reminded_each_for_itself(self) -> None:
        due = due_reminders(
            card_until=date(2030, 1, 1), certificate_until=date(2027, 1, 1), steps=(3, 1), today=date(2026, 12, 5)
        )
        assert [(one.what, one.months) for one in due] == [("certificate", 1)]

    def test_an_entry_is_deleted_after_the_later_day_and_the_days_of_keeping(self) -> None:
        assert deletable_on(date(2027, 3, 1), date(2026, 3, 1), kept_days=30) == date(2027, 4, 1)


class TestPurposes:
    DELIVERED = ROOT / "data" / "card_support" / "purposes.toml"

    def test_the_delivered_table_is_complete_and_honest(self) -> None:
        found = read_purposes(self.DELIVERED.read_text(encoding="utf-8"))
        assert [one.key for one in found] == ["apply", "collect", "certificate", "renew", "password", "change", "lost"]
        for one in found:
            assert one.source
            assert one.is_verified or one.source.startswith("mem"), "what nobody checked says so"
            if one.is_booked:
                assert one.bring[Comer.SELF].items and one.bring[Comer.CHILD].items
                agent = one.bring[Comer.AGENT]
                assert agent.items if agent.may_come else agent.note
            for texts in (one.title, one.about, *one.steps):
                assert texts.easy and texts.en and not re.search(r"[ぁ-ヿ一-鿿]", texts.en)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "[[purpose]]"),
            ("purpose = 3", "[[purpose]]"),
            ("[[purpose]]\nkey = 'A B'", "key"),
            ("[[purpose]]\nkey = 'a'", "title"),
            ("[[purpose]]\nkey='a'\ntitle='あ'\nabout='い'\nsource='x'", "やさしい日本語"),
            (
                "[[purpose]]\nkey='a'\nbring=3\ntitle={ja='あ',ja-easy='あ',en='a'}\nabout={ja='あ',ja-easy='あ',en='a'}\nsource='x'",
                "書き方",
            ),
            ("[[purpose]]\nkey='a'\ncounts_as='x'", "counts_as"),
            ("not toml [", "読めません"),
        ],
    )
    def test_a_wrong_table_says_what_is_wrong(self, text, words) -> None:
        with pytest.raises(Refusal, match=re.escape(words)):
            read_purposes(text)


def test_results_stay_within_bounds_and_follow_the_purpose() -> None:
    assert usual_results("issued", 3) == {"applied": 0, "issued": 3, "renewed": 0, "other": 0}
    assert checked_results({"applied": 2}, most=20) == {"applied": 2, "issued": 0, "renewed": 0, "other": 0}
    for wrong in (-1, 21):
        with pytest.raises(Refusal):
            checked_results({"renewed": wrong}, most=20)


def test_the_readme_draws_the_tables_of_states() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    drawn = {(a, b) for a, b in re.findall(r"^ {4}([A-Z_]+) --> ([A-Z_]+)", readme, re.M)}
    told = {(a.name, b.name) for table in (APPOINTMENTS, VISITS) for a in table.states for b in table.allowed(a)}
    assert drawn == told
