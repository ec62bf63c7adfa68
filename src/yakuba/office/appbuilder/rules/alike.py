"""When two records are probably the same thing written twice (似た記録)."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from yakuba.kernel.japan.api import fold
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType

CELL = "=alike"
"""The key of the cell that holds what a record is compared by; no field can have it."""

_COMPANIES = (("(株)", "株式会社"), ("(有)", "有限会社"), ("(合)", "合同会社"), ("(一社)", "一般社団法人"))


def may_compare(one: AppField) -> bool:
    """Whether records can be compared by a field: people write it, and it is no file."""
    return one.type.is_typed and not one.type.holds_files


def compared(one: AppField, value: Any) -> str:
    """What of a value counts; "" for nothing.

    Texts: width, case, spaces, hyphens and other signs, kana size, variant characters and ㈱ for 株式会社 do not count.
    Everything else as it is stored.
    """
    if value is None or value == []:
        return ""
    if not isinstance(value, str) or one.type in (FieldType.LOOKUP, FieldType.PERSON, FieldType.SECTION):
        return json.dumps(value, ensure_ascii=False)
    if one.type is FieldType.MAIL:
        return value.casefold()
    words = unicodedata.normalize("NFKC", value)
    for short, long in _COMPANIES:
        words = words.replace(short, long)
    folded = fold(words)
    return "".join(sign for sign in folded if sign.isalnum()) or folded


def alike_by(fields: Sequence[AppField], values: Mapping[str, Any]) -> tuple[str, ...] | None:
    """What a record is compared by in some fields; None while one of them is empty: empty is not equal to empty."""
    words = tuple(compared(one, values.get(one.key)) for one in fields)
    return words if words and all(words) else None


def alike_text(definition: AppDefinition, values: Mapping[str, Any]) -> str | None:
    """The same for the fields the app asks about, as one short text for the typed table."""
    if not definition.alike:
        return None
    fields = [one for one in definition.fields if one.key in definition.alike]
    words = alike_by(fields, values)
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()[:40] if words else None
