"""What the figures propose as a grade; nothing unmeasured is ever green."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.values.api import FiscalYear
from yakuba.plan.rules.grades import Grade, KpiFinding, MilestoneFinding, propose_grade
from yakuba.plan.rules.kpi_path import Standing

R8, R9, R10 = FiscalYear(2026), FiscalYear(2027), FiscalYear(2028)


def kpi(standing, has_target=True):
    return KpiFinding("指標", standing, has_target, "31 件")


def milestone(due, met_in=None):
    return MilestoneFinding("できた", due, met_in)


# KPIs · milestones · grade proposed for R9
TABLE = [
    ([], [], Grade.D),
    ([Standing.REACHED], [], Grade.A),
    ([Standing.AHEAD], [], Grade.A),
    ([Standing.ON_PLAN], [], Grade.B),
    ([Standing.LATE], [], Grade.C),
    ([Standing.UNMEASURED], [], Grade.D),
    ([Standing.STALE], [], Grade.D),
    ([Standing.NO_BASELINE], [], Grade.D),
    ([Standing.AHEAD, Standing.ON_PLAN], [], Grade.B),
    ([Standing.AHEAD, Standing.UNMEASURED], [], Grade.D),
    ([Standing.LATE, Standing.UNMEASURED], [], Grade.C),
    ([], [milestone(R8)], Grade.C),
    ([], [milestone(R9)], Grade.C),
    ([], [milestone(R10)], Grade.D),
    ([], [milestone(R9, R9)], Grade.B),
    ([], [milestone(R9, R8)], Grade.B),
    ([], [milestone(R10, R9)], Grade.A),
    ([], [milestone(R9, R10)], Grade.C),
    ([Standing.AHEAD], [milestone(R9)], Grade.C),
    ([Standing.UNMEASURED], [milestone(R9, R9)], Grade.D),
]


@pytest.mark.parametrize(("standings", "milestones", "grade"), TABLE)
def test_the_proposed_grade_follows_from_the_findings(standings, milestones, grade):
    proposal = propose_grade(year=R9, kpis=[kpi(one) for one in standings], milestones=milestones)
    assert proposal.grade is grade
    assert proposal.reasons or grade is Grade.D


def test_a_kpi_without_target_informs_and_does_not_count():
    proposal = propose_grade(year=R9, kpis=[kpi(Standing.IMPROVED, has_target=False)], milestones=[])
    assert proposal.grade is Grade.D
    assert "判定には使いません" in proposal.reasons[0].words


def test_every_reason_says_what_it_rests_on():
    proposal = propose_grade(year=R9, kpis=[kpi(Standing.LATE)], milestones=[milestone(R8), milestone(R10, R9)])
    assert [reason.words for reason in proposal.reasons] == [
        "指標「指標」: 計画より遅れ（31 件）。",
        "節目「できた」: 期限の令和8年度までに確認できていません。",
        "節目「できた」: 期限の令和10年度より早く確認済み。",
    ]


_standings = st.sampled_from(list(Standing))
_milestones = st.builds(milestone, st.sampled_from([R8, R9, R10]), st.one_of(st.none(), st.sampled_from([R8, R9, R10])))


@given(st.lists(_standings, max_size=4), st.lists(_milestones, max_size=4))
def test_a_target_nobody_could_judge_is_never_shown_as_going_well(standings, milestones):
    proposal = propose_grade(year=R9, kpis=[kpi(one) for one in standings], milestones=milestones)
    if not all(one.can_be_judged for one in standings):
        assert proposal.grade in (Grade.C, Grade.D)
    if proposal.grade is Grade.A:
        assert all(one in (Standing.REACHED, Standing.AHEAD) for one in standings)
