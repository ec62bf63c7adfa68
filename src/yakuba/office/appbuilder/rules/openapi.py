"""What another system may know of an app: the schema of its records, and the whole as OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, ComputedAs, FieldType
from yakuba.office.appbuilder.rules.values import LONGEST_LONG, LONGEST_SHORT, MOST_CHOSEN, MOST_FILES

_ID = {"type": "string", "pattern": "^[0-9a-z]{16}$"}
_NUMBER = {"type": "string", "pattern": r"^-?[0-9]{1,13}(\.[0-9]{1,6})?$"}
_DAY = {"type": "string", "format": "date"}
_MOMENT = {"type": "string", "format": "date-time"}


def value_schema(one: AppField) -> dict[str, Any]:
    """The JSON a field holds, as JSON Schema."""
    match one.type:
        case FieldType.NUMBER if one.decimals:
            return dict(_NUMBER)
        case FieldType.NUMBER | FieldType.YEN | FieldType.AUTO_NUMBER:
            return {"type": "integer"}
        case FieldType.DATE:
            return dict(_DAY)
        case FieldType.TIME:
            return {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
        case FieldType.YES_NO:
            return {"type": "boolean"}
        case FieldType.CHOICE | FieldType.STATUS:
            return {"type": "string", "enum": [choice.key for choice in one.choices]}
        case FieldType.CHOICES:
            keys = [choice.key for choice in one.choices]
            return {"type": "array", "items": {"type": "string", "enum": keys}, "maxItems": MOST_CHOSEN}
        case FieldType.PERSON | FieldType.SECTION | FieldType.LOOKUP:
            return dict(_ID)
        case FieldType.FILES | FieldType.PHOTOS:
            return {"type": "array", "items": dict(_ID), "maxItems": MOST_FILES}
        case FieldType.COMPUTED:
            by = {
                ComputedAs.DATE: dict(_DAY),
                ComputedAs.TEXT: {"type": "string"},
                ComputedAs.YES_NO: {"type": "boolean"},
            }
            return by.get(one.gives, {"type": ["integer", "string"]})
        case FieldType.LONG_TEXT | FieldType.ADDRESS:
            return {"type": "string", "maxLength": LONGEST_LONG}
    return {"type": "string", "maxLength": LONGEST_SHORT}


def written_schema(one: AppField) -> dict[str, Any]:
    """The JSON a field takes: as it holds it, within its limits where a schema can say them."""
    said = value_schema(one)
    names = _LIMITS.get(said.get("type", "")) if isinstance(said.get("type"), str) else None
    if names is None or one.type in (FieldType.DATE, FieldType.TIME) or said == _NUMBER:
        return said
    ends = {name: int(end) for name, end in zip(names, (one.least, one.most), strict=True) if end.lstrip("-").isdigit()}
    return said | ends


_LIMITS = {"integer": ("minimum", "maximum"), "string": ("minLength", "maxLength"), "array": ("minItems", "maxItems")}


def writable(definition: AppDefinition, editable: Collection[str]) -> list[AppField]:
    """The fields another system may write: no files, no records of other apps, which it does not see."""
    return [
        one
        for one in definition.stored
        if one.key in editable and one.type is not FieldType.LOOKUP and not one.type.holds_files
    ]


def readable(definition: AppDefinition, visible: Collection[str]) -> list[AppField]:
    """The fields another system may read; roll-ups depend on who looks and are left out."""
    return [one for one in definition.stored if one.key in visible]


def filterable(definition: AppDefinition, visible: Collection[str]) -> list[AppField]:
    """The fields records may be asked for by."""
    found = readable(definition, visible)
    return [one for one in found if one.filterable and one.has_cell and one.type is not FieldType.COMPUTED]


def described(definition: AppDefinition, visible: Collection[str], editable: Collection[str]) -> dict[str, Any]:
    """The app as its users know it: the fields that may be read or written, and nothing of any other."""
    may_write = {one.key for one in writable(definition, editable)}
    may_filter = {one.key for one in filterable(definition, visible)}
    fields = [one for one in definition.stored if one.key in visible or one.key in may_write]
    return {
        "title": definition.title,
        "description": definition.description,
        "fields": [
            {
                "key": one.key,
                "label": one.label,
                "type": one.type.value,
                "help": one.help,
                "required": one.required,
                "writable": one.key in may_write,
                "filterable": one.key in may_filter,
                "choices": [{"key": each.key, "label": each.label, "offered": each.is_used} for each in one.choices],
                "schema": value_schema(one),
            }
            for one in fields
        ],
    }


def openapi(
    definition: AppDefinition,
    visible: Collection[str],
    editable: Collection[str],
    *,
    root: str,
    scopes: Collection[str],
    version: str,
) -> dict[str, Any]:
    """The OpenAPI 3.1 document of one app for one token."""
    values = {one.key: value_schema(one) | {"title": one.label} for one in readable(definition, visible)}
    written = {
        one.key: {"title": one.label, "anyOf": [written_schema(one), {"type": "null"}]}
        for one in writable(definition, editable)
    }
    record = {
        "type": "object",
        "required": ["id", "number", "version", "changed_at", "values"],
        "properties": {
            "id": dict(_ID),
            "number": {"type": "integer"},
            "version": {"type": "integer"},
            "made_at": dict(_MOMENT),
            "changed_at": dict(_MOMENT),
            "values": {"type": "object", "properties": values, "additionalProperties": False},
            "words": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    }
    paths: dict[str, Any] = {"/": {"get": _act("The fields", {"200": _answer("Definition")})}}
    listing: dict[str, Any] = {}
    one: dict[str, Any] = {"parameters": [{"name": "record", "in": "path", "required": True, "schema": dict(_ID)}]}
    if "read" in scopes:
        listing["get"] = _act("Records, by number", {"200": _answer("Records")}) | {
            "parameters": [
                *(_query(name, schema) for name, schema in _PAGING.items()),
                *(_query(each.key, {"type": "string"}, each.label) for each in filterable(definition, visible)),
            ]
        }
        one["get"] = _act("One record; ETag is its version", {"200": _answer("Record")})
    if "add" in scopes:
        listing["post"] = _act("Add a record", {"201": _answer("Record")}) | {"requestBody": _body()}
    if "change" in scopes:
        match = {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}}
        more = {"200": _answer("Record"), "412": _problem("Changed meanwhile"), "428": _problem("If-Match is missing")}
        one["patch"] = _act("Change fields of a record", more) | {"requestBody": _body(), "parameters": [match]}
    if listing:
        paths["/records/"] = listing
    if len(one) > 1:
        paths["/records/{record}/"] = one
    return {
        "openapi": "3.1.0",
        "info": {"title": definition.title, "description": definition.description, "version": version},
        "servers": [{"url": root.rstrip("/")}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Definition": {"type": "object", "required": ["title", "fields"]},
                "Record": record,
                "Records": {
                    "type": "object",
                    "required": ["records", "next"],
                    "properties": {
                        "records": {"type": "array", "items": {"$ref": "#/components/schemas/Record"}},
                        "next": {"type": ["string", "null"]},
                    },
                },
                "Write": {
                    "type": "object",
                    "required": ["values"],
                    "additionalProperties": False,
                    "properties": {"values": {"type": "object", "properties": written, "additionalProperties": False}},
                },
                "Problem": {
                    "type": "object",
                    "required": ["title", "status", "code"],
                    "properties": {
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "code": {"type": "string"},
                        "detail": {"type": "string"},
                        "errors": {"type": "object", "additionalProperties": {"type": "string"}},
                        "conflicts": {"type": "array", "items": {"type": "object"}},
                    },
                },
            },
        },
    }


_PAGING: dict[str, dict[str, Any]] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 100},
    "cursor": {"type": "string"},
    "changed_since": dict(_MOMENT),
}


def _query(name: str, schema: dict[str, Any], label: str = "") -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema} | (
        {"description": label} if label else {}
    )


def _answer(name: str) -> dict[str, Any]:
    return {
        "description": name,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}},
    }


def _problem(words: str) -> dict[str, Any]:
    return {
        "description": words,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _body() -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Write"}}}}


def _act(summary: str, answers: dict[str, Any]) -> dict[str, Any]:
    refused = {
        "401": "No valid token",
        "403": "Not allowed",
        "404": "Nothing here",
        "422": "Refused",
        "429": "Too many requests",
    }
    return {"summary": summary, "responses": answers | {code: _problem(words) for code, words in refused.items()}}
