"""Filters and groups of views in the words of clerks, both ways."""

from __future__ import annotations

import re

from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, ComputedAs, FieldType
from yakuba.office.appbuilder.rules.spans import SPANS, step_words
from yakuba.office.appbuilder.rules.tallies import NOWHERE, OTHERS
from yakuba.office.appbuilder.rules.values import NO_NAMES, UNSEEN, Names, column_of, from_text, in_words
from yakuba.office.appbuilder.rules.view_check import day_in, is_day, is_yes_no, number_in
from yakuba.office.appbuilder.rules.views import MOST_VALUES, Axis, FieldTest, How, Measure, Test

ME = "自分"
_BETWEEN = re.compile(r"[〜～~]|から")


def read_test(one: AppField, test: Test, text: str, names: Names = NO_NAMES) -> FieldTest:
    """The filter of what somebody typed: several values with 、between, ends with 〜 between. Raises `Refusal`."""
    if not test.takes_values:
        return FieldTest(field=one.key, test=test)
    if not text.strip():
        raise Refusal(f"「{one.label}」の絞り込みの値を書いてください。", hint=hint_for(test))
    return FieldTest(field=one.key, test=test, values=tuple(_values(one, test, text.strip(), names)))


def hint_for(test: Test) -> str:
    """How values are written."""
    return {
        Test.BETWEEN: "「100〜500」「100〜」「〜2026-03-31」のように書きます。",
        Test.SPAN: f"{'、'.join(SPANS.values())} のどれかです。",
        Test.CONTAINS: "含まれる文字を書きます。",
    }.get(test, "いくつかあるときは、「、」で区切ります。")


def _values(one: AppField, test: Test, text: str, names: Names) -> list[str]:
    if test is Test.CONTAINS:
        return ["".join(sign for sign in text[:100] if sign.isprintable())]
    if test is Test.SPAN:
        found = next((key for key, label in SPANS.items() if text in (key, label)), None)
        if found is None:
            raise Refusal(f"期間「{text[:20]}」がありません。", hint=hint_for(test))
        return [found]
    if test is Test.BETWEEN:
        ends = _BETWEEN.split(text.removesuffix("まで"))
        if len(ends) == 1:
            ends = ends * 2
        if len(ends) != 2:
            raise Refusal(f"範囲「{text[:40]}」が読めません。", hint=hint_for(test))
        return [_one(one, end, names) if end.strip() else "" for end in ends]
    parts = [part for part in re.split(r"[、,，\n]", text) if part.strip()]
    if len(parts) > MOST_VALUES:
        raise Refusal(f"値は{MOST_VALUES}個までです。", hint="減らしてください。")
    return list(dict.fromkeys(_one(one, part, names) for part in parts))


def _one(one: AppField, text: str, names: Names) -> str:
    if one.type is FieldType.PERSON and text.strip() in (ME, "me"):
        return "me"
    read = from_text(_typed(one), text, names)
    if isinstance(read, bool):
        return "1" if read else "0"
    if isinstance(read, list):
        return str(read[0])
    return str(read)


def _typed(one: AppField) -> AppField:
    """A field whose values are read like those of another type: what is computed is typed in a filter."""
    kinds = {
        ComputedAs.TEXT: FieldType.SHORT_TEXT,
        ComputedAs.NUMBER: FieldType.NUMBER,
        ComputedAs.YEN: FieldType.YEN,
        ComputedAs.DATE: FieldType.DATE,
        ComputedAs.YES_NO: FieldType.YES_NO,
    }
    if one.type is FieldType.COMPUTED:
        return one.model_copy(update={"type": kinds[one.gives], "decimals": 6})
    if one.type is FieldType.NUMBER:
        return one.model_copy(update={"decimals": 6})
    return one.model_copy(update={"type": FieldType.NUMBER}) if one.type is FieldType.AUTO_NUMBER else one


def write_values(one: AppField, asked: FieldTest, names: Names = NO_NAMES) -> str:
    """The values of a filter as they are typed."""
    if asked.test is Test.SPAN:
        return SPANS.get(asked.values[0], asked.values[0]) if asked.values else ""
    if asked.test is Test.BETWEEN:
        return "〜".join(asked.values)
    if asked.test is Test.CONTAINS:
        return "".join(asked.values)
    return "、".join(_label(one, value, names) for value in asked.values)


def _label(one: AppField, value: str, names: Names) -> str:
    if value == "me" and one.type is FieldType.PERSON:
        return ME
    if one.type.has_choices:
        return one.choice_label(value)
    if is_yes_no(one):
        return "はい" if value == "1" else "いいえ"
    if one.type in (FieldType.PERSON, FieldType.SECTION, FieldType.LOOKUP):
        return names.of(one).get(value, UNSEEN)
    return value


def told(asked: FieldTest, definition: AppDefinition, names: Names = NO_NAMES) -> str:
    """A filter as a sentence above the view: 状態：貸出中."""
    one = definition.field(asked.field)
    if one is None:
        return ""
    if not asked.test.takes_values:
        return f"{one.label}：{asked.test.label}"
    values = write_values(one, asked, names)
    if asked.test is Test.NOT:
        return f"{one.label}：{values} 以外"
    return f"{one.label}：{values}{' を含む' if asked.test is Test.CONTAINS else ''}"


def group_words(one: AppField, axis: Axis, key: str, names: Names = NO_NAMES) -> str:
    """What a group is called."""
    if key in (NOWHERE, OTHERS):
        return "（空欄）" if key == NOWHERE else "そのほか"
    if is_day(one):
        day = day_in(key)
        return step_words(day, axis.step) if day is not None else key
    if column_of(one) == "num" and not is_yes_no(one):
        number = number_in(key)
        return in_words(one, int(number) if number is not None else None)
    return _label(one, key, names)


def measure_words(measure: Measure, definition: AppDefinition) -> str:
    """What a number is called: 件数, 価格の合計."""
    one = definition.field(measure.field)
    if measure.how is How.COUNT or one is None:
        return How.COUNT.label
    return f"{one.label}の{measure.how.label}"


def unit_of(measure: Measure, definition: AppDefinition) -> str:
    """The unit behind a number."""
    one = definition.field(measure.field)
    if measure.how is How.COUNT or one is None:
        return "件"
    is_yen = one.type is FieldType.YEN or (one.type is FieldType.COMPUTED and one.gives is ComputedAs.YEN)
    return "円" if is_yen else one.unit
