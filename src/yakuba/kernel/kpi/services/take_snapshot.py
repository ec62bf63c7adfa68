"""The daily value of a measure."""

from __future__ import annotations

from decimal import Decimal

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.kpi.models import Snapshot
from yakuba.kernel.kpi.registry import known_measures
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import Clock, Refusal


@verb("kpi.take_snapshot", label="指標を計測")
def take_snapshot(*, by: Person, measure_id: str, clock: Clock) -> Snapshot | None:
    """Read a measure and keep the value of today; the first value of a day stays. ``None`` when it has no value."""
    measure = known_measures().get(measure_id)
    if measure is None or measure.read is None:
        raise Refusal(f"指標「{measure_id}」は自動では計測できません。", hint="手入力の画面から値を入れてください。")
    today = clock.today()
    kept = Snapshot.objects.filter(measure_id=measure_id, on=today, source=Snapshot.Source.SYSTEM).first()
    if kept is not None:
        return kept
    reading = measure.read(today)
    if reading is None:
        return None
    return Snapshot.objects.create(
        measure_id=measure_id,
        on=today,
        value=Decimal(reading.value),
        n=reading.n,
        source=Snapshot.Source.SYSTEM,
        is_sample=is_sample_town(),
        taken_at=clock.now(),
    )
