from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from yakuba.kernel.values.api import TOKYO, Clock, FixedClock, OffsetClock, SystemClock, business_date, start_of_day


def test_the_business_day_changes_at_midnight_in_tokyo():
    assert business_date(datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC)) == date(2026, 3, 31)
    assert business_date(datetime(2026, 3, 31, 15, 0, 0, tzinfo=UTC)) == date(2026, 4, 1)
    assert start_of_day(date(2026, 4, 1)) == datetime(2026, 3, 31, 15, tzinfo=UTC)
    assert start_of_day(date(2026, 4, 1)).tzinfo is UTC


def test_moments_without_zone_and_days_with_time_are_mistakes():
    with pytest.raises(ValueError, match="zone"):
        business_date(datetime(2026, 4, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        FixedClock(datetime(2026, 4, 1))  # noqa: DTZ001
    with pytest.raises(TypeError):
        start_of_day(datetime(2026, 4, 1, tzinfo=UTC))


def test_the_system_clock_tells_aware_time_in_utc():
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC
    assert SystemClock().today() in {business_date(now), business_date(now + timedelta(seconds=5))}


def test_a_fixed_clock_stands_still():
    clock = FixedClock(datetime(2026, 4, 1, 0, 30, tzinfo=TOKYO))
    assert clock.now() == clock.now() == datetime(2026, 3, 31, 15, 30, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    assert clock.today() == date(2026, 4, 1)
    assert FixedClock(date(2026, 4, 1)).today() == date(2026, 4, 1)
    assert FixedClock(datetime(2026, 4, 1, tzinfo=timezone(timedelta(hours=9)))) == FixedClock(
        datetime(2026, 4, 1, tzinfo=TOKYO)
    )


def test_a_sample_town_begins_on_its_day_and_time_goes_on():
    evening = datetime(2030, 1, 10, 13, 0, tzinfo=UTC)  # 22:00 in Tokyo
    town = OffsetClock(FixedClock(evening), today=date(2026, 6, 15))
    assert town.today() == date(2026, 6, 15)
    assert town.now().astimezone(TOKYO).time() == evening.astimezone(TOKYO).time()
    later = OffsetClock(FixedClock(evening + timedelta(hours=3)), today=date(2026, 6, 15), since=evening)
    assert later.today() == date(2026, 6, 16)


def test_a_sample_town_restarted_the_next_week_has_lived_a_week():
    began = datetime(2030, 1, 10, 1, 0, tzinfo=UTC)
    restarted = OffsetClock(FixedClock(began + timedelta(days=7)), today=date(2026, 6, 15), since=began)
    assert restarted.today() == date(2026, 6, 22)


@pytest.mark.parametrize(
    "clock", [SystemClock(), FixedClock(date(2026, 4, 1)), OffsetClock(SystemClock(), today=date(2026, 4, 1))]
)
def test_every_clock_keeps_the_contract(clock):
    assert isinstance(clock, Clock)
    assert clock.now().utcoffset() == timedelta(0)
    assert type(clock.today()) is date
