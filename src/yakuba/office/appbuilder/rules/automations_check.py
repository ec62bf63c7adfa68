"""What keeps an automation from being used, each with its place and the way out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from yakuba.kernel.expressions.api import check, references
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.automations import Automation, Create, Notify, SetFields, Webhook, When
from yakuba.office.appbuilder.rules.check import DefinitionProblem, rule_names
from yakuba.office.appbuilder.rules.definition import AppDefinition, FieldType
from yakuba.office.appbuilder.rules.process_check import set_problems


def automation_problems(
    definition: AppDefinition, *, groups: Collection[str], apps: Mapping[str, Mapping[str, str]] | None
) -> tuple[DefinitionProblem, ...]:
    """Everything that must be put right. `groups` are names of groups, `apps` those one may write to (None: not asked)."""
    return tuple(_problems(definition, groups, apps))


def _problem(place: str, message: str, hint: str) -> DefinitionProblem:
    return DefinitionProblem("", place, message, hint)


def _problems(
    definition: AppDefinition, groups: Collection[str], apps: Mapping[str, Mapping[str, str]] | None
) -> Iterator[DefinitionProblem]:
    for key, count in Counter(one.key for one in definition.automations).items():
        if count > 1:
            yield _problem("自動処理", f"同じキー「{key}」の自動処理があります。", "一つを消してください。")
    for one in definition.automations:
        place = f"自動処理「{one.name}」"
        yield from _of_when(one, place, definition)
        yield from _of_rule(one, place, definition)
        if not one.actions:
            yield _problem(place, "することが決まっていません。", "することを一つ以上加えてください。")
        for action in one.actions:
            match action:
                case Notify():
                    yield from _of_notify(action, place, definition, groups)
                case SetFields():
                    yield from _of_set(action, place, definition)
                case Create():
                    yield from _of_create(action, place, definition, apps)
                case Webhook():
                    yield from _of_webhook(action, place, definition)


def _of_when(one: Automation, place: str, definition: AppDefinition) -> Iterator[DefinitionProblem]:
    field = definition.field(one.field) if one.field else None
    if one.when is When.CHANGED and any(definition.field(key) is None for key in one.fields):
        yield _problem(place, "きっかけの項目が見つかりません。", "項目を選び直してください。")
    if one.when is When.REACHED:
        if field is None or field.type is not FieldType.STATUS:
            yield _problem(place, "状態の項目が見つかりません。", "状態の項目を選び直してください。")
        elif all(choice.key != one.state for choice in field.choices):
            yield _problem(place, "きっかけの状態が選択肢にありません。", "状態を選び直してください。")
    if one.when is When.DAY:
        if field is None or field.value_type.value != "date":
            yield _problem(place, "日付の項目が見つかりません。", "日付の項目を選び直してください。")
        elif not field.has_cell:
            yield _problem(
                place,
                f"「{field.label}」は、日を探すのに使えない設定です。",
                "項目の「検索・絞り込みに使う」か「並べ替えに使う」を入れてください。",
            )


def _of_rule(one: Automation, place: str, definition: AppDefinition) -> Iterator[DefinitionProblem]:
    if one.rule is None:
        if one.when is When.EVERY:
            yield _problem(
                place,
                "どの記録を対象にするかの条件がありません。",
                "決まった日時の自動処理には、条件を書いてください。",
            )
        return
    faults = check(one.rule, names=rule_names(definition))
    for fault in faults:
        yield _problem(place, f"条件：{fault.message}", fault.hint)
    if one.when is not When.EVERY or faults:
        return
    try:
        read = references(one.rule)
    except Refusal:
        return
    for field in definition.stored:
        if field.key in read and not field.has_cell:
            yield _problem(
                place,
                f"条件の「{field.label}」は、記録を探すのに使えない設定です。",
                "項目の「検索・絞り込みに使う」を入れてください。",
            )


def _of_notify(
    action: Notify, place: str, definition: AppDefinition, groups: Collection[str]
) -> Iterator[DefinitionProblem]:
    if not action.text.strip():
        yield _problem(place, "知らせる文がありません。", "文を書いてください。")
    if not (action.people or action.sections or action.groups or action.staff or action.maker):
        yield _problem(place, "知らせる相手がいません。", "相手を一つ以上選んでください。")
    for kind, keys in ((FieldType.PERSON, action.people), (FieldType.SECTION, action.sections)):
        for key in keys:
            field = definition.field(key)
            if field is None or field.type is not kind:
                yield _problem(place, f"知らせる相手の項目が「{kind.label}」ではありません。", "選び直してください。")
    for name in action.groups:
        if name not in groups:
            yield _problem(place, f"グループ「{name}」が権限にありません。", "選び直してください。")


def _of_set(action: SetFields, place: str, definition: AppDefinition) -> Iterator[DefinitionProblem]:
    if not action.sets:
        yield _problem(place, "入れる項目がありません。", "項目を選んでください。")
    status = definition.process.field if definition.process else ""
    for target in action.sets:
        if target.to.value == "presser":
            yield _problem(place, "自動処理には「押した人」がいません。", "入れるものを選び直してください。")
        else:
            yield from set_problems(target, place, definition, status=status, may_set_status=True)


def _of_create(
    action: Create, place: str, definition: AppDefinition, apps: Mapping[str, Mapping[str, str]] | None
) -> Iterator[DefinitionProblem]:
    if apps is not None and action.app not in apps:
        yield _problem(place, "記録を作るアプリが見つからないか、使えません。", "アプリを選び直してください。")
    if not action.fields:
        yield _problem(place, "新しい記録に入れる項目がありません。", "項目を選んでください。")
    for one in action.fields:
        if one.given.value == "field" and definition.field(one.value) is None:
            yield _problem(place, "写す元の項目が見つかりません。", "項目を選び直してください。")


def _of_webhook(action: Webhook, place: str, definition: AppDefinition) -> Iterator[DefinitionProblem]:
    if not action.hook:
        yield _problem(place, "送り先がありません。", "送り先を選んでください。")
    for key in action.fields:
        field = definition.field(key)
        if field is None or not field.type.is_stored:
            yield _problem(place, "送る項目が見つかりません。", "項目を選び直してください。")
