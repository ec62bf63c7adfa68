"""From what was typed on a page to answers, and back.

A page sends flat names: ``key``, ``key.part``, in rows ``group.0.key.part``. Files do not travel this way: their ids
are kept from the answers there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yakuba.kernel.forms.rules.definition import OTHER_SUFFIX, FormDefinition, Group
from yakuba.kernel.forms.rules.faults import Fault
from yakuba.kernel.forms.rules.kinds import kind_of
from yakuba.kernel.forms.rules.kinds.kind import MOST_TYPED

Typed = Mapping[str, Sequence[str]]
ROWS = "rows"
"""``group.rows`` says how many rows the page showed."""


@dataclass(frozen=True)
class Reading:
    """Answers after reading a page: accepted ones, and the faults of what could not be accepted by path."""

    answers: dict[str, Any]
    faults: dict[str, tuple[Fault, ...]] = field(default_factory=dict)


def read_page(
    definition: FormDefinition, step_keys: Iterable[str], typed: Typed, answers: Mapping[str, Any]
) -> Reading:
    """Read the questions of some steps. Answers of other steps stay; so do answers of questions the page did not send.

    Text is taken as it is; nothing typed raises.
    """
    wanted = set(step_keys)
    kept = dict(answers)
    faults: dict[str, tuple[Fault, ...]] = {}
    for step in definition.steps:
        if step.key not in wanted:
            continue
        for question in step.questions:
            if isinstance(question, Group):
                _read_group(question, typed, kept, faults)
            else:
                _read(question, question.key, typed, kept, faults)
    return Reading(kept, faults)


def names_of(question: Any, path: str) -> tuple[str, ...]:
    """The names a page sends for a question at a path."""
    return tuple(f"{path}.{part}" if part else path for part in kind_of(question).parts(question))


def raw_of(question: Any, path: str, typed: Typed) -> dict[str, str | tuple[str, ...]]:
    """What was typed for a question, by part."""
    raw: dict[str, str | tuple[str, ...]] = {}
    for part, name in zip(kind_of(question).parts(question), names_of(question, path), strict=True):
        given = typed.get(name, ())
        raw[part] = tuple(given) if len(given) != 1 else given[0]
    return raw


def was_sent(question: Any, path: str, typed: Typed) -> bool:
    """Whether the page sent anything for the question."""
    return any(name in typed for name in names_of(question, path))


def bounded(typed: Typed, definition: FormDefinition, step_keys: Iterable[str]) -> dict[str, list[str]]:
    """Only names these steps know, each value cut: what may be kept of a page that was not accepted."""
    known: set[str] = set()
    wanted = set(step_keys)
    for step in definition.steps:
        if step.key not in wanted:
            continue
        for question in step.questions:
            if not isinstance(question, Group):
                known |= set(names_of(question, question.key))
                continue
            known.add(f"{question.key}.{ROWS}")
            for number in range(question.most):
                for one in question.questions:
                    known |= set(names_of(one, f"{question.key}.{number}.{one.key}"))
    return {name: [one[:MOST_TYPED] for one in list(typed[name])[:400]] for name in typed if name in known}


def without_row(typed: Typed, group: str, number: int) -> dict[str, list[str]]:
    """What was typed after a row was taken out: the rows behind it move up."""
    found: dict[str, list[str]] = {}
    for name, values in typed.items():
        head, _, tail = name.partition(".")
        row, _, rest = tail.partition(".")
        if head != group or not row.isdigit() or int(row) < number:
            found[name] = list(values)
        elif int(row) > number:
            found[f"{group}.{int(row) - 1}.{rest}"] = list(values)
    return found


def _read(question: Any, path: str, typed: Typed, kept: dict[str, Any], faults: dict[str, tuple[Fault, ...]]) -> None:
    kind = kind_of(question)
    if not kind.is_answered or question.type == "files":
        return
    parsed = kind.parse(question, raw_of(question, path, typed))
    kept.pop(question.key, None)
    kept.pop(question.key + OTHER_SUFFIX, None)
    if parsed.faults:
        faults[path] = parsed.faults
    elif parsed.value is not None:
        kept[question.key] = parsed.value
        if parsed.other:
            kept[question.key + OTHER_SUFFIX] = parsed.other


def _read_group(group: Group, typed: Typed, kept: dict[str, Any], faults: dict[str, tuple[Fault, ...]]) -> None:
    shown = typed.get(f"{group.key}.{ROWS}", ())
    if not shown:
        return
    count = min(int(shown[-1]) if shown[-1].isascii() and shown[-1].isdigit() and len(shown[-1]) < 4 else 0, group.most)
    before = kept.get(group.key)
    rows_before = before if isinstance(before, list) else []
    rows: list[dict[str, Any]] = []
    for number in range(count):
        old = rows_before[number] if number < len(rows_before) and isinstance(rows_before[number], dict) else {}
        row = dict(old)
        for question in group.questions:
            _read(question, f"{group.key}.{number}.{question.key}", typed, row, faults)
        rows.append(row)
    if rows:
        kept[group.key] = rows
    else:
        kept.pop(group.key, None)
