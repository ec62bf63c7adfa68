from __future__ import annotations

from yakuba.kernel.access.api import system_person
from yakuba.kernel.jobs.api import Daily, enqueue, job
from yakuba.kernel.kpi.registry import system_measures
from yakuba.kernel.kpi.services import take_snapshot
from yakuba.kernel.kpi.services.finish_day import finish_day
from yakuba.kernel.parameters.api import town_clock


@job("kpi.take_snapshots", label="指標の毎日の計測", every=Daily("02:10"))
def take_snapshots() -> None:
    """Queue one job per measure, so that one slow measure does not hold up the others, and one that ends the day."""
    clock = town_clock()
    for measure in system_measures():
        enqueue("kpi.take_one", key=f"kpi.take_one:{measure.id}:{clock.today()}", measure_id=measure.id)
    enqueue("kpi.finish_day", key=f"kpi.finish_day:{clock.today()}")


@job("kpi.take_one", label="指標を一つ計測")
def take_one(*, measure_id: str) -> None:
    take_snapshot(by=system_person("jobs"), measure_id=measure_id, clock=town_clock())


@job("kpi.finish_day", label="指標の計測を締める")
def finish() -> None:
    finish_day(by=system_person("jobs"), clock=town_clock())
