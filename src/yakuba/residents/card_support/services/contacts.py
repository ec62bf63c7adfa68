"""Opening the contact of a protected person: with a reason, by the section in charge only."""

from __future__ import annotations

from datetime import timedelta

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.residents.card_support.access import require_work
from yakuba.residents.card_support.models import Appointment, ContactOpened, Visit

KEPT = timedelta(days=5 * 366)


@verb("card.open_contact", label="支援措置の対象の人の連絡先を開く（カード）")
def open_contact(*, by: Person, thing: Appointment | Visit, reason: str, clock: Clock) -> ContactOpened:
    """Note who opens it and why. Raises `Refusal` without a reason."""
    require_work(by)
    if not reason.strip():
        raise Refusal("理由が空です。", field="reason", hint="何のために連絡先を見るかを書いてください。")
    return ContactOpened.objects.create(
        about=str(ref_of(thing)), reason=reason.strip()[:200], opened_by_id=by.staff_id, opened_at=clock.now()
    )
