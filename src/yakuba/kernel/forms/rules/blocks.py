"""Blocks (共通の質問): questions several forms share, written once and put into each form when it is read from a file.

In a file, an entry ``{"block": "applicant", "without": ["mail"]}`` among the questions of a step stands for the block's
questions; ``change`` overrides single fields by key. A stored definition holds the questions themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yakuba.kernel.forms.rules.definition import DefinitionFault

Blocks = Mapping[str, list[dict[str, Any]]]


def expand_blocks(given: Any, blocks: Blocks) -> Any:
    """The parsed file with every block written out. Raises `DefinitionFault` for an unknown block or question."""
    if not isinstance(given, dict) or not isinstance(given.get("steps"), list):
        return given
    steps = [
        {**step, "questions": _expanded(step["questions"], blocks)}
        if isinstance(step, dict) and isinstance(step.get("questions"), list)
        else step
        for step in given["steps"]
    ]
    return {**given, "steps": steps}


def _expanded(questions: list[Any], blocks: Blocks) -> list[Any]:
    found: list[Any] = []
    for entry in questions:
        if not isinstance(entry, dict) or "block" not in entry:
            found.append(entry)
            continue
        name, without, change = entry["block"], entry.get("without", []), entry.get("change", {})
        if name not in blocks:
            raise DefinitionFault(
                f"共通の質問「{name}」がありません。", field=str(name), hint="名前を確かめてください。"
            )
        keys = {question["key"] for question in blocks[name]}
        if unknown := sorted((set(without) | set(change)) - keys):
            raise DefinitionFault(
                f"共通の質問「{name}」に「{unknown[0]}」はありません。",
                field=str(name),
                hint="質問の名前を確かめてください。",
            )
        found += [
            {**question, **change.get(question["key"], {})}
            for question in blocks[name]
            if question["key"] not in without
        ]
    return found
