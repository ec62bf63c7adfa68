"""What keeps a process from being used, each with its place and the way out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from yakuba.kernel.expressions.api import check
from yakuba.office.appbuilder.rules.automations import SetFields
from yakuba.office.appbuilder.rules.check import DefinitionProblem, rule_names
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.process import Approval, Button, By, Process, SetTo
from yakuba.office.appbuilder.rules.values import is_shaped


def process_problems(definition: AppDefinition, *, groups: Collection[str]) -> tuple[DefinitionProblem, ...]:
    """Everything that must be put right; `groups` are the names of the groups of the app's permissions."""
    process = definition.process
    return tuple(_problems(process, definition, groups)) if process is not None else ()


def _problem(place: str, message: str, hint: str) -> DefinitionProblem:
    return DefinitionProblem("", place, message, hint)


def _problems(process: Process, definition: AppDefinition, groups: Collection[str]) -> Iterator[DefinitionProblem]:
    field = definition.field(process.field)
    if field is None or field.type is not FieldType.STATUS:
        yield _problem("処理の流れ", "状態の項目が見つかりません。", "種類が「状態」の項目を選び直してください。")
        return
    if process.field in {key for one in process.buttons for key in one.asks}:
        yield _problem("処理の流れ", "状態の項目は、ボタンで入力させられません。", "入力する項目から外してください。")
    yield from _of_states(process, field, definition)
    for key, count in Counter(one.key for one in process.buttons).items():
        if count > 1:
            yield _problem("処理の流れ", f"同じキー「{key}」のボタンがあります。", "一つを消してください。")
    for state in field.choices:
        labels = Counter(one.label for one in process.buttons if state.key in one.states)
        twice = next((label for label, count in labels.items() if count > 1), None)
        if twice is not None:
            yield _problem(
                f"状態「{state.label}」", f"「{twice}」というボタンが二つあります。", "一つの名前を変えてください。"
            )
    for one in process.buttons:
        yield from _of_button(one, process, field, definition, groups)


def _of_states(process: Process, field: AppField, definition: AppDefinition) -> Iterator[DefinitionProblem]:
    used = [one.key for one in field.choices if one.is_used]
    if process.start not in used:
        yield _problem("処理の流れ", "最初の状態が選択肢にありません。", "最初の状態を選び直してください。")
        return
    for key in process.ends:
        if key not in used:
            yield _problem("処理の流れ", "終わりの状態が選択肢にありません。", "終わりの状態を選び直してください。")
    reached = reachable(process, definition)
    for key in used:
        label = field.choice_label(key)
        if key not in reached:
            yield _problem(
                f"状態「{label}」",
                "どのボタンを押しても、この状態になりません。",
                "この状態にするボタンを作るか、選択肢から除いてください。",
            )
        elif key not in process.ends and not any(key in one.states for one in process.buttons):
            yield _problem(
                f"状態「{label}」",
                "ここから先に進むボタンがありません。",
                "ボタンを作るか、終わりの状態にしてください。",
            )


def reachable(process: Process, definition: AppDefinition) -> frozenset[str]:
    """The states a record can come to from the start by buttons, refused decisions and automations."""
    found = {process.start}
    ways = [(set(one.states), {one.to, one.approval.refused if one.approval else ""}) for one in process.buttons]
    ways += [(found, {key}) for key in set_by_automations(definition, process.field)]
    grown = True
    while grown:
        grown = False
        for sources, targets in ways:
            new = {key for key in targets if key} - found
            if new and sources & found:
                found |= new
                grown = True
    return frozenset(found)


def set_by_automations(definition: AppDefinition, field: str) -> frozenset[str]:
    """The states automations put records into."""
    return frozenset(
        target.value
        for one in definition.automations
        for action in one.actions
        if isinstance(action, SetFields)
        for target in action.sets
        if target.field == field and target.to is By.CONSTANT
    )


def _of_button(
    one: Button, process: Process, field: AppField, definition: AppDefinition, groups: Collection[str]
) -> Iterator[DefinitionProblem]:
    place = f"ボタン「{one.label}」"
    known = {choice.key for choice in field.choices if choice.is_used}
    if not one.states:
        yield _problem(place, "どの状態で出すかが決まっていません。", "状態を選んでください。")
    if not {*one.states, one.to} <= known:
        yield _problem(place, "選択肢にない状態を使っています。", "状態を選び直してください。")
    yield from _of_pressers(one, place, definition, groups)
    for key in one.asks:
        asked = definition.field(key)
        if asked is None or not asked.type.is_typed:
            yield _problem(place, "入力させる項目が見つかりません。", "項目を選び直してください。")
    if one.rule is not None:
        for fault in check(one.rule, names=rule_names(definition)):
            yield _problem(place, f"条件：{fault.message}", fault.hint)
    for target in one.sets:
        yield from set_problems(target, place, definition, status=process.field, may_set_status=False)
    if one.approval is not None:
        yield from _of_approval(one.approval, place, known, definition)


def _of_pressers(
    one: Button, place: str, definition: AppDefinition, groups: Collection[str]
) -> Iterator[DefinitionProblem]:
    if not (one.groups or one.maker or one.people):
        yield _problem(place, "押せる人がいません。", "グループ、作った人、項目の職員のいずれかを選んでください。")
    for name in one.groups:
        if name not in groups:
            yield _problem(
                place, f"グループ「{name}」が権限にありません。", "権限でグループを作るか、選び直してください。"
            )
    for key in one.people:
        person = definition.field(key)
        if person is None or person.type is not FieldType.PERSON:
            yield _problem(place, "押す人を決める項目が「職員」ではありません。", "項目を選び直してください。")


def _of_approval(
    approval: Approval, place: str, known: set[str], definition: AppDefinition
) -> Iterator[DefinitionProblem]:
    if approval.refused and approval.refused not in known:
        yield _problem(place, "否決のときの状態が選択肢にありません。", "状態を選び直してください。")
    amount = definition.field(approval.amount) if approval.amount else None
    if approval.amount and (amount is None or amount.value_type.value != "yen"):
        yield _problem(place, "決裁の金額にする項目が「金額（円）」ではありません。", "項目を選び直してください。")


def set_problems(
    target: SetTo, place: str, definition: AppDefinition, *, status: str, may_set_status: bool
) -> Iterator[DefinitionProblem]:
    """What is wrong with a field that is set; the status field moves by buttons, unless an automation may say it."""
    one = definition.field(target.field)
    if one is None or not one.type.is_in_sheets or one.type is FieldType.LOOKUP:
        yield _problem(place, "自動で入れる項目が見つからないか、入れられない種類です。", "項目を選び直してください。")
        return
    if one.key == status and not may_set_status:
        yield _problem(place, "状態の項目に、別の値を入れられません。", "自動で入れる項目から外してください。")
        return
    fits = {
        By.TODAY: one.type is FieldType.DATE,
        By.NOW: one.type is FieldType.TIME,
        By.PRESSER: one.type is FieldType.PERSON,
        By.CONSTANT: is_shaped(one, target.value),
        By.EMPTY: not one.required,
    }
    if not fits[target.to]:
        yield _problem(
            place,
            f"「{one.label}」に「{target.to.label}」は入れられません。",
            "項目の種類に合うものを選び直してください。",
        )
