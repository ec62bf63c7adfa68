"""Small changes of the doors of a definition."""

from __future__ import annotations

from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.doors import Door


def with_door(definition: AppDefinition, door: Door) -> AppDefinition:
    """The definition with a door in the place of the one of its key, or at the end."""
    if definition.door(door.key) is None:
        return definition.model_copy(update={"doors": (*definition.doors, door)})
    doors = tuple(door if one.key == door.key else one for one in definition.doors)
    return definition.model_copy(update={"doors": doors})


def without_door(definition: AppDefinition, key: str) -> AppDefinition:
    """The definition without a door."""
    return definition.model_copy(update={"doors": tuple(one for one in definition.doors if one.key != key)})
