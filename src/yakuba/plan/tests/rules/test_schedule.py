"""The year schedule against today."""

from datetime import date
from pathlib import Path

import pytest

from yakuba.plan.rules.check_plan_file import read_plan_file
from yakuba.plan.rules.schedule import PhaseState, phase_key, phase_state, place_phases, share_of_plan

PLAN = read_plan_file((Path(__file__).parents[5] / "data/plans/aizubange.toml").read_text("utf-8"))


def placed(id):
    initiative = next(one for one in PLAN.initiatives if one.id == id)
    return place_phases(initiative.phases, PLAN.plan)


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("1-4", [(2026, 2026, True), (2027, 2027, True), (2028, 2029, False)]),
        ("2-1", [(2026, 2026, True), (2027, 2028, False), (2029, 2029, True)]),
        ("2-5", [(2026, 2028, False), (2029, 2029, True)]),
        ("2-6", [(2026, 2026, True), (2027, 2029, False), (2026, 2026, True), (2027, 2029, False)]),
        ("1-1", []),
    ],
)
def test_an_end_the_plan_does_not_state_is_filled_in_and_marked(id, expected):
    assert [(phase.first.year, phase.last.year, phase.end_stated) for phase in placed(id)] == expected


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2027, 3, 31), PhaseState.AHEAD),
        (date(2027, 4, 1), PhaseState.RUNNING),
        (date(2028, 3, 31), PhaseState.RUNNING),
        (date(2028, 4, 1), PhaseState.UNCONFIRMED),
    ],
)
def test_a_phase_runs_from_1_april_to_31_march(day, state):
    assert phase_state(placed("1-4")[1], day, is_confirmed=False) is state


def test_time_going_by_finishes_nothing_and_a_confirmation_does():
    first = placed("1-4")[0]
    assert phase_state(first, date(2027, 4, 1), is_confirmed=False) is PhaseState.UNCONFIRMED
    assert phase_state(first, date(2027, 4, 1), is_confirmed=True) is PhaseState.DONE


def test_phases_of_one_initiative_have_keys_of_their_own():
    for initiative in PLAN.initiatives:
        keys = [phase_key(phase) for phase in placed(initiative.id)]
        assert len(set(keys)) == len(keys)


def test_the_share_of_the_plan_that_is_over_stays_between_none_and_all():
    assert share_of_plan(PLAN.plan, date(2020, 1, 1)) == 0
    assert share_of_plan(PLAN.plan, date(2028, 4, 1)) == pytest.approx(731 / 1461)
    assert share_of_plan(PLAN.plan, date(2040, 1, 1)) == 1
