"""Everything that keeps a definition with its permissions from being used."""

from __future__ import annotations

from collections.abc import Mapping

from yakuba.office.appbuilder.rules.automations_check import automation_problems
from yakuba.office.appbuilder.rules.check import DefinitionProblem, problems_of
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.door_check import door_problems
from yakuba.office.appbuilder.rules.permissions import Permissions, permission_problems
from yakuba.office.appbuilder.rules.process_check import process_problems


def everything_wrong(
    definition: AppDefinition, permissions: Permissions, *, apps: Mapping[str, Mapping[str, str]]
) -> tuple[DefinitionProblem, ...]:
    """All that must be put right before a draft may be used (`apps`: see `problems_of`)."""
    return (
        *problems_of(definition, apps=apps),
        *wrong_between(definition, permissions, apps=apps),
        *door_problems(definition),
    )


def wrong_between(
    definition: AppDefinition, permissions: Permissions, *, apps: Mapping[str, Mapping[str, str]] | None = None
) -> tuple[DefinitionProblem, ...]:
    """What concerns both: groups without people or rights, buttons and automations for groups that are not there."""
    groups = {one.name for one in permissions.groups}
    return (
        *permission_problems(permissions, definition),
        *process_problems(definition, groups=groups),
        *automation_problems(definition, groups=groups, apps=apps),
    )
