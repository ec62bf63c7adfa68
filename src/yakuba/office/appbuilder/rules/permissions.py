"""Who may do what in an app (権限): groups from top to bottom, the first one a person belongs to counts.

One group and not the sum of several: the sum of "all rows, few columns" and "own rows, all columns" would be all of
both, which nobody meant.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, ValidationError

from yakuba.kernel.expressions.api import check
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.check import DefinitionProblem, computed_reads, reach, rule_names
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.parts import Part

MOST_GROUPS = 20


class Rows(StrEnum):
    """Which records a group sees."""

    ALL = "all"
    SECTION = "section"
    OWN = "own"
    RULE = "rule"

    @property
    def label(self) -> str:
        return {
            "all": "すべての記録",
            "section": "自分の課の職員が作った記録",
            "own": "自分が作った記録",
            "rule": "条件に合う記録",
        }[self.value]


class Column(StrEnum):
    """What a group may do with a field."""

    EDIT = "edit"
    VIEW = "view"
    HIDE = "hide"

    @property
    def label(self) -> str:
        return {"edit": "書ける", "view": "見るだけ", "hide": "見えない"}[self.value]


class Group(Part):
    """People and what they may do. `roles` are `access.Role` values, `sections` and `staff` public ids."""

    name: str = Field(min_length=1, max_length=40)
    everybody: bool = False
    roles: tuple[str, ...] = Field(default=(), max_length=20)
    sections: tuple[str, ...] = Field(default=(), max_length=100)
    staff: tuple[str, ...] = Field(default=(), max_length=200)
    see: bool = True
    create: bool = False
    edit: bool = False
    export: bool = False
    manage: bool = False
    rows: Rows = Rows.ALL
    rule: Any = None
    columns: dict[str, Column] = Field(default_factory=dict)

    def holds(self, who: Who) -> bool:
        """Whether a person belongs to the group. People from outside belong only where they are named."""
        if who.is_outside:
            return bool(who.staff) and who.staff in self.staff
        return (
            self.everybody
            or bool(who.roles & set(self.roles))
            or bool(who.sections & set(self.sections))
            or (bool(who.staff) and who.staff in self.staff)
        )


class Permissions(Part):
    """The groups of an app, in order."""

    format: Literal["yakuba-app-permissions/1"] = "yakuba-app-permissions/1"
    groups: tuple[Group, ...] = Field(default=(), max_length=MOST_GROUPS)

    def to_json(self) -> dict[str, Any]:
        """The JSON it is stored as."""
        written: dict[str, Any] = self.model_dump(mode="json", exclude_defaults=True)
        return written


class Who(Part):
    """A person as groups know one: roles, public ids of sections and of the staff row."""

    id: str
    staff: str = ""
    roles: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    is_outside: bool = False


class Sight(Part):
    """What one person sees of an app and may do there (見え方); `group` names the group that decided."""

    group: str = ""
    see: bool = False
    create: bool = False
    edit: bool = False
    export: bool = False
    manage: bool = False
    rows: Rows = Rows.OWN
    rule: Any = None
    visible: frozenset[str] = frozenset()
    editable: frozenset[str] = frozenset()


NOTHING = Sight()


def sight_of(
    permissions: Permissions, who: Who, definition: AppDefinition, *, owner_sections: Collection[str]
) -> Sight:
    """What a person sees: by the first group that holds them, nothing without one.

    People from outside (外部の人) never manage and never export, whatever their group may.

    A group that manages, and sees everything. `owner_sections` are the sections that own the app: while nobody manages
    it by a group, the heads of these do, so that no app is ever left without a keeper.
    """
    group = next((one for one in permissions.groups if one.holds(who)), None)
    has_keeper = any(one.manage for one in permissions.groups)
    is_head = not who.is_outside and "section_head" in who.roles and bool(who.sections & set(owner_sections))
    if is_head and not has_keeper:
        return _everything(definition, "所管課の所属長")
    if group is None:
        return NOTHING
    if group.manage and not who.is_outside:
        return _everything(definition, group.name)
    if not group.see:
        return Sight(group=group.name, create=group.create)
    visible = visible_fields(group.columns, definition)
    editable = {
        key for key in definition.by_hand if key in visible and group.columns.get(key, Column.EDIT) is Column.EDIT
    }
    return Sight(
        group=group.name,
        see=True,
        create=group.create,
        edit=group.edit,
        export=group.export and not who.is_outside,
        rows=Rows.OWN if who.is_outside and group.rows is Rows.SECTION else group.rows,
        rule=group.rule,
        visible=visible,
        editable=frozenset(editable),
    )


def sight_of_token(
    permissions: Permissions, group: str, definition: AppDefinition, *, adds: bool, changes: bool
) -> Sight:
    """What a key of another system sees: what its group sees, never managing, writing only as far as it may."""
    found = next((one for one in permissions.groups if one.name == group), None)
    if found is None:
        return NOTHING
    alone = Permissions(groups=(found.model_copy(update={"everybody": True}),))
    sight = sight_of(alone, Who(id=""), definition, owner_sections=())
    less = {"manage": False, "create": sight.create and adds, "edit": sight.edit and changes}
    return sight.model_copy(update=less)


def visible_fields(columns: Mapping[str, Column], definition: AppDefinition) -> frozenset[str]:
    """The fields not hidden; a computed field goes with any hidden field it depends on, else it would tell it."""
    hidden = {key for key, column in columns.items() if column is Column.HIDE}
    reads = computed_reads(definition)
    hidden |= {key for key in reads if reach(key, reads) & hidden}
    return frozenset(one.key for one in definition.fields if one.key not in hidden)


def _everything(definition: AppDefinition, name: str) -> Sight:
    keys = frozenset(one.key for one in definition.fields)
    return Sight(
        group=name,
        see=True,
        create=True,
        edit=True,
        export=True,
        manage=True,
        rows=Rows.ALL,
        visible=keys,
        editable=definition.by_hand,
    )


def read_permissions(written: Any) -> Permissions:
    """The permissions in a JSON value. Raises `Refusal` with the place."""
    try:
        return Permissions.model_validate(written)
    except ValidationError as fault:
        place = ".".join(str(part) for part in fault.errors()[0]["loc"])
        raise Refusal(
            f"権限の「{place or '全体'}」が正しくありません。",
            field=place,
            hint="グループは20までです。選び直してください。",
        ) from None


def permission_problems(permissions: Permissions, definition: AppDefinition) -> tuple[DefinitionProblem, ...]:
    """What must be put right before the permissions may be used."""
    found: list[DefinitionProblem] = []
    if not any(one.manage for one in permissions.groups):
        found.append(
            DefinitionProblem(
                "", "権限全体", "アプリを管理する人がいません。", "管理できるグループを一つ作ってください。"
            )
        )
    names = rule_names(definition)
    for one in permissions.groups:
        place = f"グループ「{one.name}」"
        if not (one.everybody or one.roles or one.sections or one.staff):
            found.append(
                DefinitionProblem("", place, "だれも入っていません。", "役割、所属、職員のいずれかを選んでください。")
            )
        if one.rows is Rows.RULE:
            if one.rule is None:
                found.append(DefinitionProblem("", place, "見える記録の条件がありません。", "条件を決めてください。"))
            else:
                found += [
                    DefinitionProblem("", place, f"条件：{fault.message}", fault.hint)
                    for fault in check(one.rule, names=names)
                ]
        needed = [
            field.label
            for field in definition.fields
            if field.required
            and field.key in definition.by_hand
            and field.default is None
            and one.create
            and not one.manage
            and one.columns.get(field.key, Column.EDIT) is not Column.EDIT
        ]
        if needed:
            found.append(
                DefinitionProblem(
                    "",
                    place,
                    f"記録を作れますが、必須の「{needed[0]}」に書けません。",
                    "書けるようにするか、必須を外してください。",
                )
            )
    return tuple(found)


def starting_permissions(*, staff: str, section: str) -> Permissions:
    """What a new app begins with: its maker manages it, the maker's section uses it, nobody else sees it."""
    maker = Group(name="管理する人", staff=(staff,) if staff else (), everybody=False, manage=True)
    groups = [maker] if staff else []
    if section:
        groups.append(Group(name="自分の課", sections=(section,), create=True, edit=True, export=True))
    return Permissions(groups=tuple(groups))


__all__ = [
    "NOTHING",
    "Column",
    "Group",
    "Permissions",
    "Rows",
    "Sight",
    "Who",
    "permission_problems",
    "read_permissions",
    "sight_of",
    "sight_of_token",
    "starting_permissions",
    "visible_fields",
]
