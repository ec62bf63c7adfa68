from __future__ import annotations

from django.urls import reverse

from yakuba.kernel.access.api import office_seat
from yakuba.kernel.kpi.models import HandMeasurement
from yakuba.kernel.things.api import describe

describe(
    kind="kpi.hand",
    label="指標の手入力",
    model=HandMeasurement,
    title=str,
    url=lambda one: reverse("kpi-hand", args=[one.public_id]),
    gate=lambda person, one: office_seat.allows(person),
    snapshot=lambda one: {"measure": one.measure_id, "on": one.on.isoformat(), "value": str(one.value)},
)
