from tests.crash.ledger.services import take_effect
from yakuba.kernel.access.api import system_person
from yakuba.kernel.jobs.api import job


@job("ledger.take_effect", label="帳簿を効かせる")
def take_effect_of(*, note: str) -> None:
    take_effect(by=system_person("jobs"), key=note)
