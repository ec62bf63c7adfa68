"""Work outside the request: registering postings, and handing work over on the day."""

from __future__ import annotations

from yakuba.kernel.access.api import Person, PersonKind, system_person
from yakuba.kernel.identity.api import person_of
from yakuba.kernel.identity.models import Account
from yakuba.kernel.jobs.api import Daily, enqueue, job
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.yearturn.models import LineState, YearTurn
from yakuba.kernel.yearturn.rules.turn import TurnState
from yakuba.kernel.yearturn.services import apply_chunk, hand_over_chunk, refresh_heirs

#: A job lasts at most 60 s; so many chunks stay far below that.
CHUNKS_A_JOB = 25


@job("yearturn.apply", label="年度替わりの発令の登録")
def apply(*, turn: str) -> None:
    """Register the next lines on behalf of who pressed the button, then queue the rest."""
    found = YearTurn.objects.get(public_id=turn)
    by = _whoever_started(found)
    for _ in range(CHUNKS_A_JOB):
        if found.state != TurnState.APPLYING or not found.lines.filter(state=LineState.PENDING).exists():
            return
        found = apply_chunk(by=by, turn=found)
    if found.lines.filter(state=LineState.PENDING).exists():
        enqueue("yearturn.apply", key=f"yearturn.apply:{turn}:{town_clock().now().isoformat()}", turn=turn)


@job("yearturn.hand_over", label="年度替わりの日の引き継ぎ", every=Daily("00:05"))
def hand_over() -> None:
    """From the day on: ask for open work again and hand over what has an heir. Orphans wait for a person."""
    clock = town_clock()
    for turn in YearTurn.objects.filter(state=TurnState.POSTED, on__lte=clock.today()):
        by = _whoever_started(turn)
        refresh_heirs(by=by, turn=turn)
        for _ in range(CHUNKS_A_JOB):
            if not hand_over_chunk(by=by, turn=turn, clock=clock):
                break


def _whoever_started(turn: YearTurn) -> Person:
    account = Account.objects.filter(public_id=turn.started_by).select_related("staff").first()
    if account is not None:
        person = person_of(account, town_clock().today())
        if person.kind is not PersonKind.VISITOR:
            return person
    return system_person("year-turn")
