"""When the nightly backup starts and which backups stay."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.operations.backup.rules import (
    Attempt,
    Freshness,
    Reason,
    Retention,
    archive_name,
    drill_is_due,
    freshness,
    kept,
    nightly_is_due,
    read_archive_name,
    read_retention,
)
from yakuba.kernel.values.api import TOKYO, business_date

AT = time(1, 30)
LATER = datetime(2040, 1, 1, tzinfo=TOKYO)


def jst(day: int, hour: int, minute: int = 0, *, month: int = 4) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TOKYO)


class TestNames:
    def test_a_name_tells_moment_and_reason(self) -> None:
        name = archive_name(jst(1, 1, 30), Reason.NIGHTLY)
        assert name == "yakuba-20260401-013000-nightly.age"
        assert read_archive_name(name) == (jst(1, 1, 30), Reason.NIGHTLY)

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "yakuba-20260401-013000-nightly.age.part",
            ".unfinished-yakuba-20260401-013000-nightly.age",
            "yakuba-20261301-013000-nightly.age",
            "yakuba-20260401-013000-whim.age",
            "yakuba-20260401-013000-nightly.json",
            "../yakuba-20260401-013000-nightly.age",
        ],
    )
    def test_other_files_are_no_backups(self, name: str) -> None:
        assert read_archive_name(name) is None


class TestNightly:
    def due(self, now: datetime, **known: object) -> bool:
        usual = {"newest": jst(1, 1, 31), "attempts": [], "open_since": jst(1, 0)}
        return nightly_is_due(now=now, at=AT, **{**usual, **known})  # type: ignore[arg-type]

    def test_it_starts_at_its_time_and_once_a_night(self) -> None:
        assert not self.due(jst(2, 1, 29))
        assert self.due(jst(2, 1, 30))
        assert not self.due(jst(2, 2), newest=jst(2, 1, 31))

    def test_a_backup_by_hand_in_the_day_does_not_stand_for_the_night(self) -> None:
        assert self.due(jst(3, 1, 30), newest=jst(2, 16))

    def test_a_night_missed_by_a_machine_that_was_off_is_made_up_for(self) -> None:
        assert self.due(jst(5, 8, 15), open_since=jst(5, 8, 14))

    def test_a_failure_is_repeated_after_half_an_hour_three_times_a_night(self) -> None:
        tried = [Attempt(jst(2, 1, 30), ended_well=False)]
        assert not self.due(jst(2, 1, 59), attempts=tried)
        assert self.due(jst(2, 2), attempts=tried)
        tried += [Attempt(jst(2, 2), ended_well=False), Attempt(jst(2, 2, 30), ended_well=None)]
        assert not self.due(jst(2, 23), attempts=tried)
        assert self.due(jst(3, 1, 30), attempts=tried)

    def test_a_new_town_hall_gets_its_first_backup_after_an_hour(self) -> None:
        assert not self.due(jst(1, 9, 59), newest=None, open_since=jst(1, 9))
        assert self.due(jst(1, 10), newest=None, open_since=jst(1, 9))

    def test_or_at_night_if_that_comes_first(self) -> None:
        assert self.due(jst(2, 1, 30), newest=None, open_since=jst(2, 1))


class TestRetention:
    def test_the_newest_of_each_day_week_and_month_stays(self) -> None:
        nights = [jst(1, 1, 30) + timedelta(days=number) for number in range(200)]
        staying = kept(nights, now=LATER, retention=Retention(daily=3, weekly=2, monthly=2))
        newest = max(nights)  # 17 October 2026, a Saturday
        assert {business_date(one) for one in staying} == {
            business_date(one)
            for one in (
                newest,
                newest - timedelta(days=1),
                newest - timedelta(days=2),
                jst(11, 1, 30, month=10),  # Sunday, the last day of the week before
                jst(30, 1, 30, month=9),
            )
        }

    def test_of_several_on_one_day_the_last_stays(self) -> None:
        day = [jst(1, 1, 30), jst(1, 12), jst(1, 18)]
        assert kept(day, now=LATER, retention=Retention(daily=7, weekly=0, monthly=0)) == {jst(1, 18)}

    def test_nothing_of_the_last_two_days_goes(self) -> None:
        made = [jst(1, 9), jst(2, 9), jst(2, 10), jst(3, 9)]
        assert kept(made, now=jst(3, 10), retention=Retention(1, 0, 0)) == {jst(2, 9), jst(2, 10), jst(3, 9)}

    def test_the_day_is_the_one_in_tokyo(self) -> None:
        late, early = jst(1, 23, 59), jst(2, 0, 1)  # the same day in UTC
        assert kept([late, early], now=LATER, retention=Retention(2, 0, 0)) == {late, early}

    @given(
        st.sets(st.integers(0, 4 * 365 * 24 * 60).map(lambda minutes: jst(1, 0) + timedelta(minutes=minutes))),
        st.integers(1, 20),
        st.integers(0, 10),
        st.integers(0, 24),
    )
    def test_the_newest_always_stays_and_never_more_than_promised(
        self, made: set[datetime], daily: int, weekly: int, monthly: int
    ) -> None:
        staying = kept(made, now=LATER, retention=Retention(daily, weekly, monthly))
        assert staying <= made
        assert len(staying) <= daily + weekly + monthly
        if made:
            assert max(made) in staying
            assert kept(staying, now=LATER, retention=Retention(daily, weekly, monthly)) == staying

    @pytest.mark.parametrize("written", ["", "14", "14,8", "0,8,12", "-1,8,12", "a,b,c", "1,2,3,4"])
    def test_nonsense_is_refused(self, written: str) -> None:
        with pytest.raises(ValueError, match=r"numbers|invalid literal"):
            read_retention(written)

    def test_three_numbers_are_read(self) -> None:
        assert read_retention("14,8,12") == Retention(14, 8, 12)


class TestAge:
    @pytest.mark.parametrize(
        ("hours", "state"),
        [(1, Freshness.GOOD), (36, Freshness.GOOD), (37, Freshness.LATE), (72, Freshness.LATE), (73, Freshness.OLD)],
    )
    def test_a_backup_grows_old(self, hours: int, state: Freshness) -> None:
        assert freshness(now=jst(10, 0), newest=jst(10, 0) - timedelta(hours=hours)) is state

    def test_none_is_worse_than_old(self) -> None:
        assert freshness(now=jst(10, 0), newest=None) is Freshness.NONE

    def test_a_drill_is_due_every_quarter(self) -> None:
        assert drill_is_due(now=jst(10, 0), last_good_drill=None)
        assert not drill_is_due(now=jst(10, 0), last_good_drill=jst(10, 0) - timedelta(days=92))
        assert drill_is_due(now=jst(10, 0), last_good_drill=jst(10, 0) - timedelta(days=93))
