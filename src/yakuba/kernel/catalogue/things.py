"""How other apps may point at procedures and their channels."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from yakuba.kernel.access.api import Person
from yakuba.kernel.catalogue.access import visible_to
from yakuba.kernel.catalogue.models import Channel, CountingEntry, Procedure
from yakuba.kernel.things.api import describe


def _gate(person: Person, thing: Any) -> bool:
    return bool(visible_to(person, type(thing)).filter(pk=thing.pk).exists())


def _url(procedure: Procedure) -> str:
    try:
        return reverse("office-procedure", args=[procedure.key])
    except NoReverseMatch:
        return ""  # online procedures are switched off in this town


describe(
    kind="catalogue.procedure",
    label="手続き",
    model=Procedure,
    title=str,
    url=_url,
    gate=_gate,
    snapshot=lambda one: {"key": one.key, "edition": one.edition, "values": one.values},
)
describe(
    kind="catalogue.channel",
    label="受付の方法",
    model=Channel,
    title=str,
    url=lambda one: _url(one.procedure),
    gate=_gate,
    snapshot=lambda one: {"procedure": one.procedure.key, "kind": one.kind, "target": one.target},
)
describe(
    kind="catalogue.counted",
    label="数えた手続き",
    model=CountingEntry,
    title=str,
    url=lambda one: _url(one.procedure),
    gate=_gate,
)
