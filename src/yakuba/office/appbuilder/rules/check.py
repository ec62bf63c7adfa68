"""What keeps a definition from being published, each with its place and the way out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from yakuba.kernel.expressions.api import ValueType, check, references
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.definition import RESERVED, AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.limits import beyond, limit_problems
from yakuba.office.appbuilder.rules.problems import DefinitionProblem
from yakuba.office.appbuilder.rules.values import is_shaped
from yakuba.office.appbuilder.rules.view_check import view_problems


def problems_of(definition: AppDefinition, *, apps: Mapping[str, Mapping[str, str]]) -> tuple[DefinitionProblem, ...]:
    """Everything that must be put right before the definition may be used.

    `apps` are the apps a lookup may lead to: public id → {field key: label}.
    """
    return tuple(_problems(definition, apps))


def _problems(definition: AppDefinition, apps: Mapping[str, Mapping[str, str]]) -> Iterator[DefinitionProblem]:
    if not any(one.type.is_typed for one in definition.fields):
        yield DefinitionProblem("", "アプリ全体", "入力する項目が一つもありません。", "項目を加えてください。")
    counts = Counter(one.key for one in definition.fields)
    for key, count in counts.items():
        if count > 1:
            yield DefinitionProblem(
                key, f"項目「{key}」", f"同じキーが{count}回使われています。", "一つを変えてください。"
            )
    labels = Counter(one.label for one in definition.fields if one.type.is_column)
    for one in definition.fields:
        yield from _of_field(one, definition, apps)
        if one.type.is_column and labels[one.label] > 1:
            yield _problem(
                one, "同じ名前の項目がほかにもあります。", "Excel の列と対応しなくなるため、名前を変えてください。"
            )
    numbers = [one for one in definition.fields if one.type is FieldType.AUTO_NUMBER]
    if len(numbers) > 1:
        yield _problem(numbers[1], "自動の番号は一つのアプリに一つまでです。", "どちらかを消してください。")
    yield from _cycles(definition)
    for key in definition.alike:
        same = definition.field(key)
        if same is None or not (same.type.is_typed and not same.type.holds_files):
            yield DefinitionProblem(
                "", "似た記録", f"確かめる項目「{key}」が使えません。", "「似た記録をさがす」で選び直してください。"
            )
    yield from view_problems(definition, rule_names(definition))


def _problem(one: AppField, message: str, hint: str) -> DefinitionProblem:
    return DefinitionProblem(one.key, f"項目「{one.label}」", message, hint)


def _of_field(
    one: AppField, definition: AppDefinition, apps: Mapping[str, Mapping[str, str]]
) -> Iterator[DefinitionProblem]:
    if one.key in RESERVED:
        yield _problem(one, f"キー「{one.key}」は使えません。", "別のキーにしてください。")
    if one.type.has_choices:
        yield from _choices(one)
    yield from _marks(one)
    if one.default is not None:
        yield from _default(one)
    if one.type is FieldType.LOOKUP:
        shown = apps.get(one.app)
        if shown is None:
            yield _problem(one, "参照するアプリが見つからないか、使えません。", "参照するアプリを選び直してください。")
        elif one.shows not in shown:
            yield _problem(one, "参照するアプリに、表示する項目がありません。", "表示する項目を選び直してください。")
    if one.type is FieldType.COMPUTED:
        yield from _rule(one, definition)
    for message, hint in limit_problems(one):
        yield _problem(one, message, hint)
    if one.needed_when is not None:
        yield from _needed(one, definition)


def _needed(one: AppField, definition: AppDefinition) -> Iterator[DefinitionProblem]:
    if not one.type.is_typed:
        yield _problem(one, "入力する項目ではないため、必須にできません。", "必須にする条件を消してください。")
    for fault in check(one.needed_when, names=rule_names(definition)):
        yield _problem(one, f"必須にする条件：{fault.message}", fault.hint)


def _choices(one: AppField) -> Iterator[DefinitionProblem]:
    if not one.choices:
        yield _problem(one, "選択肢がありません。", "一行に一つずつ書いてください。")
    for what, counted in (
        ("値", Counter(choice.key for choice in one.choices)),
        ("名前", Counter(choice.label for choice in one.choices)),
    ):
        twice = next((text for text, count in counted.items() if count > 1), None)
        if twice is not None:
            yield _problem(one, f"選択肢の{what}「{twice}」が重なっています。", "一つを変えるか、消してください。")


def _marks(one: AppField) -> Iterator[DefinitionProblem]:
    if one.unique and not one.type.may_be_unique:
        yield _problem(one, f"「{one.type.label}」は重複を禁止できません。", "重複の禁止を外してください。")
    if one.sortable and not one.type.may_sort:
        yield _problem(one, f"「{one.type.label}」では並べ替えられません。", "並べ替えを外してください。")
    if one.filterable and not one.type.may_filter:
        yield _problem(one, f"「{one.type.label}」では絞り込めません。", "絞り込みを外してください。")


def _default(one: AppField) -> Iterator[DefinitionProblem]:
    no_default = (FieldType.PERSON, FieldType.SECTION, FieldType.LOOKUP, FieldType.FILES, FieldType.PHOTOS)
    if not one.type.is_typed or one.type in no_default:
        yield _problem(one, f"「{one.type.label}」には最初の値を決められません。", "最初の値を消してください。")
    elif not is_shaped(one, one.default) or beyond(one, one.default):
        yield _problem(
            one, f"最初の値が「{one.type.label}」として正しくありません。", "種類に合う値にするか、消してください。"
        )


def _rule(one: AppField, definition: AppDefinition) -> Iterator[DefinitionProblem]:
    if one.rule is None:
        yield _problem(one, "計算式がありません。", "計算式を書いてください。")
        return
    names = rule_names(definition)
    if asks_for_today(one.rule):
        yield _problem(
            one,
            "計算式が今日の日付を使っています。保存した値が翌日には古くなります。",
            "日付どうしの計算（days_between など）にしてください。",
        )
    for fault in check(one.rule, names=names):
        yield _problem(one, f"計算式：{fault.message}", fault.hint)


def asks_for_today(rule: Any, depth: int = 0) -> bool:
    """Whether the rule reads the calendar: `today`, or `age` without a day."""
    if depth > 100:
        return False
    if isinstance(rule, list):
        return any(asks_for_today(part, depth + 1) for part in rule)
    if not isinstance(rule, dict):
        return False
    if "today" in rule:
        return True
    if "age" in rule and not (isinstance(rule["age"], list) and len(rule["age"]) > 1):
        return True
    return any(asks_for_today(part, depth + 1) for part in rule.values())


def rule_names(definition: AppDefinition) -> dict[str, ValueType]:
    """The names rules may read, with their types."""
    return {one.key: one.value_type for one in definition.stored}


def _cycles(definition: AppDefinition) -> Iterator[DefinitionProblem]:
    reads = computed_reads(definition)
    for key in reads:
        if key in reach(key, reads):
            one = definition.field(key)
            if one is not None:
                yield _problem(one, "計算式が自分自身に戻っています。", "互いに参照しない式にしてください。")


def computed_reads(definition: AppDefinition) -> dict[str, frozenset[str]]:
    """The computed fields with the fields each reads directly. A malformed rule reads nothing."""
    known = {one.key for one in definition.stored}
    found: dict[str, frozenset[str]] = {}
    for one in definition.fields:
        if one.type is FieldType.COMPUTED:
            try:
                found[one.key] = frozenset(references(one.rule)) & known
            except Refusal:
                found[one.key] = frozenset()
    return found


def reach(key: str, reads: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Every field a computed field depends on, also through others."""
    seen: set[str] = set()
    waiting = list(reads.get(key, ()))
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(reads.get(name, ()))
    return frozenset(seen)


def in_order(definition: AppDefinition) -> tuple[AppField, ...]:
    """The computed fields, each after those it reads; ones that go round in a circle are left out."""
    reads = computed_reads(definition)
    depth: dict[str, int] = {}
    for key in reads:
        behind = reach(key, reads)
        if key not in behind:
            depth[key] = len([one for one in behind if one in reads])
    found = [one for one in definition.fields if one.key in depth]
    return tuple(sorted(found, key=lambda one: depth[one.key]))


__all__ = ["DefinitionProblem", "computed_reads", "in_order", "problems_of", "reach", "rule_names"]
