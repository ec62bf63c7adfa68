"""No event is published that nobody hears, and every scheduled job has an owner."""

from __future__ import annotations

import pytest

from yakuba.kernel.events.api import declared_events, subscriptions_to
from yakuba.kernel.jobs.api import declared_jobs

OURS = [
    event
    for event in declared_events()
    if ".tests" not in event.__module__ and not event.__module__.startswith("tests")
]


@pytest.mark.parametrize("event", OURS, ids=lambda event: event.name)
def test_somebody_hears(event) -> None:
    assert event.name, f"{event.__name__} has no name"
    assert subscriptions_to(event), f"nobody hears {event.name}: wire it in site/wiring or drop it"


def test_event_names_are_unique() -> None:
    names = [event.name for event in OURS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("work", declared_jobs(), ids=lambda work: work.name)
def test_job_has_a_label_and_an_owner(work) -> None:
    assert work.label
    assert work.function.__module__.startswith(("yakuba.", "tests."))
