"""Limits of a field as people write them."""

from __future__ import annotations

from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.definition import AppField, FieldType
from yakuba.office.appbuilder.rules.limits import TODAY, is_limit
from yakuba.office.appbuilder.rules.values import from_text

LIMIT_HELP = {
    **dict.fromkeys((FieldType.SHORT_TEXT, FieldType.LONG_TEXT, FieldType.ADDRESS), "文字の数を書きます。"),
    **dict.fromkeys((FieldType.CHOICES, FieldType.FILES, FieldType.PHOTOS), "個数を書きます。"),
    FieldType.DATE: "日付か「今日」と書きます。",
    FieldType.TIME: "9:30 のように書きます。",
}


def read_limit(kind: FieldType, typed: str) -> str:
    """A limit as it is stored. Raises `Refusal`."""
    if kind is FieldType.DATE and typed.strip() in ("今日", TODAY):
        return TODAY
    counted = FieldType.NUMBER if kind not in (FieldType.DATE, FieldType.TIME, FieldType.YEN) else kind
    value = from_text(AppField(key="x", label="範囲", type=counted, decimals=6 * (kind is FieldType.NUMBER)), typed)
    if value is None or not is_limit(kind, str(value)):
        raise Refusal(f"「{typed[:30]}」は範囲として読めません。", hint=LIMIT_HELP.get(kind, "数字で書いてください。"))
    return str(value)
