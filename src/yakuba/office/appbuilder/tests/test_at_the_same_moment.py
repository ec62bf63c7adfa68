"""Many at the same moment, on both databases: nothing lost, no button pressed twice, no automation run twice."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from yakuba.kernel.approval.api import Outcome, decide, requests_on
from yakuba.kernel.notify.models import Message
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder import running
from yakuba.office.appbuilder.models import (
    Act,
    AutomationRun,
    PressRequest,
    PressState,
    Record,
    RecordHistory,
    RunState,
)
from yakuba.office.appbuilder.services import change_record, press_button
from yakuba.office.appbuilder.tests.lending import PROCESS, lending, put_to_use
from yakuba.office.appbuilder.tests.world import CLOCK, cells_are_right, open_desk, sit

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]
#: The hall as the process of the proof sees it: round and round, so that twenty people always find something to press.
ROUND: dict[str, Any] = {
    **PROCESS,
    "buttons": [
        *({**one, "groups": ["自分の課"], "rule": None, "asks": []} for one in PROCESS["buttons"]),
        {"key": "again", "label": "戻す", "states": ["back", "no"], "to": "booked", "groups": ["自分の課"]},
    ],
}


def together(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Run the acts at the same moment, each with a connection of its own; what each gave, or its refusal."""
    barrier = threading.Barrier(len(acts))
    found: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait(30)
            found[place] = act()
        except BaseException as fault:  # noqa: BLE001  (handed to the test)
            found[place] = fault
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(300)
    faults = [
        one for one in found if isinstance(one, BaseException) and not isinstance(one, Refusal | PermissionDenied)
    ]
    assert not faults, faults
    return found


@pytest.fixture
def desk(transactional_db: None) -> Any:
    made = open_desk()
    made.app = put_to_use(made, lending(ROUND))
    return made


def stored(record: Record) -> Record:
    return Record.objects.select_related("app").get(pk=record.pk)


def is_complete(record: Record) -> None:
    """The history has every version once, and played from the beginning gives what is stored."""
    record = stored(record)
    entries = list(record.history.order_by("version"))
    assert [one.version for one in entries] == list(range(1, record.version + 1))
    values: dict[str, Any] = {}
    for one in entries:
        for key, before in one.before.items():
            assert values.get(key) == before, (record.number, one.version, key)
        values.update(one.after)
    assert {key: value for key, value in values.items() if value is not None} == record.values


def test_five_who_press_one_button_move_the_record_once(desk) -> None:
    record = desk.add(by=desk.colleague, price=1)

    def press() -> object:
        return press_button(
            by=desk.colleague, record=stored(record), button="hand_out", values={}, version=1, clock=CLOCK
        )

    found = together([press] * 5)
    assert len([one for one in found if isinstance(one, Record)]) == 1
    assert RecordHistory.objects.filter(record=record, act=Act.PRESSED).count() == 1
    is_complete(record)


def test_five_who_ask_for_a_decision_ask_once(desk) -> None:
    record = desk.add(price=1)

    def press() -> object:
        return press_button(by=desk.maker, record=stored(record), button="ask", values={}, version=1, clock=CLOCK)

    found = together([press] * 5)
    assert len([one for one in found if isinstance(one, Record)]) == 1
    assert PressRequest.objects.filter(record=record).count() == len(requests_on(ref_of(record))) == 1


def test_one_run_carried_out_by_five_workers_acts_once(desk) -> None:
    sit(desk, "行政 主事")
    tell = {"does": "notify", "maker": True, "text": "x"}
    note = {"does": "set", "sets": [{"field": "note", "to": "constant", "value": "済"}]}
    one = {"key": "a", "name": "見張り", "when": "added", "actions": [tell, note]}
    put_to_use(desk, lending(ROUND, automations=[one]))
    record = desk.add()
    together([lambda: running.run_for_change(stored(record), 1, 0, CLOCK)] * 5)
    run = AutomationRun.objects.get()

    def carry() -> str:
        return running.carry_out(AutomationRun.objects.select_related("app", "record__app").get(pk=run.pk), CLOCK)

    together([carry] * 5)
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.DONE, 2)
    assert Message.objects.filter(kind="appbuilder.told").count() == 1
    assert RecordHistory.objects.filter(record=record, act=Act.AUTOMATED).count() == 1


class Told:
    """What people were answered with yes, counted while they all work."""

    def __init__(self) -> None:
        self.lock, self.counts = threading.Lock(), Counter[tuple[str, int]]()

    def note(self, what: str, record: Record) -> None:
        with self.lock:
            self.counts[(what, record.pk)] += 1


_NEXT = {"booked": "hand_out", "out": "take_back", "back": "again", "no": "again"}


def one_person(desk: Any, number: int, records: Sequence[Record], told: Told) -> Callable[[], None]:
    """Fifteen acts of somebody of the section: a field changed, or the button that stands there pressed."""
    chance = random.Random(number)
    by = replace(desk.colleague, id=f"person-{number}", name=f"職員{number}")

    def act(turn: int) -> None:
        record = stored(chance.choice(records))
        seen = record.version
        if chance.random() < 0.5:
            key = chance.choice(("note", "item", "secret"))
            change_record(by=by, record=record, values={key: f"{number}-{turn}"}, version=seen, clock=CLOCK)
            told.note("changed", record)
        else:
            button = _NEXT[record.values["state"]]
            press_button(by=by, record=record, button=button, values={}, version=seen, clock=CLOCK)
            told.note("pressed", record)

    def work() -> None:
        for turn in range(15):
            with suppress(Refusal):
                act(turn)

    return work


def who_asks(desk: Any, records: Sequence[Record], told: Told) -> Callable[[], None]:
    """Presses the button that asks for a decision, wherever it stands."""

    def work() -> None:
        for turn in range(120):
            record = stored(records[turn % len(records)])
            with suppress(Refusal, PermissionDenied):
                press_button(
                    by=desk.colleague, record=record, button="ask", values={}, version=record.version, clock=CLOCK
                )
                told.note("asked", record)

    return work


def who_decides(desk: Any, told: Told, rounds: int = 120) -> Callable[[], None]:
    """Decides whatever waits, one way or the other."""
    chance = random.Random(99)

    def work() -> None:
        for _ in range(rounds):
            for press in PressRequest.objects.filter(state=PressState.WAITING).select_related("record"):
                outcome = chance.choice((Outcome.APPROVED, Outcome.REFUSED, Outcome.RETURNED))
                request = requests_on(ref_of(press.record))[0]
                with suppress(Refusal, PermissionDenied):
                    decide(by=desk.person("町長 一郎"), request=request, outcome=outcome, comment="確認", clock=CLOCK)
                    told.note("decided", press.record)

    return work


@pytest.mark.prove
def test_twenty_people_edit_press_and_decide_on_the_same_records(desk, record_property) -> None:
    """Five records, twenty people, fifteen acts each; every write that was answered with yes is in the history, once."""
    mayor(desk)
    records = [desk.add(by=desk.colleague, price=1, item=f"机{number}") for number in range(5)]
    told = Told()
    people = [one_person(desk, number, records, told) for number in range(18)]
    together([*people, who_asks(desk, records, told), who_decides(desk, told)])
    who_decides(desk, told, rounds=1)()  # what was asked last
    kinds = {"changed": Act.CHANGED, "pressed": Act.PRESSED, "asked": Act.ASKED, "decided": Act.DECIDED}
    for record in records:
        is_complete(record)
        for what, act in kinds.items():
            assert record.history.filter(act=act).count() == told.counts[(what, record.pk)], what
        for entry in record.history.filter(act=Act.PRESSED):
            button = next(one for one in ROUND["buttons"] if one["label"] == entry.words)
            assert entry.before["state"] in button["states"] and entry.after["state"] == button["to"]
    happened = Counter[str]()
    for (what, _), count in told.counts.items():
        happened[what] += count
    record_property("people", len(people) + 2)
    for what, count in happened.items():
        record_property(what, count)
    assert happened["changed"] + happened["pressed"] > 60, "too little happened to prove anything"
    assert happened["asked"] == happened["decided"] > 0
    assert not PressRequest.objects.filter(state=PressState.WAITING).exists()
    cells_are_right(desk.app)


def mayor(desk: Any) -> None:
    """Somebody above the head of the section, who decides what the head has drafted."""
    from yakuba.kernel.access.api import Role
    from yakuba.kernel.organisation import services as verbs
    from yakuba.kernel.organisation.tests.town_hall import FOUNDED, SYSTEM

    hall = desk.hall
    office = verbs.found_section(
        by=SYSTEM, code="00", name="町長室", kind="section", authority=hall.mayor, starts_on=FOUNDED
    )
    post = verbs.define_post(by=SYSTEM, title="町長", rank=100, role=Role.MAYOR)
    hall.staff["町長 一郎"] = verbs.hire_staff(
        by=SYSTEM, number="0001", name="町長 一郎", employment="special", joined_on=FOUNDED, section=office, post=post
    )
