"""When an app must be looked at by somebody else before it is used (使い始める前の確認)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from yakuba.office.appbuilder.rules.care import connected, personal_fields
from yakuba.office.appbuilder.rules.definition import AppDefinition, FieldClass
from yakuba.office.appbuilder.rules.permissions import Group, Permissions, visible_fields
from yakuba.office.appbuilder.rules.tokens import Scope

_NAMED_ONE_BY_ONE = 5
_ORDER = {FieldClass.OPEN: 0, FieldClass.PERSONAL: 1, FieldClass.SENSITIVE: 2}


def why_checked(
    before: AppDefinition | None,
    after: AppDefinition,
    permissions: Permissions,
    *,
    owner_sections: Collection[str],
    always: bool = False,
) -> tuple[str, ...]:
    """Why a version needs a check before it is used; empty when it may be used at once.

    `before` is the version in use. `always` is the town's wish that every version be checked. A door for residents is
    opened by a decision of its own and is no reason here.
    """
    found: list[str] = []
    if always:
        found.append("町の定めにより、どのアプリも確認が要る")
    was = {one.key: _ORDER[one.data_class] for one in before.stored} if before else {}
    heavier = [one for one in personal_fields(after) if was.get(one.key, 0) < _ORDER[one.data_class]]
    for data_class in (FieldClass.SENSITIVE, FieldClass.PERSONAL):
        labels = [one.label for one in heavier if one.data_class is data_class]
        if len(labels) > _NAMED_ONE_BY_ONE:
            named = "".join(f"「{label}」" for label in labels[:_NAMED_ONE_BY_ONE])
            found.append(f"{named}など{len(labels)}項目に{data_class.label}を持つ")
        else:
            found += [f"「{label}」に{data_class.label}を持つ" for label in labels]
    if connected(after).webhooks > (connected(before).webhooks if before else 0):
        found.append("自動処理が庁外に送る")
    if before is None:
        beyond = [one.name for one in permissions.groups if _is_beyond(one, owner_sections)]
        found += [f"グループ「{name}」で、所管課の外の人も使う" for name in beyond]
    return tuple(found)


def _is_beyond(group: Group, owner_sections: Collection[str]) -> bool:
    return group.everybody or bool(group.roles) or bool(set(group.sections) - set(owner_sections))


def why_wider(
    before: Permissions,
    after: Permissions,
    definition: AppDefinition,
    *,
    outside: Mapping[str, str],
    tokens: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> tuple[str, ...]:
    """Why changed permissions of an app in use need a check: everybody, or personal fields before new people, systems.

    `outside` are the people from outside, by public id with their name; `tokens` the systems that hold a key, by group.
    """
    found: list[str] = []
    if _is_open(after) and not _is_open(before):
        found.append("すべての職員が使えるようになる")
    personal = {one.key: one.label for one in personal_fields(definition)}
    seen = _seen(before, definition, frozenset(personal), tokens)
    for audience, keys in _seen(after, definition, frozenset(personal), tokens).items():
        new = keys - seen.get(audience, frozenset())
        if not audience.startswith("token:"):  # a system is none of the staff
            new -= seen.get("everybody", frozenset())
        if audience.startswith("staff:") and audience.removeprefix("staff:") not in outside:
            continue  # one more colleague by name is the keeper's own business
        if new:
            labels = "、".join(f"「{personal[key]}」" for key in personal if key in new)
            found.append(f"個人情報の{labels}が{_called(audience, outside)}にも見えるようになる")
    return tuple(dict.fromkeys(found))


def why_token(
    permissions: Permissions, definition: AppDefinition, *, group: str, name: str, scopes: Collection[str]
) -> tuple[str, ...]:
    """Why a key of another system needs a check: always, for what it reads leaves the app, as with a webhook."""
    may = "・".join(one.label for one in Scope if one in scopes)
    found = [f"ほかのシステム「{name}」が、グループ「{group}」の権限で使う（{may}）"]
    if Scope.READ in scopes:
        personal = {one.key: one.label for one in personal_fields(definition)}
        seen = _seen(permissions, definition, frozenset(personal), {group: [name]}).get(f"token:{name}", frozenset())
        labels = "、".join(f"「{label}」" for key, label in personal.items() if key in seen)
        found += [f"個人情報の{labels}がそのシステムに渡る"] if labels else []
    return tuple(found)


def _is_open(permissions: Permissions) -> bool:
    return any(one.everybody and (one.see or one.create) for one in permissions.groups)


def _seen(
    permissions: Permissions, definition: AppDefinition, personal: frozenset[str], tokens: Mapping[str, Collection[str]]
) -> dict[str, frozenset[str]]:
    """The personal fields each audience named by some group sees there."""
    found: dict[str, frozenset[str]] = {}
    for group in permissions.groups:
        if not (group.see or group.manage):
            continue
        keys = personal if group.manage else visible_fields(group.columns, definition) & personal
        named = [
            *(["everybody"] if group.everybody else []),
            *(f"role:{one}" for one in group.roles),
            *(f"section:{one}" for one in group.sections),
            *(f"staff:{one}" for one in group.staff),
            *(f"token:{one}" for one in tokens.get(group.name, ())),
        ]
        for audience in named:
            found[audience] = found.get(audience, frozenset()) | keys
    return found


def _called(audience: str, outside: Mapping[str, str]) -> str:
    kind, _, key = audience.partition(":")
    called = {"everybody": "すべての職員", "role": "ほかの役割の人", "section": "ほかの課"}
    called["token"] = f"ほかのシステム「{key}」"
    return called.get(kind, f"外部の{outside.get(key, '人')}")


def in_words(
    title: str,
    definition: AppDefinition,
    reasons: Collection[str],
    groups: Collection[Mapping[str, Any]],
    changed: Collection[str],
) -> str:
    """What is put before whoever checks."""
    care = definition.care
    personal = personal_fields(definition)
    lines = [
        f"アプリ「{title}」を使い始めてよいか（広げてよいか）、確認を求めます。",
        "",
        "確認が要る理由",
        *(f"・{one}" for one in reasons),
        "",
        f"利用目的：{care.purpose or '書かれていません'}",
        f"保存期間：{care.kept_words or '書かれていません'}",
        f"個人情報の項目：{'、'.join(f'{one.label}（{one.data_class.label}）' for one in personal) or 'なし'}",
        f"つながり：{connected(definition).words or 'なし'}",
        "",
        "使う人",
        *(f"・{one['name']}：{one['people']}（{one['may']}）" for one in groups),
        "",
        "項目",
        *(f"・{one.label}（{one.type.label}、{one.data_class.label}）" for one in definition.fields),
    ]
    if changed:
        lines += ["", "いまの版から変わるところ", *(f"・{one}" for one in changed)]
    return "\n".join(lines)
