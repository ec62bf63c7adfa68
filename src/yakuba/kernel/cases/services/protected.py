"""Opening a contact that is withheld (支援措置の対象者への連絡)."""

from __future__ import annotations

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import require_work
from yakuba.kernel.cases.models import Case, CaseParty, Happening
from yakuba.kernel.cases.rules.parties import Party, PartyRole
from yakuba.kernel.cases.services.moving import hold, note
from yakuba.kernel.values.api import Clock, Refusal


@verb("cases.open_contact", label="支援措置の対象者の連絡先の確認")
def open_contact(*, by: Person, case: Case, role: PartyRole, reason: str, clock: Clock) -> Party:
    """Read place and contact of a protected person for one purpose that is written down.

    Only who has the case in hand may; the reading stands in the history of the case and in the log. Raises
    `NotAllowed`, `Refusal` without a reason.
    """
    case = hold(case)
    require_work(by, case)
    if case.assignee_id is None or case.assignee_id != by.staff_id:
        raise NotAllowed("連絡先を確かめられるのは、この案件の担当者だけです。先に担当になってください。")
    if not reason.strip():
        raise Refusal("確かめる理由が空です。", field="reason", hint="例：補正について本人に電話するため")
    party = CaseParty.objects.filter(case=case, role=PartyRole(role).value).first()
    if party is None:
        raise Refusal(f"この案件に{PartyRole(role).label}はいません。", hint="画面を開き直してください。")
    note(case, Happening.CONFIRMED, by=by, clock=clock, words=f"連絡先を確かめた：{reason.strip()[:300]}")
    return party.opened()
