"""Preparing a turn: the list is read, the plan is drawn up, nothing of the organisation is written."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.access import require_editor
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.kernel.yearturn.models import TurnHeir, TurnLine, YearTurn
from yakuba.kernel.yearturn.queries import house_on, inheritances
from yakuba.kernel.yearturn.reading import faults_while_reading, read_personnel_list, rows_of
from yakuba.kernel.yearturn.rules.personnel_list import Line, Reading
from yakuba.kernel.yearturn.rules.read_personnel_list import read_list
from yakuba.kernel.yearturn.rules.turn import TRANSITIONS, TurnState, line_order
from yakuba.kernel.yearturn.services.propose_heirs import renew_proposals


def read_turn(content: bytes, filename: str, on: date) -> tuple[str, Reading]:
    """The list as understood, and its tidied file name. Raises ``Refusal`` if it cannot be read at all."""
    check_day(on, field="on", what="年度替わりの日")
    table = read_personnel_list(content, filename)
    reading = read_list(rows_of(table), house_on(on))
    broken = tuple(faults_while_reading(table))
    return table.filename, Reading(reading.lines, (*broken, *reading.faults), reading.notices)


def prepare_turn(*, by: Person, content: bytes, filename: str, on: date, clock: Clock) -> YearTurn:
    """Read a list and keep its plan as a draft; a draft for the same day gives way to it."""
    require_editor(by)
    name, reading = read_turn(content, filename, on)
    return keep_turn(by=by, on=on, content=content, filename=name, reading=reading, clock=clock)


@verb("yearturn.prepare", label="年度替わりの名簿を預かる")
def keep_turn(*, by: Person, on: date, content: bytes, filename: str, reading: Reading, clock: Clock) -> YearTurn:
    """Keep a list with its plan. Heirs chosen by hand in the draft before stay chosen.

    Raises ``Refusal`` if a turn for that day is already being carried out.
    """
    require_editor(by)
    chosen: dict[tuple[str, str], str] = {}
    for earlier in YearTurn.objects.select_for_update().filter(on=on).exclude(state=TurnState.CANCELLED):
        state = TurnState(earlier.state)
        if not TRANSITIONS.allows(state, TurnState.CANCELLED):
            raise Refusal(
                f"この日の年度替わりは「{state.label}」です。新しい名簿は送れません。",
                field="on",
                hint="残りの変更は、職員の画面で一人ずつ登録してください。",
            )
        chosen |= {(one.source, one.ref): one.heir_number for one in earlier.heirs.filter(is_by_hand=True)}
        empty_and_cancel(earlier, clock)
    turn = YearTurn.objects.create(
        on=on,
        state=TurnState.REFUSED if reading.faults else TurnState.DRAFT,
        filename=filename[:200],
        content=content,
        faults=[asdict(one) for one in reading.faults],
        notices=list(reading.notices),
        prepared_by=by.id,
        prepared_at=clock.now(),
    )
    if not reading.faults:
        _store_lines(turn, reading)
        renew_proposals(turn, inheritances(reading.lines, on))
        for heir in turn.heirs.all():
            number = chosen.get((heir.source, heir.ref), "")
            if number:
                heir.heir_number, heir.is_by_hand, heir.ground = number, True, "前の名簿で選んだ人"
                heir.save(update_fields=["heir_number", "is_by_hand", "ground"])
    return turn


@verb("yearturn.cancel", label="年度替わりの取りやめ")
def cancel_turn(*, by: Person, turn: YearTurn, clock: Clock) -> YearTurn:
    """Give up a draft. Raises ``Refusal`` once postings are being registered."""
    require_editor(by)
    turn = YearTurn.objects.select_for_update().get(pk=turn.pk)
    TRANSITIONS.check(TurnState(turn.state), TurnState.CANCELLED)
    empty_and_cancel(turn, clock)
    return turn


def empty_and_cancel(turn: YearTurn, clock: Clock) -> None:
    """Cancel and forget the list; nothing of it was written."""
    turn.state = TurnState.CANCELLED
    turn.content, turn.faults, turn.notices = b"", [], []
    turn.finished_at = clock.now()
    turn.save()
    TurnLine.objects.filter(turn=turn).delete()
    TurnHeir.objects.filter(turn=turn).delete()


def _store_lines(turn: YearTurn, reading: Reading) -> None:
    def order(line: Line) -> tuple[int, int, str]:
        return line_order(line.action), line.row, line.number

    TurnLine.objects.bulk_create(
        TurnLine(
            turn=turn,
            place=place,
            row=line.row,
            action=line.action.value,
            number=line.number,
            name=line.name,
            name_kana=line.name_kana,
            staff_id=line.person,
            section_id=line.section,
            post_id=line.post,
            employment=line.employment,
            last_day=line.last_day,
        )
        for place, line in enumerate(sorted(reading.lines, key=order), start=1)
    )
