"""Receipts of other channels, the yearly counts, the measures."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.access.api import Role
from yakuba.kernel.cases.api import Arrival
from yakuba.kernel.cases.models import ExternalReceipt, ReceiptImport
from yakuba.kernel.cases.queries.measures import abandoned_at, correction_rate, handling_days, online_rate
from yakuba.kernel.cases.queries.receipts import read_receipts
from yakuba.kernel.cases.queries.worklist import receipts_to_do
from yakuba.kernel.cases.queries.yearly import count_cases
from yakuba.kernel.cases.rules.measures import median, percent
from yakuba.kernel.cases.rules.receipts import read_moment, read_receipt_number, read_state
from yakuba.kernel.cases.services import ask_correction, assign_receipt, complete_case, import_receipts, withdraw_case
from yakuba.kernel.cases.tests.world import CLOCK, HANAKO, TODAY
from yakuba.kernel.catalogue.api import ChannelKind
from yakuba.kernel.forms.services import give_up_filling
from yakuba.kernel.paper.api import TableRefused, error_sheet
from yakuba.kernel.values.api import FiscalYear, FixedClock, Refusal

HEAD = "手続,受付番号,受付日時,状態\n"


def listed(
    world, *lines: str, by: str = "行政 主事", channel: ChannelKind = ChannelKind.MYNAPORTAL, today: date = TODAY
):
    return read_receipts(
        (HEAD + "\n".join(lines)).encode(), "一覧.csv", channel=channel, person=world.clerk(by), today=today
    )


def take(world, *lines: str, **changed) -> ReceiptImport:
    return import_receipts(by=world.clerk(), receipts=listed(world, *lines, **changed), clock=CLOCK)


class TestReceipts:
    def test_a_list_is_taken_in_once_and_only_states_change_afterwards(self, world) -> None:
        lines = (
            "見本の手続き（application）,A-001,2026-11-01 09:30,受付",
            "1,A-002,令和8年11月2日 10時05分,審査中",
        )
        first = take(world, *lines)
        assert (first.added, first.changed) == (2, 0)
        again = take(world, *lines)
        assert (again.added, again.changed) == (0, 0)
        later = take(world, lines[0].replace("受付", "完了", 2).replace("完了", "受付", 0), lines[1])
        assert ExternalReceipt.objects.count() == 2
        assert later.added == 0
        receipt = ExternalReceipt.objects.get(number="A-001")
        assert receipt.received_on == date(2026, 11, 1)

    def test_a_closed_receipt_leaves_the_worklist(self, world) -> None:
        take(world, "1,A-001,2026-11-01 09:30,受付")
        assert [one.number for one in receipts_to_do(world.clerk())] == ["A-001"]
        assert not receipts_to_do(world.clerk("教育 主事")).exists()
        take(world, "1,A-001,2026-11-01 09:30,完了")
        assert not receipts_to_do(world.clerk()).exists()

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("知らない手続き,A-1,2026-11-01,受付", "カタログにない"),
            ("1,A-1,2026-11-03 09:00,受付", "先の日付"),
            ("1,A-1,いつか,受付", "受付日時"),
            ("1,A 1?,2026-11-01,受付", "英数字"),
            ("1,A-1,2026-11-01,よく分からない", "知りません"),
            ("1,,2026-11-01,受付", "空欄"),
            ("9,A-1,2026-11-01,受付", "あなたの課"),
        ],
    )
    def test_one_wrong_cell_and_nothing_is_taken_in(self, world, line, why) -> None:
        found = listed(world, "1,OK-1,2026-11-01,受付", line)
        assert any(why in problem.words() for problem in found.problems), [one.words() for one in found.problems]
        assert found.rows == ()
        with pytest.raises(Refusal, match="取り込みませんでした"):
            import_receipts(by=world.clerk(), receipts=found, clock=CLOCK)
        assert not ReceiptImport.objects.exists()
        assert error_sheet(found.table, found.problems).filename == "一覧_エラー.xlsx"

    def test_a_number_twice_or_of_another_procedure_is_named(self, world) -> None:
        found = listed(world, "1,A-1,2026-11-01,受付", "1,A-1,2026-11-01,受付")
        assert "2行目と同じ番号" in found.problems[0].words()
        take(world, "1,A-1,2026-11-01,受付")
        found = listed(world, "2,A-1,2026-11-01,受付")
        assert "別の手続き" in found.problems[0].words()

    def test_a_list_without_its_columns_is_none(self, world) -> None:
        with pytest.raises(TableRefused):
            read_receipts(b"a,b\n1,2\n", "x.csv", channel=ChannelKind.MYNAPORTAL, person=world.clerk(), today=TODAY)

    def test_the_counter_is_no_other_channel(self, world) -> None:
        with pytest.raises(Refusal, match="他の電子窓口ではありません"):
            take(world, "1,A-1,2026-11-01,受付", channel=ChannelKind.COUNTER)

    def test_the_secretariat_takes_in_those_of_all_and_a_resident_none(self, world) -> None:
        from dataclasses import replace

        secretary = replace(world.clerk("財政 主事"), roles=frozenset({Role.STAFF, Role.SECRETARIAT}))
        content = (HEAD + "9,A-1,2026-11-01,受付").encode()
        found = read_receipts(content, "x.csv", channel=ChannelKind.MYNAPORTAL, person=secretary, today=TODAY)
        assert import_receipts(by=secretary, receipts=found, clock=CLOCK).added == 1
        with pytest.raises(PermissionDenied):
            import_receipts(by=HANAKO, receipts=found, clock=CLOCK)

    def test_a_receipt_is_given_to_a_clerk(self, world) -> None:
        take(world, "1,A-1,2026-11-01,受付")
        receipt = ExternalReceipt.objects.get()
        assert assign_receipt(by=world.clerk(), receipt=receipt, to=world.hall.staff["行政 主事"]).assignee is not None
        with pytest.raises(PermissionDenied):
            assign_receipt(by=world.clerk("教育 主事"), receipt=receipt, to=None)


def test_the_yearly_counts_hold_cases_and_receipts_by_channel(world) -> None:
    world.submit()
    world.submit(clock=FixedClock(date(2026, 3, 31)))
    world.submit(by=world.clerk(), channel=Arrival.PHONE)
    withdraw_case(by=HANAKO, case=world.submit(), reason="", clock=CLOCK)
    take(world, "1,A-1,2026-11-01,受付", "2,A-2,2026-11-01,受付")
    counted = count_cases(FiscalYear(2026))
    assert counted == {
        ("sample-application", ChannelKind.YAKUBA_FORM): 2,
        ("sample-application", ChannelKind.PHONE): 1,
        ("sample-application", ChannelKind.MYNAPORTAL): 1,
        ("sample-notification", ChannelKind.MYNAPORTAL): 1,
    }
    assert count_cases(FiscalYear(2025)) == {("sample-application", ChannelKind.YAKUBA_FORM): 1}


class TestMeasures:
    month = (date(2026, 11, 1), date(2026, 11, 30))

    def test_the_online_rate_counts_other_channels_too(self, world) -> None:
        assert online_rate(*self.month).value is None
        world.submit()
        world.submit(by=world.clerk(), channel=Arrival.COUNTER)
        take(world, "1,A-1,2026-11-01,受付")
        found = online_rate(*self.month)
        assert (found.value, found.part, found.whole) == (Decimal("66.7"), 2, 3)

    def test_days_of_handling_leave_out_the_waiting(self, world) -> None:
        clerk = world.clerk()
        quick = world.submit("notification")
        complete_case(by=clerk, case=quick, clock=FixedClock(date(2026, 11, 4)))
        slow = world.submit("notification")
        ask_correction(
            by=clerk,
            case=slow,
            items=[("reason", "?")],
            message="",
            deadline=date(2026, 11, 16),
            clock=FixedClock(date(2026, 11, 4)),
        )
        from yakuba.kernel.cases.services import answer_correction
        from yakuba.kernel.cases.tests.world import ANSWERS

        answer_correction(by=HANAKO, case=slow, answers=ANSWERS, sources={}, clock=FixedClock(date(2026, 11, 10)))
        complete_case(by=clerk, case=slow, clock=FixedClock(date(2026, 11, 12)))
        withdraw_case(by=HANAKO, case=world.submit(), reason="", clock=CLOCK)
        found = handling_days(*self.month)
        # quick: 4 Nov = 1; slow: 4, (5, 6, 9, 10 waiting), 11, 12 = 3
        assert (found.median, found.count) == (Decimal(2), 2)
        assert found.in_time.value == Decimal("100.0")

    def test_the_share_of_corrected_cases(self, world) -> None:
        case = world.submit()
        world.submit()
        world.submit("consultation")
        ask_correction(
            by=world.clerk(), case=case, items=[("reason", "?")], message="", deadline=date(2026, 11, 16), clock=CLOCK
        )
        assert correction_rate(*self.month).value == Decimal("50.0")

    def test_where_people_leave_is_counted_without_anybody(self, world) -> None:
        given_up = world.begin()
        give_up_filling(by=HANAKO, filling=given_up, clock=CLOCK)
        world.begin()
        world.submit()
        steps, share = abandoned_at(*self.month)
        assert [(one.form, one.step, one.count) for one in steps] == [("small-form", "who", 2)]
        assert (share.part, share.whole) == (2, 3)
        assert abandoned_at(*self.month, hide_below=3)[0] == []


@given(st.lists(st.integers(0, 500), min_size=1))
def test_half_of_the_values_lie_on_each_side_of_the_median(values) -> None:
    middle = median(values)
    assert middle is not None
    assert sum(one <= middle for one in values) * 2 >= len(values)
    assert sum(one >= middle for one in values) * 2 >= len(values)


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_a_share_lies_between_nothing_and_all(part, whole) -> None:
    part = min(part, whole)
    found = percent(part, whole)
    assert found is not None
    assert 0 <= found <= 100


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-11-02 09:30", "2026-11-02T00:30:00+00:00"),
        ("2026/11/2 9:05", "2026-11-02T00:05:00+00:00"),
        ("令和8年11月2日 9時30分", "2026-11-02T00:30:00+00:00"),
        ("２０２６－１１－０２", "2026-11-01T15:00:00+00:00"),
        ("2026-11-02 09:30:15", "2026-11-02T00:30:00+00:00"),
    ],
)
def test_moments_as_lists_write_them(text, iso) -> None:
    assert read_moment(text).isoformat() == iso


@given(st.text(max_size=40))
def test_anything_in_a_cell_is_read_or_refused(text) -> None:
    for read in (read_moment, read_state, read_receipt_number):
        with contextlib.suppress(Refusal):
            read(text)
