"""Whether something of an app needs a check by somebody else before it holds, and where that check stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from yakuba.kernel.access.api import Role
from yakuba.kernel.organisation.models import Employment, Staff
from yakuba.kernel.parameters.api import whole_on
from yakuba.office.appbuilder.models import App, AppToken, AppVersion, CheckState, UseCheck
from yakuba.office.appbuilder.queries.names import section_names, staff_names
from yakuba.office.appbuilder.rules import checking as rules
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.rules.permissions import Permissions


def why_checked(app: App, definition: AppDefinition, *, today: date) -> tuple[str, ...]:
    """Why this definition needs a check before it is used. Samples hold nothing real and need none."""
    if app.is_sample:
        return ()
    in_use = AppVersion.objects.filter(app=app, state=VersionState.IN_USE).first()
    return rules.why_checked(
        in_use.content if in_use else None,
        definition,
        app.rights,
        owner_sections=[app.section.public_id] if app.section is not None else [],
        always=whole_on("appbuilder.check_all", today) == 1,
    )


def why_wider(app: App, definition: AppDefinition, permissions: Permissions) -> tuple[str, ...]:
    """Why these permissions need a check before they hold. What is not in use yet is checked as a whole later."""
    if app.is_sample or not AppVersion.objects.filter(app=app, state=VersionState.IN_USE).exists():
        return ()
    outside = Staff.objects.filter(employment=Employment.OUTSIDE).values_list("public_id", "name")
    tokens: dict[str, list[str]] = {}
    for group, name in AppToken.objects.filter(app=app, revoked_at__isnull=True).values_list("group", "name"):
        tokens.setdefault(group, []).append(name)
    return rules.why_wider(app.rights, permissions, definition, outside=dict(outside), tokens=tokens)


def why_token(
    app: App, definition: AppDefinition, *, group: str, name: str, scopes: Collection[str], now: datetime
) -> tuple[str, ...]:
    """Why a new key needs a check. One that renews a key of the same system, group and scopes needs none."""
    if app.is_sample:
        return ()
    held = AppToken.objects.filter(
        app=app, group=group, name=name, is_waiting=False, revoked_at__isnull=True, expires_at__gt=now
    )
    if any(set(scopes) <= set(one.scopes) for one in held):
        return ()
    return rules.why_token(app.rights, definition, group=group, name=name, scopes=scopes)


def waiting_check(app: App) -> UseCheck | None:
    """The check an app waits for."""
    return UseCheck.objects.filter(app=app, state=CheckState.WAITING).select_related("version", "token").first()


def groups_in_words(permissions: Permissions) -> list[Mapping[str, Any]]:
    """The groups for whoever checks: who, and what they may."""
    staff, sections = staff_names(), section_names()
    found: list[Mapping[str, Any]] = []
    for one in permissions.groups:
        people = [
            *(["すべての職員"] if one.everybody else []),
            *(Role(key).label for key in one.roles if key in set(Role)),
            *(sections.get(key, "なくなった所属") for key in one.sections),
            *(staff.get(key, "いない職員") for key in one.staff),
        ]
        may = [
            word
            for word, holds in (
                ("見る", one.see),
                ("作る", one.create),
                ("変える", one.edit),
                ("書き出す", one.export),
                ("管理する", one.manage),
            )
            if holds
        ]
        found.append({"name": one.name, "people": "、".join(people), "may": "・".join(may)})
    return found
