"""What a clerk does to a draft (様式の組み立て): add, move, copy, take out. Stored definitions in, new ones out.

A question is named by its path: its key, or ``group.key`` inside a repeating group. Nothing given is changed in place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from yakuba.kernel.expressions.api import references
from yakuba.kernel.forms.rules.definition import OTHER_SUFFIX
from yakuba.kernel.forms.rules.suggest import free_key
from yakuba.kernel.forms.rules.walking import Json, Standing, map_rules, renamed, rules_of
from yakuba.kernel.values.api import Refusal


class EditFault(Refusal):
    """What was asked cannot be done to this draft."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a form: the step, the group (empty: none), and how many questions stand before it there."""

    step: str
    group: str
    at: int


def spot_of(form: Mapping[str, Any], path: str) -> Spot:
    """Where a question stands. Raises `EditFault`."""
    head, dot, inner = path.partition(".")
    for step in form["steps"]:
        for place, question in enumerate(step.get("questions", ())):
            if question["key"] != head:
                continue
            if not dot:
                return Spot(step["key"], "", place)
            for number, one in enumerate(question.get("questions", ())):
                if one["key"] == inner:
                    return Spot(step["key"], head, number)
    raise EditFault("この質問は、もうありません。", field=path[:90], hint="画面を開き直してください。")


def question_at(form: Mapping[str, Any], path: str) -> Json:
    """A copy of the question. Raises `EditFault`."""
    spot = spot_of(form, path)
    found: Json = deepcopy(_list(form, spot.step, spot.group)[spot.at])
    return found


def step_at(form: Mapping[str, Any], key: str) -> Json:
    """A copy of the step. Raises `EditFault`."""
    for step in form["steps"]:
        if step["key"] == key:
            return deepcopy(dict(step))
    raise EditFault("この画面は、もうありません。", field=key[:60], hint="画面を開き直してください。")


def keys_in(form: Mapping[str, Any], group: str = "") -> set[str]:
    """The keys that are taken: those of the form, or those inside one group."""
    found: set[str] = set()
    for step in form["steps"]:
        for question in step.get("questions", ()):
            if group and question["key"] == group:
                return {key for one in question.get("questions", ()) for key in _keys(one)}
            found |= set(_keys(question))
    return set() if group else found


def add_questions(form: Mapping[str, Any], questions: Sequence[Json], spot: Spot) -> tuple[Json, list[str]]:
    """Put questions in, their keys made free; rules among themselves follow. Gives the form and the new paths."""
    if spot.group and any(one["type"] == "group" for one in questions):
        raise EditFault("繰り返しの中に、繰り返しは入れられません。", hint="繰り返しの外に追加してください。")
    taken = keys_in(form, spot.group)
    carried: Json = {"steps": [{"key": "step", "questions": deepcopy(list(questions))}]}
    paths = []
    for place, question in enumerate(list(carried["steps"][0]["questions"])):
        own = set(_keys(question))
        if own & taken:
            key = free_key(question["key"], taken | {question["key"]})
            carried = renamed(carried, question["key"], key)
            carried["steps"][0]["questions"][place]["key"] = key
        taken |= set(_keys(carried["steps"][0]["questions"][place]))
        paths.append(_path(spot.group, carried["steps"][0]["questions"][place]["key"]))
    new = _copy(form)
    into = _list(new, spot.step, spot.group)
    into[spot.at : spot.at] = carried["steps"][0]["questions"]
    return new, paths


def replace_question(form: Mapping[str, Any], path: str, question: Json) -> Json:
    """Put a changed question in the place of the old one; rules follow a new key. Raises `EditFault`."""
    spot = spot_of(form, path)
    old = _list(form, spot.step, spot.group)[spot.at]
    new = _copy(form)
    # Its own checks follow as well, so it stands under its old key while rules are rewritten.
    _list(new, spot.step, spot.group)[spot.at] = {**deepcopy(question), "key": old["key"]}
    if question["key"] != old["key"]:
        if question["key"] in keys_in(form, spot.group) - {old["key"]}:
            raise EditFault(
                f"名前（英数字）「{question['key']}」は、ほかの質問で使っています。",
                field="key",
                hint="別の名前を付けてください。",
            )
        new = renamed(new, path, question["key"])
        _list(new, spot.step, spot.group)[spot.at]["key"] = question["key"]
    return new


def move_question(form: Mapping[str, Any], path: str, by: int) -> Json:
    """One place up (-1) or down (+1). At the edge of its step it goes to the next one; in a group it stays there."""
    spot = spot_of(form, path)
    among = _list(form, spot.step, spot.group)
    if 0 <= spot.at + by < len(among):
        return place_question(form, path, Spot(spot.step, spot.group, spot.at + by))
    steps = [one["key"] for one in form["steps"]]
    place = steps.index(spot.step) + by
    if spot.group or not 0 <= place < len(steps):
        raise EditFault("これより先へは動かせません。")
    at = 0 if by > 0 else len(_list(form, steps[place], ""))
    return place_question(form, path, Spot(steps[place], "", at))


def place_question(form: Mapping[str, Any], path: str, to: Spot) -> Json:
    """Move a question to a place; ``to.at`` counts the questions there without the moved one."""
    spot = spot_of(form, path)
    question = question_at(form, path)
    if to.group and question["type"] == "group":
        raise EditFault("繰り返しの中に、繰り返しは入れられません。")
    if spot.group and spot.group != to.group:
        _leave_one(form, spot)
    new = _copy(form)
    _list(new, spot.step, spot.group).pop(spot.at)
    key = question["key"]
    if (spot.group != to.group) and set(_keys(question)) & keys_in(new, to.group):
        key = free_key(key, keys_in(new, to.group) | {key})
    if spot.group != to.group:
        new = _follow(new, path, _path(to.group, key))
    question["key"] = key
    into = _list(new, to.step, to.group)
    into.insert(max(0, min(to.at, len(into))), question)
    return new


def _follow(form: Json, old: str, new: str) -> Json:
    """Rules of the rows say ``row.key`` for a question of their own group, ``key`` for one outside."""
    old_group, _, old_key = old.rpartition(".")
    new_group, _, new_key = new.rpartition(".")

    def change(rule: Any, place: Standing) -> Any:
        group = place.question.partition(".")[0] if "." in place.question else ""
        before = f"row.{old_key}" if old_group and group == old_group else old_key if not old_group else ""
        after = f"row.{new_key}" if new_group and group == new_group else new_key if not new_group else ""
        return _swapped(rule, before, after) if before and after else rule

    return map_rules(form, change)


def _swapped(rule: Any, before: str, after: str) -> Any:
    if isinstance(rule, list):
        return [_swapped(one, before, after) for one in rule]
    if not isinstance(rule, dict) or len(rule) != 1:
        return rule
    operator, operands = next(iter(rule.items()))
    if operator == "var" and isinstance(operands, str):
        fits = operands == before or operands.startswith(before + ".") or operands == before + OTHER_SUFFIX
        return {"var": after + operands[len(before) :]} if fits else rule
    return {operator: _swapped(operands, before, after)}


def duplicate_question(form: Mapping[str, Any], path: str) -> tuple[Json, str]:
    """A copy right behind the question, under a free key. Gives the form and the path of the copy."""
    spot = spot_of(form, path)
    question = question_at(form, path)
    new, paths = add_questions(form, [question], Spot(spot.step, spot.group, spot.at + 1))
    return new, paths[0]


def remove_question(form: Mapping[str, Any], path: str) -> Json:
    """Take a question out. Rules that refer to it stay, and are found before publishing."""
    spot = spot_of(form, path)
    if spot.group:
        _leave_one(form, spot)
    new = _copy(form)
    _list(new, spot.step, spot.group).pop(spot.at)
    return new


def used_by(form: Mapping[str, Any], path: str) -> list[Standing]:
    """Where rules refer to the question, other places than itself."""
    group, _, key = path.rpartition(".")
    found = []
    for place, rule in rules_of(form):
        if place.question == path or place.question.startswith(path + "."):
            continue
        inside = place.question.partition(".")[0] == group if group else False
        names = references(rule)
        wanted = f"row.{key}" if inside else f"{group}.{key}" if group else key
        if any(name == wanted or name.startswith(wanted + ".") or name == wanted + OTHER_SUFFIX for name in names):
            found.append(place)
    return found


def add_step(form: Mapping[str, Any], title: str, after: str = "") -> tuple[Json, str]:
    """A new step behind ``after`` (empty: at the end). Gives the form and the key of the step."""
    taken = {one["key"] for one in form["steps"]} | {"end"}
    number = len(form["steps"]) + 1
    while f"step{number}" in taken:
        number += 1
    new = _copy(form)
    place = next((n + 1 for n, one in enumerate(new["steps"]) if one["key"] == after), len(new["steps"]))
    new["steps"].insert(place, {"key": f"step{number}", "title": {"ja": title}, "questions": []})
    return new, f"step{number}"


def replace_step(form: Mapping[str, Any], key: str, step: Json) -> Json:
    """Put a changed step (its texts, condition and ways; its key and questions stay)."""
    old = step_at(form, key)
    new = _copy(form)
    place = [one["key"] for one in new["steps"]].index(key)
    new["steps"][place] = {**deepcopy(step), "key": key, "questions": old.get("questions", [])}
    return new


def move_step(form: Mapping[str, Any], key: str, by: int) -> Json:
    """A whole step up (-1) or down (+1). Raises `EditFault` at the edge."""
    step_at(form, key)
    new = _copy(form)
    steps = new["steps"]
    place = [one["key"] for one in steps].index(key)
    if not 0 <= place + by < len(steps):
        raise EditFault("これより先へは動かせません。")
    steps[place], steps[place + by] = steps[place + by], steps[place]
    return new


def remove_step(form: Mapping[str, Any], key: str) -> Json:
    """Take a step out with its questions. A form keeps at least one."""
    step_at(form, key)
    if len(form["steps"]) == 1:
        raise EditFault("最後の画面は消せません。", hint="質問だけを消すか、別の画面を足してから消してください。")
    new = _copy(form)
    new["steps"] = [one for one in new["steps"] if one["key"] != key]
    return new


def _leave_one(form: Mapping[str, Any], spot: Spot) -> None:
    if len(_list(form, spot.step, spot.group)) == 1:
        raise EditFault(
            "繰り返しの中の最後の質問です。",
            hint="繰り返しそのものを消すか、別の質問を足してからにしてください。",
        )


def _list(form: Mapping[str, Any], step: str, group: str) -> list[Json]:
    """The questions of a step or of a group in it. Raises `EditFault`."""
    for one in form["steps"]:
        if one["key"] != step:
            continue
        questions: list[Json] = one.get("questions", [])
        if not group:
            return questions
        for question in questions:
            if question["key"] == group and question["type"] == "group":
                inner: list[Json] = question["questions"]
                return inner
    raise EditFault("この画面か繰り返しは、もうありません。", hint="画面を開き直してください。")


def _copy(form: Mapping[str, Any]) -> Json:
    new = deepcopy(dict(form))
    for step in new["steps"]:
        step["questions"] = list(step.get("questions", ()))
    return new


def _keys(question: Mapping[str, Any]) -> tuple[str, ...]:
    if question.get("has_other"):
        return question["key"], question["key"] + OTHER_SUFFIX
    return (question["key"],)


def _path(group: str, key: str) -> str:
    return f"{group}.{key}" if group else key
