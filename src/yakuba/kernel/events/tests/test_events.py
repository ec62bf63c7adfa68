"""An event reaches those who hear it: together in the same transaction, afterwards in a job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.events import bus
from yakuba.kernel.events.api import Event, afterwards, publish, together
from yakuba.kernel.jobs.api import run_job
from yakuba.kernel.jobs.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.database]

BY = Person(id="tests", name="", kind=PersonKind.SYSTEM)


@dataclass(frozen=True)
class LampLit(Event):
    name: ClassVar[str] = "tests.lamp_lit"

    lamp: str
    number: int | None = None


@dataclass(frozen=True)
class Unplain(Event):
    name: ClassVar[str] = "tests.unplain"

    things: list  # type: ignore[type-arg]


heard: list[tuple[str, LampLit]] = []


def hear_together(event: LampLit) -> None:
    heard.append(("together", event))


def hear_afterwards(event: LampLit) -> None:
    heard.append(("afterwards", event))


def refuse(event: LampLit) -> None:
    raise ZeroDivisionError


@verb("tests.light", label="点ける")
def light(*, by: Person, lamp: str) -> str:
    return publish(LampLit(lamp=lamp, number=7))


@pytest.fixture(autouse=True)
def own_subscriptions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus, "_subscriptions", [])
    heard.clear()


def test_together_is_at_once_and_afterwards_is_a_job() -> None:
    together(LampLit, hear_together)
    afterwards(LampLit, hear_afterwards)
    light(by=BY, lamp="街灯1")
    assert [how for how, _ in heard] == ["together"]
    work = Job.objects.get()
    assert run_job(work.pk) == "done"
    assert heard[-1] == ("afterwards", LampLit(lamp="街灯1", number=7))


def test_a_failure_together_undoes_the_act() -> None:
    afterwards(LampLit, hear_afterwards)
    together(LampLit, refuse)
    with pytest.raises(ZeroDivisionError):
        light(by=BY, lamp="街灯1")
    assert not Job.objects.exists()


def test_an_event_outside_a_verb_is_refused() -> None:
    with pytest.raises(RuntimeError):
        publish(LampLit(lamp="x"))


@verb("tests.unplain", label="よくない出来事")
def publish_unplain(*, by: Person) -> None:
    publish(Unplain(things=[1]))


def test_an_event_carries_ids_and_plain_values_only() -> None:
    with pytest.raises(TypeError):
        publish_unplain(by=BY)


def test_subscribing_twice_hears_once() -> None:
    together(LampLit, hear_together)
    together(LampLit, hear_together)
    light(by=BY, lamp="a")
    assert len(heard) == 1
