"""How others may point at appointments, visits and reminders."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse

from yakuba.kernel.things.api import describe
from yakuba.residents.card_support import models
from yakuba.residents.card_support.access import MAY_READ, visible_to, visits_visible_to


def _address(name: str, *arguments: str) -> str:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def _nobody(person: Any, thing: Any) -> bool:
    return False


describe(
    kind="card.appointment",
    label="カードの予約",
    model=models.Appointment,
    title=lambda one: one.number,
    url=lambda one: _address("office-card-appointment", one.public_id),
    gate=lambda person, one: visible_to(person).filter(pk=one.pk).exists(),
)
describe(
    kind="card.visit",
    label="訪問・出張の申込",
    model=models.Visit,
    title=lambda one: one.number,
    url=lambda one: _address("office-card-visit", one.public_id),
    gate=lambda person, one: visits_visible_to(person).filter(pk=one.pk).exists(),
)
describe(
    kind="card.reminder",
    label="更新のお知らせの申込",
    model=models.Reminder,
    title=lambda one: "更新のお知らせ",
    url=lambda one: "",
    gate=_nobody,
)
describe(
    kind="card.slot",
    label="カードの予約枠",
    model=models.Slot,
    title=str,
    url=lambda one: _address("office-card-slot", one.public_id),
    gate=lambda person, one: MAY_READ.allows(person),
)
