"""What the engines about people put on the homes: notices, letters to see to, protections that end."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from yakuba.kernel.access.api import Person, Role
from yakuba.kernel.home.plugins import ResidentItem, WorkItem, protection_source, resident_source, work_source
from yakuba.kernel.notify.api import letters_to_see_to, unread_of
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.people.api import is_protected, protections_ending
from yakuba.kernel.values.api import Clock, Text


@protection_source("people")
def protected(person: Person) -> bool:
    """Whether the person is protected today (支援措置)."""
    return is_protected(account=person.id, on=town_clock().today())


@resident_source("notices")
def notices(person: Person, clock: Clock) -> list[ResidentItem]:
    """What the resident was told and has not opened yet."""
    return [
        ResidentItem(
            title=Text(one.subject("ja"), easy=one.subject("ja-easy"), en=one.subject("en")),
            url=reverse("resident-notice", args=[one.public_id]),
            group="notices",
        )
        for one in unread_of(person, limit=10)
    ]


@work_source("notices")
def unread_notices(person: Person, clock: Clock) -> list[WorkItem]:
    """What the member of staff was told and has not opened yet."""
    return [
        WorkItem(
            title=one.subject("ja"), url=reverse("office-notice", args=[one.public_id]), kind="お知らせ", lane="mine"
        )
        for one in unread_of(person, limit=20)
    ]


@work_source("letters")
def letters(person: Person, clock: Clock) -> list[WorkItem]:
    """Letters of one's own sections that came back, or that have to be handed over."""
    found = letters_to_see_to(person)
    words = {"returned": "返戻された郵便", "by_hand": "個別に対応する郵便", "waiting": "印刷を待っている郵便"}
    return [
        WorkItem(
            title=f"{words[state]} {count}通",
            url=f"{reverse('office-letters')}?state={state}",
            kind="郵便",
            lane="section",
        )
        for state, count in found.items()
        if count
    ]


@work_source("protections")
def ending_protections(person: Person, clock: Clock) -> list[WorkItem]:
    """Protections that end within a month, for those who keep them; without a name."""
    if not person.has(Role.PROTECTION):
        return []
    return [
        WorkItem(
            title="まもなく終わる支援措置",
            url=reverse("protection", args=[public_id]),
            kind="支援措置",
            lane="mine",
            due=ends_on - timedelta(days=1),
        )
        for public_id, ends_on in protections_ending(person, today=clock.today())
    ]
