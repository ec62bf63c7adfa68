"""Opening, closing, correcting the ways a procedure is received, and what the counting list keeps of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from yakuba.kernel.access.api import NotAllowed, Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.catalogue import services
from yakuba.kernel.catalogue.models import Channel, CountingEntry, Procedure
from yakuba.kernel.catalogue.queries.counting import count_on, live_online_procedures, online_baseline
from yakuba.kernel.catalogue.queries.procedures import channels_of, online_channel, with_online
from yakuba.kernel.catalogue.rules.kinds import ChannelKind
from yakuba.kernel.catalogue.services.counting_list import ListedProcedure
from yakuba.kernel.catalogue.tests.arranged import CLOCK, SECRETARY, TODAY, brought_in, staff
from yakuba.kernel.values.api import FixedClock, Refusal, Text

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ADDRESS = "https://example.lg.jp/apply/dog"


def opened(procedure: Procedure, kind: ChannelKind = ChannelKind.PREFECTURE, **changed: object) -> Channel:
    values: dict[str, object] = {
        "target": ADDRESS, "decision": "8坂第12号", "live_since": date(2026, 10, 1),
    }  # fmt: skip
    return services.open_channel(by=SECRETARY, procedure=procedure, kind=kind, clock=CLOCK, **{**values, **changed})  # type: ignore[arg-type]


def test_opening_by_a_decision_writes_the_counting_list() -> None:
    dog = brought_in()
    channel = opened(dog)
    entry = CountingEntry.objects.get()
    assert (entry.procedure, entry.channel, entry.first_online_on) == (dog, channel, date(2026, 10, 1))
    assert (entry.decision, entry.is_sample, entry.is_baseline) == ("8坂第12号", False, False)
    assert live_online_procedures(TODAY) == {"dog-registration"}
    assert live_online_procedures(date(2026, 9, 30)) == frozenset()


def test_a_prepared_channel_is_opened_instead_of_made_twice() -> None:
    dog = brought_in()
    prepared = dog.channels.get(kind=ChannelKind.YAKUBA_FORM)
    assert prepared.state_label == "準備中"
    assert opened(dog, ChannelKind.YAKUBA_FORM, target="dog-registration").pk == prepared.pk
    assert online_channel(dog, ChannelKind.YAKUBA_FORM) is not None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"decision": "  "}, "decision"),
        ({"live_since": TODAY + timedelta(days=1)}, "live_since"),
        ({"target": ""}, "target"),
        ({"target": "javascript:alert(1)"}, "target"),
        ({"kind": ChannelKind.COUNTER}, "kind"),
    ],
)
def test_an_opening_that_cannot_be_shown_later_is_refused(changed: dict[str, object], field: str) -> None:
    dog = brought_in()
    with pytest.raises(Refusal) as refused:
        opened(dog, **changed)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not CountingEntry.objects.exists()


def test_the_same_channel_is_not_opened_twice() -> None:
    dog = brought_in()
    opened(dog)
    with pytest.raises(Refusal, match="もう受付中"):
        opened(dog)
    assert CountingEntry.objects.count() == 1


def test_closing_ends_the_line_of_the_counting_list_and_opening_again_is_a_new_one() -> None:
    dog = brought_in()
    channel = opened(dog)
    services.close_channel(by=SECRETARY, channel=channel, on=date(2026, 11, 1), reason="様式の改正", clock=CLOCK)
    assert live_online_procedures(date(2026, 10, 31)) == {"dog-registration"}
    assert live_online_procedures(date(2026, 11, 1)) == frozenset()
    opened(dog, live_since=date(2026, 11, 20))
    assert CountingEntry.objects.count() == 2
    assert live_online_procedures(TODAY) == {"dog-registration"}


def test_closing_needs_a_reason_and_a_possible_day() -> None:
    channel = opened(brought_in())
    for on, reason in ((TODAY, " "), (TODAY + timedelta(days=1), "x"), (date(2026, 9, 1), "x")):
        with pytest.raises(Refusal):
            services.close_channel(by=SECRETARY, channel=channel, on=on, reason=reason, clock=CLOCK)


def test_open_ways_come_online_first_and_prepared_ones_are_not_shown() -> None:
    dog = brought_in()
    assert [one.kind for one in channels_of(dog)] == ["counter"]
    opened(dog)
    assert [one.kind for one in channels_of(dog)] == ["prefecture", "counter"]
    assert with_online(Procedure.objects.all(), True).count() == 1
    assert with_online(Procedure.objects.all(), False).count() == 0


def test_correcting_an_address_forgets_what_was_found_at_the_old_one() -> None:
    channel = opened(brought_in())
    with unaudited_writes("arrangement of a test"):
        Channel.objects.update(link_state="broken", link_note="ページがありません")
    fixed = services.correct_channel(
        by=SECRETARY, channel=channel, seen_edition=channel.edition, target=f"{ADDRESS}2",
        note=Text("平日のみ", easy="月〜金だけ", en="Weekdays only"), clock=CLOCK,
    )  # fmt: skip
    assert (fixed.link_state, fixed.link_note) == ("unknown", "")
    assert fixed.note_text == Text("平日のみ", easy="月〜金だけ", en="Weekdays only")
    with pytest.raises(Refusal, match="直しました"):
        services.correct_channel(by=SECRETARY, channel=channel, seen_edition=1, target=ADDRESS, note=None, clock=CLOCK)


def test_bookings_may_lead_to_a_page_of_this_town_hall_and_nothing_else_may() -> None:
    dog = brought_in()
    assert opened(dog, ChannelKind.BOOKING, target="/card/").target == "/card/"
    for kind, target in (
        (ChannelKind.PREFECTURE, "/card/"),
        (ChannelKind.BOOKING, "//elsewhere.example/"),
        (ChannelKind.BOOKING, "/card/../office/"),
        (ChannelKind.BOOKING, "/card/?next=//x"),
    ):
        with pytest.raises(Refusal) as refused:
            opened(dog, kind, target=target)
        assert refused.value.field == "target"


def test_the_database_itself_knows_no_online_channel_without_decision_or_target() -> None:
    dog = brought_in()
    with unaudited_writes("test"):
        for fields in ({"decision": "", "target": "x"}, {"decision": "x", "target": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Channel.objects.filter(procedure=dog, kind="yakuba_form").update(live_since=TODAY, **fields)


def test_a_stranger_opens_nothing() -> None:
    dog = brought_in()
    with pytest.raises(NotAllowed):
        services.open_channel(
            by=staff("他課", Role.CLERK), procedure=dog, kind=ChannelKind.PREFECTURE, target=ADDRESS, decision="x",
            live_since=TODAY, clock=CLOCK,
        )  # fmt: skip


def test_the_first_real_submission_is_kept_and_later_ones_change_nothing() -> None:
    channel = opened(brought_in())
    services.record_first_submission(by=SECRETARY, channel=channel, on=date(2026, 10, 3), clock=CLOCK)
    services.record_first_submission(by=SECRETARY, channel=channel, on=date(2026, 10, 9), clock=CLOCK)
    assert CountingEntry.objects.get().first_submission_on == date(2026, 10, 3)


# ------------------------------------------------------------------ the list behind the baseline

BASELINE_DAY = date(2025, 12, 31)


def listed(procedure: Procedure, **changed: object) -> ListedProcedure:
    values: dict[str, object] = {
        "procedure_id": procedure.pk, "kind": ChannelKind.MYNAPORTAL, "first_online_on": date(2023, 2, 1),
        "decision": "5坂第3号", "first_submission_on": None, "source": "令和7年度調査票",
    }  # fmt: skip
    return ListedProcedure(**{**values, **changed})  # type: ignore[arg-type]


def test_the_list_behind_the_baseline_is_counted_itself() -> None:
    dog, moving = brought_in(), brought_in("moving-out")
    services.import_baseline_list(by=SECRETARY, rows=[listed(dog), listed(moving)], as_of=BASELINE_DAY, clock=CLOCK)
    counted = count_on(TODAY)
    assert (counted.total, counted.has_list) == (2, True)


def test_importing_again_corrects_lines_and_strikes_those_that_are_gone() -> None:
    dog, moving = brought_in(), brought_in("moving-out")
    services.import_baseline_list(by=SECRETARY, rows=[listed(dog), listed(moving)], as_of=BASELINE_DAY, clock=CLOCK)
    services.import_baseline_list(
        by=SECRETARY, rows=[listed(dog, decision="5坂第4号")], as_of=BASELINE_DAY, clock=CLOCK
    )
    assert CountingEntry.objects.count() == 2
    assert CountingEntry.objects.get(procedure=dog).decision == "5坂第4号"
    assert CountingEntry.objects.get(procedure=moving).struck_reason
    assert count_on(TODAY).total == 1


def test_lines_after_the_baselines_day_and_an_empty_list_are_refused() -> None:
    dog = brought_in()
    with pytest.raises(Refusal, match="基準日"):
        services.import_baseline_list(
            by=SECRETARY, rows=[listed(dog, first_online_on=date(2026, 2, 1))], as_of=BASELINE_DAY, clock=CLOCK
        )
    with pytest.raises(Refusal, match="手続きがありません"):
        services.import_baseline_list(by=SECRETARY, rows=[], as_of=BASELINE_DAY, clock=CLOCK)


def test_a_line_is_corrected_with_its_evidence_and_struck_with_a_reason() -> None:
    opened(brought_in())
    entry = CountingEntry.objects.get()
    fixed = services.correct_entry(
        by=SECRETARY, entry=entry, seen_edition=1, first_online_on=date(2026, 9, 1), ended_on=None, decision="8坂第9号",
        first_submission_on=date(2026, 9, 4), source="公開の起案", clock=CLOCK,
    )  # fmt: skip
    assert (fixed.first_online_on, fixed.edition) == (date(2026, 9, 1), 2)
    with pytest.raises(Refusal, match="出典"):
        services.correct_entry(
            by=SECRETARY, entry=entry, seen_edition=2, first_online_on=date(2026, 9, 1), ended_on=None, decision="x",
            first_submission_on=None, source="", clock=CLOCK,
        )  # fmt: skip
    services.strike_entry(by=SECRETARY, entry=fixed, reason="試しの公開だった", clock=CLOCK)
    assert live_online_procedures(TODAY) == frozenset()


def test_the_baseline_is_the_value_by_hand_that_a_second_person_approved() -> None:
    from decimal import Decimal

    from yakuba.kernel.kpi.api import approve_measurement, enter_measurement

    assert online_baseline() is None
    entered = enter_measurement(
        by=staff("担当", Role.CLERK), measure_id="procedures.online_live", on=BASELINE_DAY, value=Decimal(30), n=None,
        how="計画の現状値", evidence="DX推進計画 1-①", evidence_file="", is_baseline=True, clock=CLOCK,
    )  # fmt: skip
    assert online_baseline() is None
    approve_measurement(by=SECRETARY, measurement=entered, clock=CLOCK)
    dog = brought_in()
    opened(dog)
    counted = count_on(TODAY)
    assert (counted.total, counted.listed) == (31, {"dog-registration"})
    assert count_on(date(2026, 9, 30)).total == 30


def test_channels_opened_in_the_sample_town_are_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yakuba.kernel.catalogue.services.channels.is_sample_town", lambda: True)
    dog = brought_in()
    opened(dog)
    assert CountingEntry.objects.get().is_sample
    assert live_online_procedures(TODAY) == frozenset()


def test_the_clock_decides_what_lies_in_the_future() -> None:
    dog = brought_in()
    with pytest.raises(Refusal, match="未来"):
        services.open_channel(
            by=SECRETARY, procedure=dog, kind=ChannelKind.PREFECTURE, target=ADDRESS, decision="x",
            live_since=TODAY, clock=FixedClock(TODAY - timedelta(days=1)),
        )  # fmt: skip
