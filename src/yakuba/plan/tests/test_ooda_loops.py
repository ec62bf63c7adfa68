"""A KPI outside its corridor leads to an action, once."""

from datetime import date
from decimal import Decimal

import pytest

from yakuba.kernel.access.api import NotAllowed, system_person
from yakuba.kernel.values.api import FixedClock, Refusal, TransitionRefused
from yakuba.plan import services
from yakuba.plan.models import Kpi, OodaLoop
from yakuba.plan.rules.ooda import Stage
from yakuba.plan.services.watch_kpis import watch_kpis
from yakuba.plan.tests.arranged import ADVISER, CLERK, CLOCK, TODAY, measured

pytestmark = pytest.mark.django_db
SYSTEM = system_person("plan")


def advance(loop, to, text="書いた", value=None, by=CLERK, clock=CLOCK):
    return services.advance_ooda_loop(by=by, loop=loop, to=to, text=text, value_after=value, clock=clock)


def test_a_late_kpi_opens_one_loop_with_its_figures(real_plan):
    measured("procedures.online_live", (date(2026, 11, 20), 30))
    (loop,) = watch_kpis(by=SYSTEM, clock=CLOCK)
    assert (loop.kpi.key, loop.initiative.key, loop.is_automatic) == ("1-1-procedures", "1-1", True)
    assert (loop.value_before, loop.opened_on) == (30, TODAY)
    assert loop.expected_before == pytest.approx(Decimal("34.18"), abs=Decimal("0.01"))
    assert "30手続き（2026-11-20）" in loop.entries.get().text
    assert watch_kpis(by=SYSTEM, clock=CLOCK) == []


@pytest.mark.parametrize("value", [34, 50])
def test_a_kpi_on_plan_or_reached_opens_nothing(real_plan, value):
    measured("procedures.online_live", (date(2026, 11, 20), value))
    assert watch_kpis(by=SYSTEM, clock=CLOCK) == []


def test_an_unmeasured_kpi_opens_nothing(real_plan):
    assert watch_kpis(by=SYSTEM, clock=CLOCK) == []


def test_a_closed_loop_opens_again_only_for_a_newer_value(real_plan):
    measured("procedures.online_live", (date(2026, 11, 20), 30))
    (loop,) = watch_kpis(by=SYSTEM, clock=CLOCK)
    advance(loop, Stage.CLOSED, "数え方の誤り")
    assert watch_kpis(by=SYSTEM, clock=CLOCK) == []
    measured("procedures.online_live", (date(2026, 12, 1), 30))
    assert len(watch_kpis(by=SYSTEM, clock=FixedClock(date(2026, 12, 1)))) == 1


def test_a_loop_goes_from_observation_to_effect_and_keeps_every_word(real_plan):
    measured("procedures.online_live", (date(2026, 11, 20), 30))
    (loop,) = watch_kpis(by=SYSTEM, clock=CLOCK)
    advance(loop, Stage.ORIENTED, "周知が足りない")
    advance(loop, Stage.DECIDED, "広報に載せる")
    advance(loop, Stage.ACTED, "12月号に載せた")
    closed = advance(loop, Stage.CLOSED, "増えた", value=Decimal(34))
    assert (closed.stage, closed.closed_on, closed.value_after) == ("closed", TODAY, 34)
    assert [entry.stage for entry in closed.entries.all()] == ["observed", "oriented", "decided", "acted", "closed"]


def test_stages_cannot_be_skipped_and_words_cannot_be_missing(real_plan):
    measured("procedures.online_live", (date(2026, 11, 20), 30))
    (loop,) = watch_kpis(by=SYSTEM, clock=CLOCK)
    with pytest.raises(TransitionRefused):
        advance(loop, Stage.ACTED)
    with pytest.raises(Refusal):
        advance(loop, Stage.ORIENTED, " ")
    with pytest.raises(NotAllowed):
        advance(loop, Stage.ORIENTED, by=ADVISER)


def test_a_kpi_has_one_open_loop_at_a_time(real_plan):
    measured("procedures.online_live", (date(2026, 11, 20), 30))
    watch_kpis(by=SYSTEM, clock=CLOCK)
    with pytest.raises(Refusal, match="まだ終わっていない"):
        services.open_ooda_loop(
            by=CLERK,
            plan=real_plan.plan,
            initiative=None,
            kpi=Kpi.objects.get(key="1-1-procedures"),
            title="二つ目",
            text="観察",
            value=None,
            expected=None,
            is_automatic=False,
            clock=CLOCK,
        )
    assert OodaLoop.objects.count() == 1


def test_the_day_end_of_measuring_leads_to_a_look_at_the_kpis(real_plan):
    from yakuba.kernel.events.api import subscriptions_to
    from yakuba.kernel.kpi.api import MeasurementApproved, SnapshotsTaken

    for event, name in ((SnapshotsTaken, "look_after_the_day"), (MeasurementApproved, "look_after_an_approval")):
        assert name in {one.subscriber.__name__ for one in subscriptions_to(event)}
