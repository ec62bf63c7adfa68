"""How other apps may point at things of the plan."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yakuba.kernel.access.api import Person
from yakuba.kernel.things.api import describe
from yakuba.plan import models
from yakuba.plan.access import visible_to


def _gate(person: Person, thing: Any) -> bool:
    return bool(visible_to(person, type(thing)).filter(pk=thing.pk).exists())


describe(
    kind="plan.initiative",
    label="取組",
    model=models.Initiative,
    title=str,
    url=lambda one: reverse("plan-initiative", args=[one.key]),
    gate=_gate,
    snapshot=lambda one: {"key": one.key, "number": one.number, "title": one.title},
)
describe(
    kind="plan.version",
    label="計画の版",
    model=models.PlanVersion,
    title=str,
    url=lambda one: reverse("office-plan-version", args=[one.public_id]),
    gate=_gate,
    snapshot=lambda one: {"plan": one.plan.key, "number": one.number, "digest": one.digest},
)
describe(
    kind="plan.meeting",
    label="本部会議",
    model=models.Meeting,
    title=str,
    url=lambda one: reverse("office-plan-meeting", args=[one.public_id]),
    gate=_gate,
    snapshot=lambda one: {"title": one.title, "held_on": one.held_on.isoformat(), "edition": one.edition},
)
describe(
    kind="plan.loop",
    label="OODAの記録",
    model=models.OodaLoop,
    title=str,
    url=lambda one: reverse("office-plan-loop", args=[one.public_id]),
    gate=_gate,
    snapshot=lambda one: {"title": one.title, "stage": one.stage},
)
describe(
    kind="plan.task",
    label="対応事項",
    model=models.Task,
    title=str,
    url=lambda one: reverse("office-plan-task", args=[one.public_id]),
    gate=_gate,
    snapshot=lambda one: {"words": one.words, "due_on": one.due_on.isoformat(), "state": one.state},
)
