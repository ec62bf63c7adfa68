"""What stored ids are called for the person who looks: staff, sections, records of other apps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q

from yakuba.kernel.access.api import NotVisible, Person
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.organisation.api import sections_on, staff_on
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.ui.api import search_words
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import app_for, visible_apps, visible_records
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.values import Names, in_words

MOST_OFFERED = 300
"""Records a lookup offers at once; the others are found by a word in the form, by their exact name in a sheet."""
_NO_NAME_OF_ITS_OWN = (
    FieldType.PERSON,
    FieldType.SECTION,
    FieldType.LOOKUP,
    FieldType.HEADING,
    FieldType.LONG_TEXT,
    FieldType.FILES,
    FieldType.PHOTOS,
)


def names_for(
    person: Person,
    definition: AppDefinition,
    *,
    today: date,
    ids: Mapping[str, Iterable[str]] | None = None,
    standing: bool = False,
) -> Names:
    """The names needed for the fields of a definition.

    `ids` are the record ids to name, by lookup field; without, the newest that may be chosen. `standing` keeps to people
    and sections of today, for choosing; otherwise those of the past are named too. Records and fields of other apps the
    person does not see have no name here.
    """
    kinds = {one.type for one in definition.fields}
    return Names(
        staff=staff_names(today if standing else None) if FieldType.PERSON in kinds else {},
        sections=section_names(today if standing else None) if FieldType.SECTION in kinds else {},
        files=file_names(ids, definition),
        records={
            one.key: lookup_names(person, one, None if ids is None else ids.get(one.key, ()), today=today)
            for one in definition.fields
            if one.type is FieldType.LOOKUP
        },
    )


def names_to_choose(
    person: Person, definition: AppDefinition, asked: Mapping[str, str], *, today: date, values: Mapping[str, Any]
) -> Names:
    """The names a form chooses from, people and sections of today.

    Lookups offer the newest records, or those a clerk searched for: `asked` is what the browser sent, ``q_KEY`` the words
    and ``f_KEY`` the record chosen before; that one and the one in `values` are always offered, if the person sees them.
    """
    lookups = [one for one in definition.fields if one.type is FieldType.LOOKUP]
    names = names_for(
        person,
        definition.model_copy(update={"fields": tuple(one for one in definition.fields if one not in lookups)}),
        today=today,
        standing=True,
    )
    records: dict[str, Mapping[str, str]] = {}
    for one in lookups:
        words = asked.get(f"q_{one.key}", "")[:100]
        offered = lookup_names(person, one, None, today=today, words=words)
        chosen = {str(key) for key in (asked.get(f"f_{one.key}"), values.get(one.key)) if key} - offered.keys()
        records[one.key] = {**lookup_names(person, one, chosen, today=today), **offered}
    return replace(names, records=records)


def staff_names(on: date | None = None) -> dict[str, str]:
    """Public id → 氏名（職員番号）, of those in service on a day or of all."""
    found = staff_on(on) if on else Staff.objects.all()
    return {key: f"{name}（{number}）" for key, name, number in found.values_list("public_id", "name", "number")}


def file_names(ids: Mapping[str, Iterable[str]] | None, definition: AppDefinition) -> dict[str, str]:
    """Public id → name, of the files among some ids."""
    keys = [one.key for one in definition.fields if one.type.holds_files]
    wanted = {each for key in keys for each in (ids or {}).get(key, ())}
    if not wanted:
        return {}
    return dict(StoredFile.objects.filter(public_id__in=wanted).values_list("public_id", "name"))


def section_names(on: date | None = None) -> dict[str, str]:
    """Public id → name, of those that exist on a day or of all."""
    found = sections_on(on).select_related(None) if on else Section.objects.all()
    return dict(found.values_list("public_id", "name"))


def lookup_names(
    person: Person, one: AppField, ids: Iterable[str] | None, *, today: date, words: str = ""
) -> dict[str, str]:
    """Record id → name, of the records of the other app the person sees, by a field the person sees.

    Those of some ids, or the newest that may be chosen; with `words` the newest whose name holds each of them.
    """
    wanted = None if ids is None else set(ids)
    if wanted is not None and not wanted:
        return {}
    try:
        app, definition, sight = app_for(person, one.app)
        field = definition.field(one.shows)
        if field is None or field.key not in sight.visible or field.type in _NO_NAME_OF_ITS_OWN:
            return {}
        found = visible_records(person, app, definition, sight, today=today).order_by("-number")
        if wanted is not None:
            found = found.filter(public_id__in=wanted)
        for word in search_words(words):
            found = found.filter(_called(field, word))
        rows = found.values_list("public_id", "number", "values")[:MOST_OFFERED]
        return {key: _named(field, number, values) for key, number, values in rows}
    except (NotVisible, Refusal):
        return {}


def _called(field: AppField, word: str) -> Q:
    """Records whose name holds a word: their number, a choice by its label, or the text itself."""
    asked = Q(number=int(word)) if word.isascii() and word.isdigit() and len(word) < 10 else Q(pk__in=())
    if field.type.has_choices:
        keys = [choice.key for choice in field.choices if word.casefold() in choice.label.casefold()]
        return asked | Q(**{f"values__{field.key}__in": keys})
    return asked | Q(**{f"values__{field.key}__icontains": word})


def _named(field: AppField, number: int, values: Mapping[str, Any]) -> str:
    return in_words(field, values.get(field.key)) or f"番号{number}"


def apps_to_look_up(person: Person, *, besides: str = "") -> dict[str, tuple[str, dict[str, str]]]:
    """Apps a lookup may lead to: public id → (title, {field key: label}) of what the person sees and may call by."""
    return {
        app.public_id: (
            app.title,
            {
                one.key: one.label
                for one in _fields(app)
                if one.key in sight.visible and one.type not in _NO_NAME_OF_ITS_OWN
            },
        )
        for app, sight in visible_apps(person)
        if sight.see and app.public_id != besides
    }


def _fields(app: Any) -> tuple[AppField, ...]:
    versions = [one for one in app.versions.all() if one.state == "in_use"]
    return versions[0].content.fields if versions else ()


def ids_in(definition: AppDefinition, values: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """The ids of looked-up records and of files in some values, by field."""
    found: dict[str, set[str]] = {
        one.key: set() for one in definition.fields if one.type is FieldType.LOOKUP or one.type.holds_files
    }
    if found:
        for each in values:
            for key, ids in found.items():
                held = each.get(key)
                ids.update(one for one in (held if isinstance(held, list) else [held]) if isinstance(one, str))
    return found
