"""From a KPI outside its corridor to an action within days."""

from datetime import date
from decimal import Decimal

import pytest

from yakuba.kernel.values.api import TransitionRefused
from yakuba.plan.rules.kpi_path import Standing
from yakuba.plan.rules.ooda import STAGES, Stage, deadline, effect, is_overdue, opens_observation
from yakuba.plan.rules.plan_file import Direction

OPENED = date(2026, 11, 1)


def test_the_stages_follow_each_other_and_cannot_be_skipped():
    for current, wanted in [
        (Stage.OBSERVED, Stage.DECIDED),
        (Stage.OBSERVED, Stage.ACTED),
        (Stage.DECIDED, Stage.CLOSED),
        (Stage.CLOSED, Stage.OBSERVED),
    ]:
        with pytest.raises(TransitionRefused):
            STAGES.check(current, wanted)
    assert STAGES.final == {Stage.CLOSED}


@pytest.mark.parametrize(
    ("stage", "due"),
    [
        (Stage.OBSERVED, date(2026, 11, 4)),
        (Stage.ORIENTED, date(2026, 11, 8)),
        (Stage.DECIDED, date(2026, 11, 15)),
        (Stage.ACTED, date(2026, 12, 31)),
        (Stage.CLOSED, None),
    ],
)
def test_each_stage_has_its_deadline_and_is_overdue_only_after_it(stage, due):
    assert deadline(stage, OPENED) == due
    if due is not None:
        assert not is_overdue(stage, OPENED, due)
        assert is_overdue(stage, OPENED, date.fromordinal(due.toordinal() + 1))


@pytest.mark.parametrize("standing", list(Standing))
def test_only_a_late_kpi_without_an_open_loop_calls_for_one(standing):
    assert opens_observation(standing, has_open_loop=False) is (standing is Standing.LATE)
    assert not opens_observation(standing, has_open_loop=True)


@pytest.mark.parametrize(
    ("before", "after", "direction", "words"),
    [
        (10, 12, Direction.UP, "改善"),
        (10, 12, Direction.DOWN, "悪化"),
        (10, 8, Direction.DOWN, "改善"),
        (10, 10, Direction.UP, "変化なし"),
        (10, 12, Direction.OBSERVE, "変化あり"),
    ],
)
def test_the_effect_compares_before_and_after(before, after, direction, words):
    found = effect(before=Decimal(before), after=Decimal(after), direction=direction)
    assert found is not None and found.words == words


def test_without_one_of_the_values_there_is_no_effect_to_tell():
    assert effect(before=None, after=Decimal(1), direction=Direction.UP) is None
    assert effect(before=Decimal(1), after=None, direction=Direction.UP) is None
