"""Every rule of a form and where it stands; and what happens to rules when a question gets another key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yakuba.kernel.forms.rules.definition import OTHER_SUFFIX

_ROW_BODIES = frozenset({"map", "filter", "reduce", "all", "some", "none"})
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a rule stands: step, question (``group.key`` in a group, empty for the step's own), and what it decides."""

    step: str
    question: str
    what: str


def rules_of(form: Mapping[str, Any]) -> Iterator[tuple[Standing, Any]]:
    """Every rule of a stored definition with its place, in the order of the form."""
    found: list[tuple[Standing, Any]] = []

    def note(rule: Any, place: Standing) -> Any:
        found.append((place, rule))
        return rule

    map_rules(form, note)
    yield from found


def map_rules(form: Mapping[str, Any], change: Callable[[Any, Standing], Any]) -> Json:
    """A copy of a stored definition with every rule replaced by what ``change`` gives for it."""
    steps = []
    for step in form["steps"]:
        key = step["key"]
        new = dict(step)
        _put(new, "when", change, Standing(key, "", "画面を出す条件"))
        new["questions"] = [_question(one, change, key, "") for one in step.get("questions", ())]
        if "ways" in step:
            new["ways"] = []
            for number, way in enumerate(step["ways"], start=1):
                copy = dict(way)
                _put(copy, "when", change, Standing(key, "", f"次の画面の条件{number}"))
                new["ways"].append(copy)
        steps.append(new)
    return {**form, "steps": steps}


_PLACES = {"when": "出す条件", "value": "計算", "earliest": "最も早い日", "latest": "最も遅い日"}


def _question(question: Mapping[str, Any], change: Callable[[Any, Standing], Any], step: str, group: str) -> Json:
    path = f"{group}.{question['key']}" if group else question["key"]
    new = dict(question)
    for name, words in _PLACES.items():
        if name == "value" or name == "when" or question["type"] == "date":
            _put(new, name, change, Standing(step, path, words))
    if not isinstance(question.get("required", True), bool):
        _put(new, "required", change, Standing(step, path, "必須にする条件"))
    if "checks" in question:
        new["checks"] = [
            {**one, "rule": change(one["rule"], Standing(step, path, f"入力の確認{number}"))}
            for number, one in enumerate(question["checks"], start=1)
        ]
    if "options" in question:
        new["options"] = []
        for option in question["options"]:
            copy = dict(option)
            label = option["label"] if isinstance(option["label"], str) else option["label"].get("ja", "")
            _put(copy, "when", change, Standing(step, path, f"選択肢「{label}」を出す条件"))
            new["options"].append(copy)
    if "questions" in question:
        new["questions"] = [_question(one, change, step, question["key"]) for one in question["questions"]]
    return new


def _put(into: Json, name: str, change: Callable[[Any, Standing], Any], place: Standing) -> None:
    if into.get(name) is not None:
        into[name] = change(into[name], place)


def renamed(form: Mapping[str, Any], path: str, new: str) -> Json:
    """The stored definition after the question at ``path`` got the key ``new``: rules that refer to it follow.

    Only the rules are changed here; the question itself is the caller's.
    """
    group, dot, key = path.rpartition(".")
    if dot:

        def inside(rule: Any, place: Standing) -> Any:
            outer = {f"{group}.{key}": f"{group}.{new}"}
            if place.question.partition(".")[0] == group:
                outer[f"row.{key}"] = f"row.{new}"
            return _renamed(rule, outer, {group: {key: new}})

        return map_rules(form, inside)
    return map_rules(form, lambda rule, place: _renamed(rule, {key: new}, {}))


def _renamed(rule: Any, names: Mapping[str, str], columns: Mapping[str, Mapping[str, str]]) -> Any:
    if isinstance(rule, list):
        return [_renamed(one, names, columns) for one in rule]
    if not isinstance(rule, dict) or len(rule) != 1:
        return rule
    operator, operands = next(iter(rule.items()))
    given = operands if isinstance(operands, list) else [operands]
    if operator == "var" and given and isinstance(given[0], str):
        name = _new_name(given[0], names)
        rest = [_renamed(one, names, columns) for one in given[1:]]
        return {"var": [name, *rest] if isinstance(operands, list) else name}
    if operator in ("missing", "missing_some"):
        return {operator: _renamed_texts(operands, names)}
    if operator in _ROW_BODIES and len(given) >= 2:
        # Inside the body names belong to the row: those of the group the list comes from.
        inner = columns.get(_list_name(given[0]), {})
        row = dict(inner) | {f"current.{name}": f"current.{new}" for name, new in inner.items()}
        body = _renamed(given[1], row, {})
        return {
            operator: [_renamed(given[0], names, columns), body, *(_renamed(one, names, columns) for one in given[2:])]
        }
    if operator == "sum" and len(given) == 2 and isinstance(given[1], str):
        inner = columns.get(_list_name(given[0]), {})
        return {"sum": [_renamed(given[0], names, columns), inner.get(given[1], given[1])]}
    changed = _renamed(given, names, columns)
    return {operator: changed if isinstance(operands, list) else changed[0]}


def _renamed_texts(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed_texts(one, names) for one in value]
    return _new_name(value, names) if isinstance(value, str) else value


def _new_name(name: str, names: Mapping[str, str]) -> str:
    for old, new in names.items():
        if name == old:
            return new
        if name == old + OTHER_SUFFIX:
            return new + OTHER_SUFFIX
        if name.startswith(old + "."):
            return new + name[len(old) :]
    return name


def _list_name(rule: Any) -> str:
    """The group a list comes from: a plain name, or what is filtered from one."""
    while isinstance(rule, dict) and len(rule) == 1:
        operator, operands = next(iter(rule.items()))
        first = operands[0] if isinstance(operands, list) and operands else operands
        if operator == "var":
            return first if isinstance(first, str) else ""
        if operator != "filter":
            return ""
        rule = first
    return ""
