"""An app in one file (アプリのファイル), for another town: `yakuba-app-package/1`.

It holds what an app is, and nothing of the house it was built in: no records, no people, no sections, no keys of
signatures. What pointed at such things is taken out, and the file says so.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, Literal

from pydantic import Field, ValidationError

from yakuba.kernel.access.api import Role
from yakuba.kernel.expressions.api import check
from yakuba.kernel.japan.api import find_my_numbers
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.check import rule_names
from yakuba.office.appbuilder.rules.definition import AppDefinition, DefinitionFault, read_definition
from yakuba.office.appbuilder.rules.parts import Part
from yakuba.office.appbuilder.rules.permissions import MOST_GROUPS, Group, Permissions, Rows

FORMAT = "yakuba-app-package/1"
LARGEST_PACKAGE = 8_000_000
"""Bytes of a whole file."""
LARGEST_SHEETS = 5_000_000
"""Bytes of all its sheets together, before they are written as text."""
DEEPEST, MOST_NOTES, MOST_SHEETS, MOST_APPS = 100, 50, 20, 60
_ID = r"^[a-z0-9]{1,16}$"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PARTS = {
    "fields": "項目",
    "process": "流れ",
    "automations": "自動処理",
    "views": "見方",
    "doors": "町民の入口",
}
MAKER: Final = "maker"
OWN_SECTION: Final = "section"
StandsFor = Literal["maker", "section"]


class PackedGroup(Group):
    """A group without its people. `stands_for` says whom it held: who builds the app, the section that owns it."""

    stands_for: tuple[StandsFor, ...] = Field(default=(), max_length=2)


class PackedApp(Part):
    """Another app this one points at: its id, and what it is called, so that a reader can find or build it."""

    id: str = Field(pattern=_ID)
    title: str = Field(min_length=1, max_length=60)
    fields: dict[str, str] = Field(default_factory=dict, max_length=200)


class PackedSheet(Part):
    """A sheet (様式): its name and its Excel or Word file, as base64."""

    title: str = Field(min_length=1, max_length=60)
    kind: Literal["excel", "word"]
    content: str = Field(min_length=1, max_length=LARGEST_PACKAGE)

    @property
    def file(self) -> bytes:
        """The file. Raises `Refusal`."""
        try:
            return base64.b64decode(self.content, validate=True)
        except (binascii.Error, ValueError):
            raise Refusal(
                f"様式「{self.title}」のファイルを読めません。", hint="書き出したファイルをそのまま使ってください。"
            ) from None


class Package(Part):
    """An app to be taken along."""

    format: Literal["yakuba-app-package/1"] = "yakuba-app-package/1"
    id: str = Field(default="", pattern=r"^[a-z0-9]{0,16}$")
    """The id the app had where it was built: by it a definition points at its own app."""
    definition: AppDefinition
    groups: tuple[PackedGroup, ...] = Field(default=(), max_length=MOST_GROUPS)
    apps: tuple[PackedApp, ...] = Field(default=(), max_length=MOST_APPS)
    sheets: tuple[PackedSheet, ...] = Field(default=(), max_length=MOST_SHEETS)
    notes: tuple[str, ...] = Field(default=(), max_length=MOST_NOTES)
    """What was left out when it was made, in words."""

    def to_json(self) -> dict[str, Any]:
        """The JSON of the file, without what is left at its default."""
        written: dict[str, Any] = self.model_dump(mode="json", exclude_defaults=True, exclude={"definition"})
        return {"format": FORMAT, "definition": self.definition.to_json(), **written}

    def to_bytes(self) -> bytes:
        """The file."""
        return json.dumps(self.to_json(), ensure_ascii=False, indent=1).encode() + b"\n"


def pack(
    definition: AppDefinition,
    permissions: Permissions,
    *,
    owner: str,
    local: Collection[str] = (),
    id: str = "",
    apps: tuple[PackedApp, ...] = (),
    sheets: tuple[PackedSheet, ...] = (),
    notes: tuple[str, ...] = (),
) -> Package:
    """The app without its house. `owner` is the public id of the section it belongs to, `local` all ids of people,
    sections, records and places outside the definition or the permissions name (see `names_in`)."""
    said = list(notes)
    written = definition.to_json()
    for part, value in written.items():
        written[part], count = _without(value, frozenset(local))
        if count:
            said.append(
                f"{_PARTS.get(part, part)}の中で、職員・所属・記録・外の送り先を指していた{count}か所を除きました。"
            )
    groups = []
    for one in permissions.groups:
        stands_for: list[StandsFor] = [MAKER] if one.manage and one.staff else []
        stands_for += [OWN_SECTION] if owner and owner in one.sections else []
        if one.staff or one.sections:
            said.append(f"グループ「{one.name}」の職員・所属は入れていません。")
        rule, count = _without(one.rule, frozenset(local))
        if count:
            said.append(f"グループ「{one.name}」の条件は、この町の職員・所属・記録を指していたため除きました。")
        groups.append(
            PackedGroup(
                **one.model_dump(exclude={"staff", "sections", "rule"}),
                rule=None if count else rule,
                stands_for=tuple(stands_for),
            )
        )
    return Package(
        id=id,
        definition=read_definition(written),
        groups=tuple(groups),
        apps=apps,
        sheets=sheets,
        notes=tuple(said[:MOST_NOTES]),
    )


def names_in(*written: Any) -> frozenset[str]:
    """Every text in some JSON that could be a public id."""
    found: set[str] = set()
    for one in written:
        found.update(text for text in _texts(one) if len(text) == 16 and text.isascii() and text.isalnum())
    return frozenset(found)


def _without(value: Any, ids: frozenset[str]) -> tuple[Any, int]:
    """JSON without some texts, and how many they were: gone from lists, empty where something must stand."""
    if isinstance(value, str):
        return ("", 1) if value in ids else (value, 0)
    if isinstance(value, list):
        kept = [_without(one, ids) for one in value if not (isinstance(one, str) and one in ids)]
        return [one for one, _ in kept], sum(count for _, count in kept) + len(value) - len(kept)
    if isinstance(value, dict):
        parts = {key: _without(one, ids) for key, one in value.items()}
        return {key: one for key, (one, _) in parts.items()}, sum(count for _, count in parts.values())
    return value, 0


def read_package(content: bytes) -> Package:
    """The app in a file somebody sent. Raises `Refusal` with what is wrong and the way out."""
    if len(content) > LARGEST_PACKAGE:
        raise Refusal(
            f"ファイルが大きすぎます（{LARGEST_PACKAGE // 1_000_000}MBまで）。",
            hint="様式を減らして、書き出し直してもらってください。",
        )
    try:
        written = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
        _refuse_hostile(written)
        json.dumps(written, ensure_ascii=False).encode()  # half characters (lone surrogates) fit into no database
    except (ValueError, RecursionError):
        raise Refusal(
            "アプリのファイルとして読めません。", hint="「アプリを書き出す」で作ったファイルをそのまま送ってください。"
        ) from None
    kind = written.get("format") if isinstance(written, dict) else None
    if kind != FORMAT:
        told = str(kind)[:40] if isinstance(kind, str) and kind else "形式の名前がありません"
        raise Refusal(
            f"このファイルの形式（{told}）は取り込めません。取り込めるのは {FORMAT} です。",
            hint="「アプリを書き出す」で作ったファイルか、役場のシステムの版を確かめてください。",
        )
    definition = read_definition(written.get("definition"))
    try:
        package = Package.model_validate({**written, "definition": definition})
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DefinitionFault(
            f"アプリのファイルの「{place[:80] or '全体'}」が正しくありません。",
            field=place,
            hint="書き出したファイルを、書きかえずに送ってください。",
        ) from None
    _refuse_strange_roles(package)
    if sum(len(one.file) for one in package.sheets) > LARGEST_SHEETS:
        raise Refusal("様式のファイルが大きすぎます。", hint="様式を減らして、書き出し直してもらってください。")
    return package


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _refuse_hostile(written: Any) -> None:
    """Nothing nested without end, no control characters, no My Numbers. Goes by a list and not by calling itself."""
    waiting: list[tuple[Any, int]] = [(written, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > DEEPEST:
            raise RecursionError
        if isinstance(one, dict):
            waiting += [(part, depth + 1) for part in (*one.keys(), *one.values())]
        elif isinstance(one, list):
            waiting += [(part, depth + 1) for part in one]
        elif isinstance(one, str):
            if _CONTROL.search(one):
                raise ValueError("control character")
            if len(one) <= 20_000 and find_my_numbers(one):
                raise Refusal(
                    "アプリのファイルに、個人番号（マイナンバー）とみられる番号があります。",
                    hint="番号を消して、書き出し直してもらってください。",
                )


def _refuse_strange_roles(package: Package) -> None:
    known = {one.value for one in Role}
    for group in package.groups:
        for name in group.roles:
            if name not in known:
                raise Refusal(
                    f"グループ「{group.name}」の役割「{name[:40]}」は、この役場にありません。",
                    hint="書き出したファイルを、書きかえずに送ってください。",
                )


def with_apps(package: Package, there: Mapping[str, tuple[str, Mapping[str, str]]]) -> tuple[AppDefinition, list[str]]:
    """The definition with the apps of this house in the place of those it pointed at, and what is to be said about it.

    `there` are the apps of this house the reader sees: public id → title and {field key: label}. One with the same id is
    taken, else the only one of the same name that has every field this one is asked by; others are named.
    """
    written = package.definition.to_json()
    titles = {one.id: one.title for one in package.apps}
    asked = _asked_of_apps(package.definition)
    said: list[str] = []
    for app, keys in asked.items():
        if app in there or app == package.id:
            continue
        title = titles.get(app, "")
        same = [key for key, (name, fields) in there.items() if name == title and keys <= set(fields)]
        if len(same) == 1:
            written = _pointing(written, app, same[0])
            said.append(f"参照するアプリは、この役場の「{title}」にしました。")
        else:
            what = f"「{title}」" if title else "（名前は分かりません）"
            said.append(
                f"このアプリが参照する別のアプリ{what}が、ここにはないか、見えません。"
                f"そのアプリを先に取り込むか作ってから、項目や自動処理で選び直してください。"
            )
    return read_definition(written), said


def _asked_of_apps(definition: AppDefinition) -> dict[str, set[str]]:
    """The apps a definition points at, with the keys of their fields it names."""
    asked: dict[str, set[str]] = {}
    for one in definition.fields:
        if one.app:
            asked.setdefault(one.app, set()).update(key for key in (one.shows, one.via, one.of) if key)
    for automation in definition.automations:
        for action in automation.actions:
            if action.does == "create" and action.app:
                asked.setdefault(action.app, set()).update(mapped.to for mapped in action.fields)
    return asked


def pointing(definition: AppDefinition, app: str, other: str) -> AppDefinition:
    """The definition with another app in the place of one."""
    return read_definition(_pointing(definition.to_json(), app, other))


def apps_asked(definition: AppDefinition) -> frozenset[str]:
    """Public ids of the apps a definition points at."""
    return frozenset(_asked_of_apps(definition))


def _pointing(written: dict[str, Any], app: str, other: str) -> dict[str, Any]:
    """The definition pointing at another app: only where apps are named."""
    fields = [one | {"app": other} if one.get("app") == app else one for one in written.get("fields", [])]
    automations = [
        one
        | {
            "actions": [
                action | {"app": other} if action.get("does") == "create" and action.get("app") == app else action
                for action in one.get("actions", [])
            ]
        }
        for one in written.get("automations", [])
    ]
    return {**written, "fields": fields} | ({"automations": automations} if automations else {})


def settled(package: Package, definition: AppDefinition, *, staff: str, section: str) -> tuple[Permissions, list[str]]:
    """The groups with the people of this house, and what is to be said: who takes the app in manages it, their section
    stands where the owning section stood. Groups left without anybody are said before the app is put to use."""
    said: list[str] = []
    names = rule_names(definition)
    groups: list[Group] = []
    keeper: Group | None = None
    for one in package.groups:
        given = one.model_dump(exclude={"stands_for", "staff", "sections"})
        if one.manage and one.everybody:
            given["manage"] = False
            said.append(f"グループ「{one.name}」は職員全員のため、管理の権限を外しました。")
        if one.rows is Rows.RULE and (one.rule is None or check(one.rule, names=names)):
            given["rule"] = None
            said.append(f"グループ「{one.name}」の見える記録の条件が使えません。権限で決め直してください。")
        group = Group(
            **given,
            staff=(staff,) if staff and MAKER in one.stands_for else (),
            sections=(section,) if section and OWN_SECTION in one.stands_for else (),
        )
        if keeper is None and group.manage and staff in group.staff:
            keeper = group
        else:
            groups.append(group)
    if keeper is None and not staff:
        return Permissions(groups=tuple(groups)), said
    if keeper is None:
        if len(groups) >= MOST_GROUPS:
            raise Refusal("権限のグループが多すぎます。", hint="一つ減らして、書き出し直してもらってください。")
        taken = {one.name for one in groups}
        name = next(each for each in ("管理する人", "取り込んだ人", "取り込んで管理する人") if each not in taken)
        keeper = Group(name=name, staff=(staff,), manage=True)
    return Permissions(groups=(keeper, *groups)), said


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
