"""What keeps a door from being opened, each with its place and the way out; and whether an open one still fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from yakuba.office.appbuilder.rules.check import DefinitionProblem
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldClass, FieldType
from yakuba.office.appbuilder.rules.door_states import MIRRORED
from yakuba.office.appbuilder.rules.doors import Door, DoorKind, Needs, Once

MAY_ASK = frozenset(
    {
        FieldType.SHORT_TEXT,
        FieldType.LONG_TEXT,
        FieldType.NUMBER,
        FieldType.YEN,
        FieldType.DATE,
        FieldType.TIME,
        FieldType.YES_NO,
        FieldType.CHOICE,
        FieldType.CHOICES,
        FieldType.PHONE,
        FieldType.MAIL,
        FieldType.ADDRESS,
    }
)
"""Types a door may ask. A state is the town's word; people, sections and records of the house are not shown outside."""


def may_ask(one: AppField) -> bool:
    """Whether a door may ask the field at all."""
    return one.type in MAY_ASK and one.data_class is not FieldClass.SENSITIVE


def door_problems(definition: AppDefinition) -> tuple[DefinitionProblem, ...]:
    """Everything that must be put right about the doors of a definition."""
    found = [one for door in definition.doors for one in _of_door(door, definition)]
    twice = next((key for key, count in Counter(one.key for one in definition.doors).items() if count > 1), None)
    if twice is not None:
        found.append(DefinitionProblem("", "入口", f"同じキー「{twice}」の入口があります。", "一つを消してください。"))
    return tuple(found)


def _problem(door: Door, message: str, hint: str) -> DefinitionProblem:
    return DefinitionProblem("", f"入口「{door.name or door.key}」", message, hint)


def _of_door(door: Door, definition: AppDefinition) -> Iterator[DefinitionProblem]:
    if not door.title.ja.strip():
        yield _problem(door, "題名がありません。", "日本語の題名を書いてください。")
    if not door.purpose.ja.strip():
        yield _problem(
            door,
            "利用目的がありません。",
            "集めた内容を何に使うかを書いてください（個人情報の保護に関する法律第62条）。",
        )
    if not door.asks:
        yield _problem(door, "聞く項目がありません。", "「聞く項目」の画面で、一つ以上選んでください。")
    if door.opens_at and door.closes_at and door.opens_at >= door.closes_at:
        yield _problem(door, "終わりが、始まりより前です。", "受付の期間を直してください。")
    for key, count in Counter(door.asked).items():
        wrong = _of_question(door, definition.field(key), count)
        if wrong is not None:
            yield _problem(door, wrong[0].format(key=key), wrong[1])
    for one in unasked_but_needed(door, definition):
        yield _problem(
            door,
            f"必須の項目「{one.label}」を聞いていません。",
            "聞く項目に加えるか、最初の値を決めるか、必須を外してください。",
        )
    if door.name_field and door.name_field not in door.asked:
        yield _problem(door, "氏名の項目を聞いていません。", "聞く項目に加えるか、氏名の項目を選び直してください。")
    if door.kind is DoorKind.SIGN_UP:
        yield from _of_sign_up(door, definition)
    if door.kind is DoorKind.SURVEY:
        yield from _of_survey(door)
    if door.kind is DoorKind.APPLICATION and not door.procedure:
        yield _problem(
            door, "手続きが決まっていません。", "「文章と決まり」で、手続きカタログの手続きを選んでください。"
        )


def _of_question(door: Door, one: AppField | None, count: int) -> tuple[str, str] | None:
    """What is wrong with one question, and the way out."""
    if one is None:
        return "聞く項目「{key}」が、アプリにありません。", "「聞く項目」の画面で選び直してください。"
    if count > 1:
        return f"「{one.label}」を{count}回聞いています。", "一つを外してください。"
    if one.type not in MAY_ASK:
        return f"「{one.label}」（{one.type.label}）は、町民には聞けません。", "聞く項目から外してください。"
    if one.data_class is FieldClass.SENSITIVE:
        return f"「{one.label}」は要配慮個人情報のため、入口では聞けません。", "聞く項目から外してください。"
    if door.is_anonymous and one.data_class is not FieldClass.OPEN:
        return (
            f"無記名のアンケートでは、個人情報の「{one.label}」を聞けません。",
            "聞く項目から外すか、無記名をやめてください。",
        )
    if one.type.has_choices and not any(choice.is_used for choice in one.choices):
        return f"「{one.label}」に、選べるものがありません。", "選択肢を加えてください。"
    if one.unique:
        return (
            f"「{one.label}」は重複を禁止した項目です。聞くと、ほかの人が登録済みかどうかが分かってしまいます。",
            "聞く項目から外すか、重複の禁止を外してください。",
        )
    return None


def _of_survey(door: Door) -> Iterator[DefinitionProblem]:
    if door.needs is not Needs.NONE:
        return
    if door.survey.once is Once.ACCOUNT:
        yield _problem(
            door, "一人一回にするには、利用登録が必要です。", "「使える人」を「利用登録をした人」にしてください。"
        )
    if not door.survey.anonymous:
        yield _problem(
            door, "記名のアンケートには、利用登録が必要です。", "「使える人」を変えるか、無記名にしてください。"
        )


def _of_sign_up(door: Door, definition: AppDefinition) -> Iterator[DefinitionProblem]:
    places = door.places

    if places.field:
        one = definition.field(places.field)
        if one is None or one.type is not FieldType.CHOICE or places.field not in door.asked:
            yield _problem(
                door, "定員を分ける項目は、聞いている「一つ選ぶ」の項目でなければなりません。", "選び直してください。"
            )
        elif not one.required:
            yield _problem(door, f"定員を分ける「{one.label}」が必須ではありません。", "項目を必須にしてください。")
        else:
            missing = [each.label for each in one.choices if each.is_used and places.by_choice.get(each.key, 0) < 1]
            if missing:
                yield _problem(
                    door, f"「{missing[0]}」の定員がありません。", "選択肢ごとに、1以上の定員を入れてください。"
                )
    elif places.total < 1:
        yield _problem(door, "定員がありません。", "1以上の定員を入れてください。")
    if any(places.group_most > each for each in places.capacities.values() if each):
        yield _problem(door, "一回の申込みの人数が、定員より多くなっています。", "どちらかを直してください。")
    if door.closes_at is None:
        yield _problem(door, "申込みの終わりがありません。", "受付の期間の終わりを決めてください。")
    if door.state_field:
        state = definition.field(door.state_field)
        offered = {each.label for each in state.choices} if state is not None else set()
        lacking = [label for label in dict.fromkeys(MIRRORED.values()) if label not in offered]
        if state is None or state.type not in (FieldType.STATUS, FieldType.CHOICE) or lacking:
            yield _problem(
                door,
                "申込みの状態を写す項目に、必要な選択肢がありません。",
                f"「{'」「'.join(lacking or dict.fromkeys(MIRRORED.values()))}」を選択肢に加えるか、写すのをやめてください。",
            )
        elif definition.process is not None and definition.process.field == door.state_field:
            yield _problem(
                door, "申込みの状態を写す項目が、処理の流れで動く項目です。", "別の項目を作って、それを選んでください。"
            )
        elif door.state_field in door.asked:
            yield _problem(door, "申込みの状態を写す項目は、町民には聞けません。", "質問から外してください。")


def unasked_but_needed(door: Door, definition: AppDefinition) -> tuple[AppField, ...]:
    """Required fields that nothing would fill."""
    given = {*door.asked, door.state_field, definition.process.field if definition.process else ""}
    return tuple(
        one
        for one in definition.fields
        if one.required and one.type.is_typed and one.default is None and one.key not in given
    )


def still_fits(door: Door, fields: Sequence[AppField], definition: AppDefinition) -> str:
    """Why the app in use can no longer take what an open door asks; "" while it can.

    `fields` are the fields as they were when the door was decided.
    """
    for one in fields:
        now = definition.field(one.key)
        if now is None:
            return f"項目「{one.label}」がなくなりました。"
        if now.type is not one.type or not may_ask(now) or now.decimals != one.decimals or now.unique:
            return f"項目「{one.label}」の種類や設定が変わりました。"
        if now.data_class is not one.data_class:
            return f"項目「{one.label}」の情報の区分が変わりました。"
        offered = {choice.key for choice in now.choices if choice.is_used}
        if any(choice.is_used and choice.key not in offered for choice in one.choices):
            return f"項目「{one.label}」の選択肢がなくなりました。"
        if (now.least, now.most) != (one.least, one.most):
            return f"項目「{one.label}」の範囲が変わりました。"
        if now.required and not one.required:
            return f"項目「{one.label}」が必須になりました。"
    needed = unasked_but_needed(door, definition)
    if needed:
        return f"必須の項目「{needed[0].label}」を聞いていません。"
    return ""


__all__ = ["MAY_ASK", "door_problems", "may_ask", "still_fits", "unasked_but_needed"]
