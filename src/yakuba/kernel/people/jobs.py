from __future__ import annotations

from yakuba.kernel.access.api import system_person
from yakuba.kernel.jobs.api import Daily, job
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.people.services import forget_old_records


@job("people.forget_old", label="古い委任と支援措置の記録を消す", every=Daily("03:30"))
def forget_old() -> None:
    """Mandates and protections five years after their end."""
    while forget_old_records(by=system_person("people"), clock=town_clock()):
        pass
