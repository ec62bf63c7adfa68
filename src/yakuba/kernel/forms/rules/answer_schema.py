"""The shape of the answers to a form, as JSON Schema 2020-12: for those who read answers with other programs."""

from __future__ import annotations

from typing import Any

from yakuba.kernel.forms.rules.definition import OTHER, OTHER_SUFFIX, FormDefinition, Group
from yakuba.kernel.forms.rules.kinds import kind_of
from yakuba.kernel.forms.rules.kinds.bank import ACCOUNT_KINDS

Json = dict[str, Any]
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_DECIMAL = r"^-?[0-9]+(\.[0-9]+)?$"
_TEXT: Json = {"type": "string"}


def answer_schema(definition: FormDefinition) -> Json:
    """JSON Schema of complete answers. Required is only what every complete set of answers has."""
    properties, required = _properties(
        [
            (question, not step.when and not any(one.ways for one in definition.steps))
            for step in definition.steps
            for question in step.questions
        ]
    )
    schema: Json = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:yakuba:answers:{definition.key}",
        "title": definition.title.ja,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return schema | ({"required": required} if required else {})


def _properties(questions: list[tuple[Any, bool]]) -> tuple[Json, list[str]]:
    properties: Json = {}
    required: list[str] = []
    for question, is_always_there in questions:
        if question.type == "text_block":
            continue
        properties[question.key] = {"title": question.label.ja, **_shape(question)}
        if getattr(question, "has_other", False):
            properties[question.key + OTHER_SUFFIX] = {"title": f"{question.label.ja}（その他）", **_TEXT}
        is_given = isinstance(question, Group) or kind_of(question).is_answered
        if is_always_there and question.when is None and question.required is True and is_given:
            required.append(question.key)
    return properties, required


def _shape(question: Any) -> Json:
    if isinstance(question, Group):
        properties, required = _properties([(one, True) for one in question.questions])
        row: Json = {"type": "object", "properties": properties, "additionalProperties": False}
        row |= {"required": required} if required else {}
        return {"type": "array", "items": row, "minItems": 1, "maxItems": question.most}
    kind = question.type
    if kind in ("short_text", "long_text"):
        return {**_TEXT, "maxLength": question.max_length * 4} if kind == "short_text" else dict(_TEXT)
    if kind == "number":
        return {"type": "string", "pattern": _DECIMAL} if question.decimals else {"type": "integer"}
    if kind in ("choice", "choices"):
        values = [one.value for one in question.options] + ([OTHER] if question.has_other else [])
        chosen: Json = {"enum": values}
        return chosen if kind == "choice" else {"type": "array", "items": chosen, "uniqueItems": True, "minItems": 1}
    if kind == "computed":
        return _computed(question.gives)
    if kind in ("name", "address"):
        return _object(dict.fromkeys(kind_of(question).parts(question), _TEXT))
    return _FIXED[kind]


def _computed(gives: str) -> Json:
    shapes: dict[str, Json] = {
        "text": _TEXT,
        "number": {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": _DECIMAL}]},
        "yen": {"type": "integer"},
        "date": {"type": "string", "format": "date"},
        "yes_no": {"type": "boolean"},
    }
    return dict(shapes[gives])


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


_BANK = ("bank_name", "bank_code", "branch_name", "branch_code", "number", "holder")
_FIXED: dict[str, Json] = {
    "yen": {"type": "integer"},
    "fee": {"type": "integer", "minimum": 0},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "pattern": _TIME},
    "yes_no": {"type": "boolean"},
    "phone": _TEXT,
    "mail": _TEXT,
    "corporate_number": {"type": "string", "pattern": "^[0-9]{13}$"},
    "bank_account": _object({**dict.fromkeys(_BANK, _TEXT), "kind": {"enum": list(ACCOUNT_KINDS)}}),
    "place": _object(dict.fromkeys(("words", "lat", "lon"), _TEXT)),
    "files": {"type": "array", "items": _TEXT, "minItems": 1, "description": "kernel.files のファイルの名前"},
    "consent": {"const": True},
    "signature": _TEXT,
}
