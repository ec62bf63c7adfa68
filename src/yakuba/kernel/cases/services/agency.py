"""An agent's mandate is over (委任の取消し): from then on the case is the applicant's alone.

Called from `site/wiring`, within the verb that revoked the mandate.
"""

from __future__ import annotations

from yakuba.kernel.access.api import Person, system_person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.models import Case, CaseParty, Happening
from yakuba.kernel.cases.rules.parties import PartyRole
from yakuba.kernel.cases.rules.states import Phase
from yakuba.kernel.cases.services.moving import hold, note, touch
from yakuba.kernel.cases.services.telling import tell_agency_ended
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.people.api import MandateRevoked
from yakuba.kernel.values.api import Clock


def hear_mandate_revoked(event: MandateRevoked) -> None:
    """Every open case that rests on the mandate loses its agent."""
    resting = CaseParty.objects.filter(role=PartyRole.AGENT.value, mandate__public_id=event.mandate_public_id)
    open_cases = Case.objects.filter(parties__in=resting).exclude(phase=Phase.CLOSED.value).order_by("pk")
    for case in open_cases:
        end_agency(by=system_person("cases"), case=case, clock=town_clock())


@verb("cases.end_agency", label="代理の終わり")
def end_agency(*, by: Person, case: Case, clock: Clock) -> Case:
    """The agent neither reads nor acts in an open case any more; messages go to the applicant, and who has the case in
    hand is told. What the agent sent, and on what ground, stays in the record."""
    case = hold(case)
    if not case.agent_account:
        return case
    case.agent_account = ""
    note(
        case,
        Happening.CONFIRMED,
        by=by,
        clock=clock,
        words="代理人の委任が取り消された。代理人はこの案件を開けなくなり、知らせは申請者へ送る",
        resident_words="代理人の登録が取り消されました。これからのお知らせは、本人に届きます。",
    )
    case = touch(case, clock=clock)
    tell_agency_ended(case)
    return case
