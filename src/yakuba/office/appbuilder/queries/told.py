"""Who is told by an automation, and in which words: nobody reads a value they could not see in the app."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.identity.models import Account
from yakuba.kernel.organisation.api import members_of, staff_on
from yakuba.kernel.organisation.models import Employment, Section, Staff
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import sections_around, sight_for, visible_records, who_of
from yakuba.office.appbuilder.models import App, Record
from yakuba.office.appbuilder.queries.names import ids_in, names_for
from yakuba.office.appbuilder.queries.seen_as import person_as
from yakuba.office.appbuilder.rules.automations import Notify, filled, places_in
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.permissions import Group, Sight
from yakuba.office.appbuilder.rules.values import as_read

MOST_TOLD = 200
UNSEEN_VALUE = "（あなたには見えない項目）"


@dataclass(frozen=True)
class Told:
    """One person with their text; `sees` says whether they may open the record."""

    staff: Staff
    account: str
    text: str
    sees: bool


def told_by(
    action: Notify,
    record: Record,
    values: Mapping[str, Any],
    app: App,
    definition: AppDefinition,
    *,
    today: date,
    most: int = MOST_TOLD,
) -> tuple[list[Told], int]:
    """The people an action tells, each once, with what each may read, `most` of them; and how many there are.

    People without an account are left out.
    """
    staff = {one.pk: one for one in _meant(action, record, values, app, today)}
    accounts = dict(
        Account.objects.filter(staff__in=list(staff), is_active=True, kind="staff").values_list("staff", "public_id")
    )
    found: list[Told] = []
    reached = [pk for pk in sorted(staff) if pk in accounts]
    for pk in reached[:most]:
        one = staff[pk]
        person = person_as(one, today)
        if person.kind is PersonKind.VISITOR:
            continue
        sight, sees = sight_on(person, record, app, definition, today=today)
        text = _words_for(person, action.text, values, definition, sight if sees else None, today)
        found.append(Told(one, accounts[pk], text, sees))
    return found, len(reached)


def sight_on(person: Person, record: Record, app: App, definition: AppDefinition, *, today: date) -> tuple[Sight, bool]:
    """What a person sees of the app, and whether this record is part of it."""
    sight = sight_for(person, app, definition)
    try:
        seen = visible_records(person, app, definition, sight, today=today)
        return sight, sight.see and seen.filter(pk=record.pk).exists()
    except Refusal:
        return sight, False


def _words_for(
    person: Person, text: str, values: Mapping[str, Any], definition: AppDefinition, sight: Sight | None, today: date
) -> str:
    asked = [one for one in definition.stored if one.label in places_in(text)]
    seen = [one for one in asked if sight is not None and one.key in sight.visible]
    words = {one.label: UNSEEN_VALUE for one in asked}
    if seen:
        # Only what the text speaks of is looked up: an action may tell two hundred people.
        told = definition.model_copy(update={"fields": tuple(seen)})
        names = names_for(person, told, today=today, ids=ids_in(told, [values]))
        words |= {one.label: as_read(one, values.get(one.key), names) or "（空欄）" for one in seen}
    return filled(text, words)


def _meant(action: Notify, record: Record, values: Mapping[str, Any], app: App, today: date) -> Iterable[Staff]:
    serving = staff_on(today)
    ids = [*action.staff, *(str(values.get(key)) for key in action.people if values.get(key))]
    yield from serving.filter(public_id__in=ids)
    if action.maker:
        staff = Account.objects.filter(public_id=record.made_by, staff__isnull=False).values("staff")
        yield from serving.filter(pk__in=staff)
    keys = [str(values.get(key)) for key in action.sections if values.get(key)]
    yield from _in_sections(keys, today)
    for group in app.rights.groups:
        if group.name in action.groups:
            yield from people_in(group, today)


def _in_sections(public_ids: Iterable[str], today: date) -> Iterable[Staff]:
    """Who works in sections or in anything below them."""
    for section in Section.objects.filter(public_id__in=list(public_ids)):
        below = Section.objects.filter(parent=section) | Section.objects.filter(parent__parent=section)
        for one in [section, *below]:
            yield from (posting.staff for posting in members_of(one, today))


def people_in(group: Group, today: date) -> list[Staff]:
    """The people in service who belong to a group; people from outside only where they are named."""
    serving = list(staff_on(today))
    inside = [one for one in serving if one.employment != Employment.OUTSIDE]
    if group.everybody:
        return [one for one in serving if one.public_id in group.staff or one.employment != Employment.OUTSIDE]
    found = {one.pk: one for one in serving if one.public_id in group.staff}
    found.update({one.pk: one for one in _in_sections(group.sections, today) if one.employment != Employment.OUTSIDE})
    if group.roles:
        for one in inside:
            if one.pk not in found and who_of(person_as(one, today)).roles & set(group.roles):
                found[one.pk] = one
    return list(found.values())


def keepers_of(app: App, today: date) -> list[Staff]:
    """Who manages an app: told when something of it needs a hand. Never people from outside."""
    named = [
        one
        for group in app.rights.groups
        if group.manage
        for one in people_in(group, today)
        if one.employment != Employment.OUTSIDE
    ]
    if named or app.section is None:
        return named
    around, _ = sections_around(frozenset({app.section.pk}))
    return [
        posting.staff
        for section in Section.objects.filter(public_id__in=around)
        for posting in members_of(section, today)
        if posting.post.role == "section_head"
    ]
