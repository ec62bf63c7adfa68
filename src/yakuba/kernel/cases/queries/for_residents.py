"""What residents read about their case."""

from __future__ import annotations

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.cases.access import may_see
from yakuba.kernel.cases.models import Case, CaseEvent
from yakuba.kernel.cases.queries.corrections import open_correction
from yakuba.kernel.cases.queries.grants import following
from yakuba.kernel.cases.queries.notices import notices_of
from yakuba.kernel.cases.rules.actions import Action, possible_actions
from yakuba.kernel.cases.rules.words import StateWords, state_words


def case_states(case: Case) -> StateWords:
    """Where the case stands and what happens next, in three languages."""
    return state_words(case.kind, case.state, case.stage)


def open_actions(case: Case, who: Person) -> tuple[Action, ...]:
    """What whoever is concerned may do now; nothing for anybody else.

    A visitor counts as concerned: they have shown number and password before the page was made.
    """
    is_own = who.kind is PersonKind.RESIDENT and who.id in (case.applicant_account, case.agent_account)
    if not is_own and not (who.kind is PersonKind.VISITOR and case.password_hash):
        return ()
    return possible_actions(
        kind=case.kind,
        state=case.state,
        stage=case.stage,
        asks_correction=open_correction(case) is not None,
        has_notice=bool(notices_of(case)),
        has_next_stage=case.kind == "subsidy" and bool(following(case)),
    )


def history_for(person: Person, case: Case) -> list[CaseEvent]:
    """What happened, oldest first: clerks read all of it, residents what was written for them."""
    events = CaseEvent.objects.filter(case=case)
    if person.kind in (PersonKind.STAFF, PersonKind.SYSTEM):
        return list(events) if may_see(person, case) else []
    return list(events.exclude(resident_words=""))
