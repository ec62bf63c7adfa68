"""The delivered catalogue (配布データ): from the texts of `data/procedures/*.toml` to descriptions. Every fault is named.

Beside one file per life event there are four small vocabularies: `events.toml` (life events), `sections.toml` (roles of
sections), `documents.toml` (things to bring that many procedures share), `laws.toml` (laws with their addresses).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from pydantic import Field, ValidationError

from yakuba.kernel.catalogue.rules.content import (
    Address,
    ContentRefused,
    Fault,
    Filled,
    Part,
    ProcedureContent,
    Words,
    faults_of,
    read_content,
)
from yakuba.kernel.catalogue.rules.kinds import ChannelKind

FORMAT = "yakuba-procedures/1"
P = TypeVar("P", bound=Part)
VOCABULARIES = ("events.toml", "sections.toml", "documents.toml", "laws.toml")
NOT_PROCEDURES = (*VOCABULARIES, "guide.toml", "synonyms.toml")


class LifeEvent(Part):
    """A life event (ライフイベント) under which residents look for procedures."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z-]{1,39}$")]
    title: Words
    lead: Words
    icon: str = "file"


class SectionRole(Part):
    """A role a section may have (担当の役割): `match` are parts of names, tried in order on the town's sections."""

    name: Filled
    match: Annotated[tuple[Filled, ...], Field(min_length=1)]


class SharedDocument(Part):
    """A thing to bring that several procedures ask for."""

    name: Words
    when: Words | None = None


class Law(Part):
    """A law as it is cited, with its address."""

    law: Filled
    url: Address = ""


@dataclass(frozen=True, slots=True)
class DeliveredProcedure:
    """A delivered description with the ways it is received: `ways` open without more ado (counter, post, telephone),
    `could` the online ways that exist for such a procedure and that the town may open by a decision."""

    content: ProcedureContent
    ways: tuple[ChannelKind, ...]
    could: tuple[ChannelKind, ...]


@dataclass(slots=True)
class Delivery:
    """What the files hold; with faults, only the sound part."""

    procedures: list[DeliveredProcedure] = field(default_factory=list)
    events: list[LifeEvent] = field(default_factory=list)
    roles: dict[str, SectionRole] = field(default_factory=dict)
    documents: dict[str, SharedDocument] = field(default_factory=dict)
    laws: dict[str, Law] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_delivery(texts: Mapping[str, str]) -> Delivery:
    """Read the files, given by name. Unsound entries are left out and named in `faults`."""
    delivery = Delivery()
    tables = {name: table for name, text in sorted(texts.items()) if (table := _parsed(name, text, delivery.faults))}
    for event in tables.get("events.toml", {}).get("event", []):
        if read := _part(LifeEvent, event, "events.toml", delivery.faults):
            delivery.events.append(read)
    _vocabulary(delivery.roles, SectionRole, tables, "sections.toml", delivery.faults)
    _vocabulary(delivery.documents, SharedDocument, tables, "documents.toml", delivery.faults)
    _vocabulary(delivery.laws, Law, tables, "laws.toml", delivery.faults)
    for name, table in tables.items():
        if name in NOT_PROCEDURES:
            continue
        if table.get("format") != FORMAT:
            delivery.faults.append(Fault(name, "format", f'先頭に format = "{FORMAT}" を書きます。'))
            continue
        rows = table.get("procedure", [])
        if not isinstance(rows, list):
            delivery.faults.append(Fault(name, "procedure", "[[procedure]] を並べて書きます。"))
            continue
        for row in rows:
            _procedure(row, name, delivery)
    _check_together(delivery)
    return delivery


def _parsed(name: str, text: str, faults: list[Fault]) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        faults.append(Fault(name, "", f"TOMLとして読めません（{error}）。"))
        return {}


def _part(kind: type[P], raw: object, place: str, faults: list[Fault]) -> P | None:
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        faults.extend(faults_of(error, place))
        return None


def _vocabulary(
    into: dict[str, P], kind: type[P], tables: Mapping[str, Mapping[str, Any]], name: str, faults: list[Fault]
) -> None:
    for key, raw in tables.get(name, {}).items():
        if read := _part(kind, raw, f"{name} [{key}]", faults):
            into[key] = read


def _procedure(raw: object, name: str, delivery: Delivery) -> None:
    if not isinstance(raw, dict):
        delivery.faults.append(Fault(name, "procedure", "[[procedure]] を並べて書きます。"))
        return
    place = f"{name} [{str(raw.get('key', '?'))[:60]}]"
    values = dict(raw)
    ways = _kinds(values.pop("ways", []), place, "ways", delivery.faults)
    could = _kinds(values.pop("could", []), place, "could", delivery.faults)
    for key, kinds, wrong in (("ways", ways, True), ("could", could, False)):
        if any(kind.is_online is wrong for kind in kinds):
            reason = "オンラインの方法は could に、窓口・郵送・電話は ways に書きます。"
            delivery.faults.append(Fault(place, key, reason))
    values["documents"] = _documents(values.get("documents", []), place, delivery)
    values["grounds"] = _grounds(values.get("grounds", []), values.pop("online", None), place, delivery)
    try:
        content = read_content(values, place=place)
    except ContentRefused as refused:
        delivery.faults.extend(refused.faults)
        return
    delivery.procedures.append(DeliveredProcedure(content, ways, could))


def _kinds(raw: object, place: str, key: str, faults: list[Fault]) -> tuple[ChannelKind, ...]:
    names = raw if isinstance(raw, list) else []
    known = {kind.value: kind for kind in ChannelKind}
    for one in names:
        if one not in known:
            faults.append(Fault(place, key, f"「{str(one)[:40]}」という方法はありません。"))
    return tuple(known[one] for one in names if one in known)


def _documents(raw: object, place: str, delivery: Delivery) -> list[object]:
    """A bare word stands for a shared document; a table with a known `id` takes what it lacks from the vocabulary."""
    found: list[object] = []
    for one in raw if isinstance(raw, list) else []:
        table = {"id": one} if isinstance(one, str) else one
        if not isinstance(table, dict):
            delivery.faults.append(Fault(place, "documents", "持ち物の名前か、表で書きます。"))
            continue
        key = table.get("id", "")
        shared = delivery.documents.get(key) if isinstance(key, str) else None
        if key and shared is None and "name" not in table:
            delivery.faults.append(Fault(place, "documents", f"「{str(key)[:40]}」は documents.toml にありません。"))
            continue
        if shared is not None:
            own = {"name": shared.name} | ({"when": shared.when} if shared.when else {})
            table = own | table
        found.append({name: value for name, value in table.items() if value != ""})
    return found


def _grounds(raw: object, online: object, place: str, delivery: Delivery) -> list[object]:
    found: list[object] = []
    for one in raw if isinstance(raw, list) else []:
        if isinstance(one, dict) and one.get("law") in delivery.laws:
            law = delivery.laws[one["law"]]
            one = {"url": law.url} | one | {"law": law.law}
        found.append(one)
    if online is not None:
        if isinstance(online, dict) and online.get("law") in delivery.laws:
            law = delivery.laws[online["law"]]
            online = {"url": law.url} | online | {"law": law.law}
        if isinstance(online, dict):
            found.append(online | {"about": "online"})
        else:
            delivery.faults.append(Fault(place, "online", '{ law = "…", article = "…" } のように書きます。'))
    return found


def _check_together(delivery: Delivery) -> None:
    """Keys and numbers once, events and roles known."""
    events = {event.key for event in delivery.events}
    for words, of in (("識別名", "key"), ("番号", "number")):
        seen: set[object] = set()
        for one in delivery.procedures:
            value = getattr(one.content, of)
            if value in seen:
                delivery.faults.append(Fault(one.content.key, of, f"同じ{words}の手続きが二つあります。"))
            seen.add(value)
    for one in delivery.procedures:
        delivery.faults.extend(
            Fault(one.content.key, "events", f"「{event}」は events.toml にありません。")
            for event in one.content.events
            if event not in events
        )
        if one.content.section not in delivery.roles:
            delivery.faults.append(
                Fault(one.content.key, "section", f"「{one.content.section}」は sections.toml にありません。")
            )


def section_for(role: SectionRole, sections: Sequence[tuple[int, str, str, bool]]) -> int | None:
    """The section that has a role: `sections` are (row, name, duties, is a unit), in the town's order.

    Names are asked before duties, units before sections: the unit that does the work answers the telephone.
    """
    fits: Sequence[Callable[[str, str, str], bool]] = (
        lambda word, name, duties: name.startswith(word),
        lambda word, name, duties: word in name,
        lambda word, name, duties: word in duties,
    )
    for word in role.match:
        for fit in fits:
            for units in (True, False):
                for row, name, duties, is_unit in sections:
                    if is_unit is units and fit(word, name, duties):
                        return row
    return None
