"""The tables of states."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from yakuba.kernel.cases.rules.actions import Action, possible_actions, way_out
from yakuba.kernel.cases.rules.states import (
    APPLICATION,
    CLAIM,
    CONSULTATION,
    NOTIFICATION,
    SIGN_UP,
    CaseKind,
    GrantStage,
    Mover,
    NotTheirStep,
    Phase,
    first_state,
    table_of,
)
from yakuba.kernel.cases.rules.words import state_words
from yakuba.kernel.values.api import TransitionRefused

TABLES = {
    "application": APPLICATION,
    "notification": NOTIFICATION,
    "sign_up": SIGN_UP,
    "consultation": CONSULTATION,
    "claim": CLAIM,
}
CORRECTED = [
    (kind, stage)
    for kind, stage in ((kind, "claim" if kind is CaseKind.SUBSIDY else "") for kind in CaseKind)
    if kind is not CaseKind.CONSULTATION
]
EVERY_TABLE = [(kind, "") for kind in CaseKind if kind is not CaseKind.SUBSIDY] + [
    (CaseKind.SUBSIDY, stage) for stage in GrantStage
]


def test_a_notification_is_never_examined_nor_refused() -> None:
    words = "".join(
        NOTIFICATION.label(state.value) + state_words("notification", state.value).title.ja
        for state in NOTIFICATION.table.states
    )
    assert "審査" not in words
    assert "却下" not in words
    assert not NOTIFICATION.is_examined
    assert not any(NOTIFICATION.phase(state.value) is Phase.DECIDING for state in NOTIFICATION.table.states)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_only_a_decider_decides(table) -> None:
    for before, after in product(table.table.states, repeat=2):
        if after.value in ("approved", "refused"):
            assert table.movers(before.value, after.value) <= {Mover.DECIDER}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_the_system_alone_refuses_nothing_and_ends_nothing_against_a_person(table) -> None:
    for before, after in product(table.table.states, repeat=2):
        if after.value in ("refused", "returned", "withdrawn", "declined", "cancelled"):
            assert Mover.SYSTEM not in table.movers(before.value, after.value)


@pytest.mark.parametrize(("kind", "stage"), CORRECTED)
def test_a_missed_date_leads_to_a_persons_judgement(kind, stage) -> None:
    table = table_of(kind, stage)
    assert set(table.ways("correcting", Mover.SYSTEM)) == {"overdue"}
    assert not table.ways("overdue", Mover.SYSTEM)
    assert table.ways("overdue", Mover.RESIDENT)


def test_an_application_can_be_withdrawn_until_the_decision_and_not_after() -> None:
    can = {state.value for state in APPLICATION.table.states if way_out("application", state.value)}
    assert can == {"awaiting_consent", "received", "examining", "correcting", "overdue", "deciding"}


def test_who_may_not_make_a_step_is_told_who_may() -> None:
    with pytest.raises(NotTheirStep, match="決裁者"):
        APPLICATION.check("deciding", "approved", Mover.CLERK)
    with pytest.raises(TransitionRefused):
        APPLICATION.check("received", "approved", Mover.DECIDER)
    APPLICATION.check("deciding", "approved", Mover.DECIDER)


@pytest.mark.parametrize(("kind", "stage"), EVERY_TABLE)
def test_every_state_has_its_words_in_three_languages(kind, stage) -> None:
    for state in table_of(kind, stage).table.states:
        words = state_words(kind, state.value, stage)
        assert not words.title.missing(("ja", "ja-easy", "en"))
        assert not words.next.missing(("ja", "ja-easy", "en"))


def test_a_list_never_tells_the_outcome() -> None:
    assert state_words("application", "approved") == state_words("application", "refused")


@pytest.mark.parametrize(("kind", "stage"), EVERY_TABLE)
def test_a_case_begins_in_its_table(kind, stage) -> None:
    table = table_of(kind, stage)
    assert table.read(first_state(kind, stage)) in table.table.start


def test_a_claim_is_paid_and_not_decided() -> None:
    assert table_of("subsidy", "claim") is CLAIM
    assert table_of("subsidy", "apply") is APPLICATION


def test_what_may_be_done_follows_from_the_state() -> None:
    def actions(state: str, **facts: bool) -> tuple[Action, ...]:
        given = {"asks_correction": False, "has_notice": False, "has_next_stage": False, **facts}
        return possible_actions(kind="application", state=state, stage="", **given)

    assert actions("received") == (Action.WITHDRAW,)
    assert actions("correcting", asks_correction=True) == (Action.ANSWER_CORRECTION, Action.WITHDRAW)
    assert actions("overdue", asks_correction=True) == (Action.ANSWER_CORRECTION, Action.WITHDRAW)
    assert actions("notified", has_notice=True) == (Action.OPEN_NOTICE,)
    assert actions("withdrawn") == ()


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_the_readme_shows_the_tables_as_they_are(table) -> None:
    readme = Path(__file__).parents[2] / "README.md"
    assert table.table.mermaid() in readme.read_text(encoding="utf-8"), "write the diagrams of README.md anew"
