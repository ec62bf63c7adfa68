"""Small changes of a definition, one at a time."""

from __future__ import annotations

from collections.abc import Sequence

from yakuba.office.appbuilder.rules.definition import AppChoice, AppDefinition, AppField


def with_field(definition: AppDefinition, one: AppField, *, instead_of: str = "") -> AppDefinition:
    """The definition with a field in the place of another, or at the end."""
    fields = list(definition.fields)
    for number, old in enumerate(fields):
        if instead_of and old.key == instead_of:
            fields[number] = one
            break
    else:
        fields.append(one)
    return definition.model_copy(update={"fields": tuple(fields)})


def without_field(definition: AppDefinition, key: str) -> AppDefinition:
    """The definition without a field."""
    fields = tuple(one for one in definition.fields if one.key != key)
    alike = tuple(one for one in definition.alike if one != key)
    return definition.model_copy(update={"fields": fields, "alike": alike})


def moved(definition: AppDefinition, key: str, by: int) -> AppDefinition:
    """The definition with a field so many places further down (negative: up); the ends hold."""
    fields = list(definition.fields)
    here = next((number for number, one in enumerate(fields) if one.key == key), None)
    if here is None:
        return definition
    there = min(max(here + by, 0), len(fields) - 1)
    fields.insert(there, fields.pop(here))
    return definition.model_copy(update={"fields": tuple(fields)})


def choices_from(lines: Sequence[str], before: Sequence[AppChoice]) -> tuple[AppChoice, ...]:
    """Choices written one a line. A label that was there keeps its key; one renamed in its place too.

    Those no longer written stay, no longer offered, so that old records can be read.
    """
    labels = list(dict.fromkeys(line.strip()[:100] for line in lines if line.strip()))
    by_label = {one.label: one.key for one in before}
    offered = [one for one in before if one.is_used]
    renamed: dict[str, str] = {}
    if len(offered) == len(labels):
        renamed = {
            label: old.key
            for old, label in zip(offered, labels, strict=True)
            if label not in by_label and old.label not in labels
        }
    taken = {one.key for one in before}
    made: list[AppChoice] = []
    for label in labels:
        key = by_label.get(label) or renamed.get(label)
        if key is None:
            number = len(taken) + 1
            while f"c{number}" in taken:
                number += 1
            key = f"c{number}"
            taken.add(key)
        made.append(AppChoice(key=key, label=label))
    used = {one.key for one in made}
    made += [one.model_copy(update={"is_used": False}) for one in before if one.key not in used]
    return tuple(made)
