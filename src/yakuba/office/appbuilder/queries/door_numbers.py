"""What there is to count at a door: where arrivals stand, and the results of a survey."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.values.api import TOKYO, Clock
from yakuba.office.appbuilder.models import Arrival, Entrance, Record
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppField
from yakuba.office.appbuilder.rules.door_results import COUNTED, Tally, shown_answers, suppressed, tally
from yakuba.office.appbuilder.rules.door_states import ArrivalState, EntranceState
from yakuba.office.appbuilder.rules.doors import DoorKind, Results


def arrival_of(record: Record) -> Arrival | None:
    """How a record came in, if it came through a door."""
    return Arrival.objects.select_related("entrance__app").filter(record=record).first()


def states_at(entrance: Entrance) -> dict[ArrivalState, int]:
    """How many arrivals of a door stand where."""
    rows = Arrival.objects.filter(entrance=entrance).values_list("state").annotate(Count("pk")).order_by()
    return {ArrivalState(state): count for state, count in rows}


def counted_fields(entrance: Entrance) -> list[AppField]:
    """The questions that are counted: those with choices. What is written in words is never published."""
    return [one for one in entrance.fields if one.type in COUNTED]


def has_ended(entrance: Entrance, clock: Clock) -> bool:
    """Whether nobody comes in through the door any more: closed by a clerk, or its time is over."""
    if entrance.standing is EntranceState.CLOSED:
        return True
    closes_at = entrance.door.closes_at
    return closes_at is not None and closes_at <= clock.now().astimezone(TOKYO).replace(tzinfo=None)


def is_public_now(entrance: Entrance, clock: Clock) -> bool:
    """Whether the town has decided that everybody may see the results now."""
    door = entrance.door
    if door.kind is not DoorKind.SURVEY or entrance.standing not in (EntranceState.OPEN, EntranceState.CLOSED):
        return False
    return door.survey.results is Results.LIVE or (
        door.survey.results is Results.AFTERWARDS and has_ended(entrance, clock)
    )


def public_results(entrance: Entrance, *, clock: Clock) -> tuple[Tally, ...]:
    """The counts as everybody may see them; nothing while there are too few answers to hide anybody among."""
    if entrance.finals:
        return tuple(
            Tally(one["field"], one["answers"], tuple((key, count) for key, count in one["counts"]))
            for one in entrance.finals
        )
    given = answers_of(entrance, clock=clock)
    given = given[: shown_answers(len(given), is_over=has_ended(entrance, clock))]
    today = clock.today()
    if len(given) < whole_on("appbuilder.results_from", today):
        return ()
    least = whole_on("appbuilder.small_number", today)
    return tuple(suppressed(tally(one, given), least=least) for one in counted_fields(entrance))


def answers_of(entrance: Entrance, *, clock: Clock) -> list[dict[str, Any]]:
    """The values of every answer that was not taken out, in the order they came; only of the fields that are counted."""
    shapes = Shapes(entrance.app)
    keys = [one.key for one in counted_fields(entrance)]
    found = []
    rows = Arrival.objects.filter(entrance=entrance, erased_on__isnull=True, record__deleted_at__isnull=True)
    for arrival in rows.select_related("record").order_by("pk"):
        values = shapes.of(arrival.record, today=clock.today()).values
        found.append({key: values.get(key) for key in keys})
    return found
