"""What the plan tells `kernel.kpi`: the measures its KPIs rest on, for as long as no system offers them."""

from __future__ import annotations

from collections.abc import Iterable

from yakuba.kernel.kpi.api import Direction, Measure, measures_from
from yakuba.kernel.values.api import Text
from yakuba.plan.queries.current import plan_in_force
from yakuba.plan.rules import plan_file


def measures_of_the_plan() -> Iterable[Measure]:
    """Every measure the plan in force defines; people may take it by hand until an app measures it."""
    in_force = plan_in_force()
    if in_force is None:
        return []
    content = in_force.content
    directions = {kpi.measure: kpi.direction for _, kpi in content.all_kpis()}
    numbers = {kpi.measure: owner.number for owner, kpi in content.all_kpis() if owner}
    return [
        Measure(
            id=measure.id,
            title=Text(measure.title),
            definition=Text(measure.definition),
            unit=measure.unit,
            direction=Direction.DOWN if directions.get(measure.id) is plan_file.Direction.DOWN else Direction.UP,
            how=measure.measured_by,
            initiative=numbers.get(measure.id, ""),
        )
        for measure in content.measures
    ]


measures_from("plan", measures_of_the_plan)
