"""What the procedures do by themselves."""

from __future__ import annotations

from yakuba.kernel.access.api import system_person
from yakuba.kernel.jobs.api import Daily, job
from yakuba.kernel.parameters.api import town_clock
from yakuba.residents.procedures.services import forget_opinions


@job("procedures.forget_opinions", label="古い利用者の声を消す", every=Daily("03:40"))
def forget() -> None:
    """What residents said about procedures, after three years."""
    while forget_opinions(by=system_person("procedures"), clock=town_clock()):
        pass
