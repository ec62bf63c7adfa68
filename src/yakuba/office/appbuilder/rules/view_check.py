"""What is wrong with a view, and what of it a person may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from yakuba.kernel.expressions.api import ValueType, check, references
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, ComputedAs, FieldType
from yakuba.office.appbuilder.rules.problems import DefinitionProblem
from yakuba.office.appbuilder.rules.spans import SPANS
from yakuba.office.appbuilder.rules.values import column_of
from yakuba.office.appbuilder.rules.views import AppView, Axis, Drawn, FieldTest, How, Measure, Test, ViewKind

_NAMED = (FieldType.PERSON, FieldType.SECTION, FieldType.LOOKUP)
_LONG = (FieldType.LONG_TEXT, FieldType.ADDRESS)


def is_yes_no(one: AppField) -> bool:
    """Whether a field holds はい・いいえ, given or computed."""
    return one.type is FieldType.YES_NO or (one.type is FieldType.COMPUTED and one.gives is ComputedAs.YES_NO)


def is_amount(one: AppField) -> bool:
    """Whether a field holds numbers one may add up."""
    if one.type is FieldType.COMPUTED:
        return one.gives in (ComputedAs.NUMBER, ComputedAs.YEN)
    return one.type in (FieldType.NUMBER, FieldType.YEN)


def is_day(one: AppField) -> bool:
    """Whether a field holds days."""
    return column_of(one) == "day"


def tests_for(one: AppField) -> tuple[Test, ...]:
    """What may be asked of a field."""
    around = (Test.EMPTY, Test.FILLED)
    if one.type.has_choices or one.type in _NAMED:
        return (Test.IS, Test.NOT, *around)
    if is_yes_no(one):
        return (Test.IS, *around)
    if is_day(one):
        return (Test.BETWEEN, Test.SPAN, *around)
    if column_of(one) == "num":
        return (Test.BETWEEN, Test.IS, *around)
    return (Test.CONTAINS, Test.IS, Test.NOT, *around)


def may_group(one: AppField) -> bool:
    """Whether records may be put together by a field."""
    return one.has_cell and one.type is not FieldType.AUTO_NUMBER and not is_amount(one) and one.type not in _LONG


def may_be_board(one: AppField) -> bool:
    """Whether the columns of a board may be the values of a field."""
    return one.has_cell and one.type in (FieldType.CHOICE, FieldType.STATUS, FieldType.PERSON, FieldType.SECTION)


def fields_behind(view: AppView) -> frozenset[str]:
    """The fields that decide which records a view shows, where and under which number; seeing it tells of them."""
    keys = {one.field for one in view.filters}
    keys |= {axis.field for axis in (view.group, view.split) if axis is not None}
    keys |= {one.field for one in view.measures if one.field}
    keys |= {key for key in (view.sort, view.day, view.until) if key}
    if view.kind in (ViewKind.BOARD, ViewKind.CALENDAR):
        keys |= set(view.columns[:1])
    if view.rule is not None:
        try:
            keys |= set(references(view.rule))
        except Refusal:
            keys.add("")  # what cannot be read shows nobody anything
    return frozenset(keys)


def hidden_behind(view: AppView, definition: AppDefinition, visible: Collection[str]) -> tuple[str, ...]:
    """The keys a view depends on that a person does not see, or that are gone."""
    return tuple(
        sorted(key for key in fields_behind(view) if key not in visible or definition.field(key) is None)
    )  # fmt: skip


def as_seen(view: AppView, definition: AppDefinition, visible: Collection[str]) -> AppView:
    """The view without the columns a person does not see. Raises `Refusal` when it depends on a hidden field.

    Its order, filter, groups and numbers would tell of values that are hidden, so there is no half of such a view.
    """
    if hidden_behind(view, definition, visible):
        raise Refusal(
            "この見方は、あなたに見えない項目か、なくなった項目を使っているため、表示できません。",
            hint="アプリを管理する人に、権限か見方の見直しを頼んでください。",
        )
    return view.model_copy(update={"columns": tuple(key for key in view.columns if key in visible)})


def view_problems(definition: AppDefinition, names: Mapping[str, ValueType]) -> Iterator[DefinitionProblem]:
    """What must be put right in the views of a definition."""
    keys = Counter(one.key for one in definition.views)
    titles = Counter(one.name for one in definition.views)
    for view in definition.views:
        place = f"見方「{view.name}」"
        if keys[view.key] > 1:
            yield DefinitionProblem("", place, f"同じキー「{view.key}」の見方があります。", "一つを変えてください。")
        if titles[view.name] > 1:
            yield DefinitionProblem("", place, "同じ名前の見方があります。", "名前を変えてください。")
        for message, hint in problems_of_view(view, definition, names):
            yield DefinitionProblem("", place, message, hint)
    if definition.opens_with and definition.view(definition.opens_with) is None:
        yield DefinitionProblem("", "最初に開く見方", "その見方がありません。", "選び直してください。")


_Said = tuple[str, str]
_GONE = "項目を選び直すか、見方から外してください。"


def problems_of_view(
    view: AppView, definition: AppDefinition, names: Mapping[str, ValueType] | None = None
) -> tuple[_Said, ...]:
    """What is wrong with one view: message and hint."""
    if names is None:
        names = {one.key: one.value_type for one in definition.stored}
    return tuple(_wrong(view, definition, names))


def _wrong(view: AppView, definition: AppDefinition, names: Mapping[str, ValueType]) -> Iterator[_Said]:
    for asked in view.filters:
        yield from _of_test(asked, definition)
    if view.rule is not None:
        for fault in check(view.rule, names=names):
            yield f"条件：{fault.message}", fault.hint or "条件を直してください。"
    if view.sort:
        one = definition.field(view.sort)
        if one is None or not (one.sortable and one.has_cell):
            yield (
                "並べ替える項目がないか、並べ替えに使えません。",
                "項目の「並べ替えに使う」を入れるか、選び直してください。",
            )
    for key in view.columns:
        one = definition.field(key)
        if one is None or not (one.type.is_stored or (one.type.is_column and view.kind is ViewKind.TABLE)):
            yield f"表示する項目「{key}」がありません。", _GONE
    yield from _BY_KIND[view.kind](view, definition)


def _of_test(asked: FieldTest, definition: AppDefinition) -> Iterator[_Said]:
    one = definition.field(asked.field)
    if one is None:
        yield f"絞り込みの項目「{asked.field}」がありません。", _GONE
        return
    if not (one.filterable and one.has_cell):
        yield f"「{one.label}」は絞り込みに使えない設定です。", "項目の「検索・絞り込みに使う」を入れてください。"
    elif asked.test not in tests_for(one):
        yield f"「{one.label}」を「{asked.test.label}」で絞り込むことはできません。", "条件を選び直してください。"
    elif not _is_asked(one, asked):
        yield f"「{one.label}」の絞り込みの値が正しくありません。", "値を書き直してください。"


def _is_asked(one: AppField, asked: FieldTest) -> bool:
    values = asked.values
    if any("\x00" in value for value in values):
        return False
    if not asked.test.takes_values:
        return not values
    if asked.test is Test.SPAN:
        return len(values) == 1 and values[0] in SPANS
    if asked.test is Test.CONTAINS:
        return len(values) == 1 and 0 < len(values[0]) <= 100
    if asked.test is Test.BETWEEN:
        known: list[Any] = [_read(one, value) for value in values if value]
        return len(values) == 2 and bool(known) and None not in known and known[0] <= known[-1]
    if one.type.has_choices:
        return bool(values) and set(values) <= {choice.key for choice in one.choices}
    if is_yes_no(one):
        return bool(values) and set(values) <= {"0", "1"}
    if column_of(one) == "num":
        return bool(values) and all(_read(one, value) is not None for value in values)
    return bool(values) and all(0 < len(value) <= 200 for value in values)


def _read(one: AppField, value: str) -> date | Decimal | None:
    return day_in(value) if is_day(one) else number_in(value)


def day_in(value: str) -> date | None:
    """The day a value of a filter names."""
    try:
        return date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:
        return None


def number_in(value: str) -> Decimal | None:
    """The number a value of a filter names."""
    try:
        number = Decimal(value) if len(value) <= 24 else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and abs(number) < 10**13 else None


def _of_axis(axis: Axis | None, what: str, definition: AppDefinition, *, needed: bool = True) -> Iterator[_Said]:
    if axis is None:
        if needed:
            yield f"{what}が選ばれていません。", "項目を選んでください。"
        return
    one = definition.field(axis.field)
    if one is None:
        yield f"{what}の項目「{axis.field}」がありません。", _GONE
    elif not may_group(one):
        yield (
            f"「{one.label}」は{what}に使えません。",
            "選択肢、状態、職員、所属、日付、はい・いいえなどで、「検索・絞り込みに使う」を入れた項目を選んでください。",
        )


def _of_measures(measures: Iterable[Measure], definition: AppDefinition) -> Iterator[_Said]:
    for one in measures:
        if one.how is How.COUNT:
            continue
        field = definition.field(one.field)
        if field is None:
            yield f"「{one.how.label}」する項目がありません。", "数か金額の項目を選んでください。"
        elif not is_amount(field) or not field.has_cell:
            yield (
                f"「{field.label}」は{one.how.label}できません。",
                "数か金額の項目で、「並べ替えに使う」か「検索・絞り込みに使う」を入れたものを選んでください。",
            )


def _table(view: AppView, definition: AppDefinition) -> Iterator[_Said]:
    yield from _of_axis(view.group, "まとめる項目", definition, needed=False)
    yield from _of_measures(view.measures, definition)


def _board(view: AppView, definition: AppDefinition) -> Iterator[_Said]:
    one = definition.field(view.group.field) if view.group else None
    if one is None or not may_be_board(one):
        yield (
            "ボードの列にする項目がないか、列にできません。",
            "「一つ選ぶ」「状態」「職員」「所属」で、「検索・絞り込みに使う」を入れた項目を選んでください。",
        )
    yield from _cards(view)


def _cards(view: AppView) -> Iterator[_Said]:
    if not view.columns:
        yield "カードの題名にする項目が選ばれていません。", "項目を選んでください。"
    elif len(view.columns) > 4:
        yield "カードに出せるのは、題名のほかに3項目までです。", "項目を減らしてください。"


def _calendar(view: AppView, definition: AppDefinition) -> Iterator[_Said]:
    for key, what in ((view.day, "日付"), (view.until, "終わりの日付")):
        one = definition.field(key) if key else None
        if key and (one is None or not is_day(one) or not one.has_cell):
            yield (
                f"カレンダーの{what}の項目がないか、使えません。",
                "日付の項目で、「並べ替えに使う」か「検索・絞り込みに使う」を入れたものを選んでください。",
            )
    if not view.day:
        yield "カレンダーの日付の項目が選ばれていません。", "日付の項目を選んでください。"
    yield from _cards(view)


def _chart(view: AppView, definition: AppDefinition) -> Iterator[_Said]:
    yield from _of_axis(view.group, "「何ごとに」の項目", definition)
    yield from _of_axis(view.split, "系列の項目", definition, needed=view.drawn is Drawn.STACKED)
    yield from _one_measure(view, definition)
    if view.split is not None and view.drawn is not Drawn.STACKED:
        yield "系列に分けられるのは「積み上げ棒」だけです。", "グラフの形を変えるか、系列を外してください。"
    one = definition.field(view.group.field) if view.group else None
    if view.drawn is Drawn.LINE and one is not None and not is_day(one):
        yield "折れ線は、「何ごとに」が日付のときだけ使えます。", "棒にするか、日付の項目を選んでください。"
    if view.drawn in (Drawn.SHARE, Drawn.STACKED) and view.measure.how not in (How.COUNT, How.SUM):
        yield f"「{view.drawn.label}」では、{view.measure.how.label}を足し合わせられません。", "棒にしてください。"
    if view.drawn in (Drawn.SHARE, Drawn.STACKED) and any(
        (field := definition.field(axis.field)) is not None and field.type is FieldType.CHOICES
        for axis in (view.group, view.split)
        if axis is not None
    ):
        yield (
            "「いくつか選ぶ」の項目は、一つの記録を何度も数えるため、割合や積み上げにできません。",
            "棒にしてください。",
        )


def _cross(view: AppView, definition: AppDefinition) -> Iterator[_Said]:
    yield from _of_axis(view.group, "行の項目", definition)
    yield from _of_axis(view.split, "列の項目", definition)
    yield from _one_measure(view, definition)
    if view.group and view.split and view.group == view.split:
        yield "行と列が同じ項目です。", "どちらかを変えてください。"


def _one_measure(view: AppView, definition: AppDefinition) -> Iterator[_Said]:
    if len(view.measures) > 1:
        yield "グラフとクロス集計で表せる値は一つです。", "値を一つにしてください。"
    yield from _of_measures(view.measures, definition)


_BY_KIND = {
    ViewKind.TABLE: _table,
    ViewKind.BOARD: _board,
    ViewKind.CALENDAR: _calendar,
    ViewKind.CHART: _chart,
    ViewKind.CROSS: _cross,
}
