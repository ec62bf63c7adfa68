"""What a clerk can do with a case from its page; ``act_named`` finds the act of an address."""

from __future__ import annotations

from yakuba.kernel.cases.models import Case
from yakuba.residents.procedures.views.office.acts import decision, work
from yakuba.residents.procedures.views.office.acts.act import Act, Doing, Materials

ACTS: tuple[Act, ...] = (*work.ACTS, *decision.ACTS)


def act_named(key: str) -> Act | None:
    """The act of an address."""
    return next((act for act in ACTS if act.key == key), None)


def fits(act: Act, case: Case) -> bool:
    """Whether the act can be done on the case (or on something of it) now."""
    return bool(act.things_of(case))


__all__ = ["ACTS", "Act", "Doing", "Materials", "act_named", "fits"]
