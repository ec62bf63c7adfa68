"""Handing over a piece of open work (引継ぎ)."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.organisation.open_work import source_of
from yakuba.kernel.organisation.queries import service_of
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Refusal


@verb("organisation.hand_over_work", label="仕事の引継ぎ")
def hand_over_work(*, by: Person, source: str, ref: Ref, holder: Staff, heir: Staff, on: date) -> Ref:
    """From ``on`` the work at ``ref`` is the heir's; the app that owns it (``source``) writes that down.

    Raises ``Refusal`` for an heir who is the holder or not in service that day.
    """
    require_editor(by)
    if heir.pk == holder.pk:
        raise Refusal(f"引き継ぎ先が本人（{holder.name}）です。", field="heir", hint="ほかの職員を選んでください。")
    if not service_of(heir).contains(on):
        raise Refusal(
            f"「{heir.name}」は引き継ぐ日に在職していません。", field="heir", hint="在職している職員を選んでください。"
        )
    source_of(source).hand_over(ref=ref, from_staff_id=holder.pk, to_staff_id=heir.pk, on=on, by=by)
    return ref
