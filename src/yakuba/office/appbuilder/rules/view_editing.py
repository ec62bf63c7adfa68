"""Small changes of the views of a definition, one at a time."""

from __future__ import annotations

from collections.abc import Collection

from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.views import AppView


def view_key(taken: Collection[str]) -> str:
    """A key for a new view that no other has."""
    number = len(taken) + 1
    while f"v{number}" in taken:
        number += 1
    return f"v{number}"


def with_view(definition: AppDefinition, view: AppView) -> AppDefinition:
    """The definition with a view in the place of the one with its key, or at the end."""
    views = list(definition.views)
    for number, old in enumerate(views):
        if old.key == view.key:
            views[number] = view
            break
    else:
        views.append(view)
    return definition.model_copy(update={"views": tuple(views)})


def without_view(definition: AppDefinition, key: str) -> AppDefinition:
    """The definition without a view; the app no longer opens with it."""
    left = tuple(one for one in definition.views if one.key != key)
    opens = "" if definition.opens_with == key else definition.opens_with
    return definition.model_copy(update={"views": left, "opens_with": opens})


def view_moved(definition: AppDefinition, key: str, by: int) -> AppDefinition:
    """The definition with a view so many places further down; the ends hold."""
    views = list(definition.views)
    here = next((number for number, one in enumerate(views) if one.key == key), None)
    if here is None:
        return definition
    there = min(max(here + by, 0), len(views) - 1)
    views.insert(there, views.pop(here))
    return definition.model_copy(update={"views": tuple(views)})
