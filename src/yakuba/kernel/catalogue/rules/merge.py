"""Bringing a delivered description and the town's own together: what clerks changed is never overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yakuba.kernel.catalogue.rules.content import LABELS, ProcedureContent
from yakuba.kernel.values.api import Text


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs: its key and label, the town's words, the other side's words."""

    key: str
    label: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """`values` to keep; `taken` are the parts that follow the delivery, `kept` those that stay the town's although the
    delivery has changed them too."""

    values: dict[str, Any]
    taken: tuple[str, ...]
    kept: tuple[str, ...]


def merge(*, delivered_before: Mapping[str, Any], ours: Mapping[str, Any], delivered: Mapping[str, Any]) -> Merged:
    """Three-way by part: a part follows the delivery unless the town changed it since the last delivery.

    All three are `ProcedureContent.to_dict()`. A part both changed in the same way is no difference.
    """
    values: dict[str, Any] = {}
    taken: list[str] = []
    kept: list[str] = []
    for key in LABELS:
        before, now, new = delivered_before.get(key), ours.get(key), delivered.get(key)
        chosen = now
        if new not in (now, before):
            if now == before:
                chosen = new
                taken.append(key)
            else:
                kept.append(key)
        if chosen is not None:
            values[key] = chosen
    return Merged(values, tuple(taken), tuple(kept))


def differences(ours: ProcedureContent, theirs: ProcedureContent) -> tuple[Difference, ...]:
    """The parts in which two descriptions differ, in words."""
    mine, other = ours.to_dict(), theirs.to_dict()
    return tuple(
        Difference(key, label, in_words(mine.get(key)), in_words(other.get(key)))
        for key, label in LABELS.items()
        if mine.get(key) != other.get(key)
    )


def in_words(value: object) -> str:
    """A stored part as plain text, for the eyes of a clerk."""
    if value is None or value == "" or value == [] or value == {}:
        return "（なし）"
    if isinstance(value, Text):
        return value.ja
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, Mapping):
        if "ja" in value:
            names = {"ja": "", "ja-easy": "【やさしい日本語】", "en": "【英語】"}
            return "\n".join(f"{names.get(code, f'【{code}】')}{text}" for code, text in value.items())
        return "\n".join(f"{key}: {in_words(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return "\n".join(f"・{in_words(inner)}" for inner in value)
    return str(value)
