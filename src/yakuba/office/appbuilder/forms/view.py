"""The form of a view: what it asks of records, and what its kind lays out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms

from yakuba.kernel.ui.api import TownForm
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField
from yakuba.office.appbuilder.rules.formula import in_formula, read_formula
from yakuba.office.appbuilder.rules.spans import SPANS
from yakuba.office.appbuilder.rules.values import Names
from yakuba.office.appbuilder.rules.view_check import (
    is_amount,
    is_day,
    may_be_board,
    may_group,
    problems_of_view,
    tests_for,
)
from yakuba.office.appbuilder.rules.view_words import measure_words, read_test, write_values
from yakuba.office.appbuilder.rules.views import AppView, Axis, Drawn, FieldTest, How, Measure, Step, Test, ViewKind

ROWS = 5
_TESTS = [(one.value, one.label) for one in Test]
_STEPS = [(one.value, one.label) for one in Step]


class ViewForm(TownForm):
    """One view over the fields a person sees. `kind` says which controls there are."""

    name = forms.CharField(label="見方の名前", max_length=40, help_text="例：貸出中、今月の返却、課ごとの件数")
    rule = forms.CharField(
        label="さらに条件",
        required=False,
        max_length=2000,
        help_text='計算式と同じ書き方です。例：「数量」>= 2 または 「状態」= "確認中"',
    )

    def __init__(
        self,
        *args: Any,
        kind: ViewKind,
        definition: AppDefinition,
        visible: Collection[str],
        names: Names,
        key: str,
        before: AppView | None,
        may_share: bool | None = None,
        is_shared: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.definition, self.names, self.key = kind, definition, names, key
        seen = [one for one in definition.stored if one.key in visible]
        listed = [(one.key, one.label) for one in definition.columns if one.key in visible]
        self.known: Mapping[str, AppField] = {one.key: one for one in seen}
        self.kept = tuple((before.filters if before is not None else ())[ROWS:])
        filtered = [("", "—"), *((one.key, one.label) for one in seen if one.filterable and one.has_cell)]
        for number in range(ROWS):
            self.fields[f"field_{number}"] = forms.ChoiceField(
                label=f"条件{number + 1}の項目", choices=filtered, required=False, widget=_select()
            )
            self.fields[f"test_{number}"] = forms.ChoiceField(
                label=f"条件{number + 1}", choices=_TESTS, required=False, widget=_select()
            )
            self.fields[f"value_{number}"] = forms.CharField(
                label=f"条件{number + 1}の値",
                max_length=1000,
                required=False,
                widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
            )
        for name, field in _controls(kind, seen, listed, definition).items():
            self.fields[name] = field
        if may_share:
            self.fields["shared"] = forms.BooleanField(
                label="このアプリを見る人みんなに見せる",
                required=False,
                help_text="この見方が使う項目の見えない人には、見方も見えません。",
            )
        self.initial.update(self._shown(before, visible))
        self.initial["shared"] = is_shared

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The bound controls of the filters, row by row."""
        return [(self[f"field_{n}"], self[f"test_{n}"], self[f"value_{n}"]) for n in range(ROWS)]

    def laid_out(self) -> list[Any]:
        """The bound controls of the kind."""
        return [self[name] for name in _NAMES if name in self.fields]

    def spans(self) -> str:
        """The spans a filter understands."""
        return "、".join(SPANS.values())

    def _shown(self, view: AppView | None, visible: Collection[str]) -> dict[str, Any]:
        if view is None:
            lists = [one.key for one in self.definition.columns if one.in_list and one.key in visible]
            return {"columns": lists[:8], "down": "", "drawn": "bar"}
        shown: dict[str, Any] = {"name": view.name, "rule": in_formula(view.rule, self.definition)}
        for number, asked in enumerate(view.filters[:ROWS]):
            one = self.known.get(asked.field)
            shown[f"field_{number}"], shown[f"test_{number}"] = asked.field, asked.test.value
            shown[f"value_{number}"] = write_values(one, asked, self.names) if one is not None else ""
        shown |= {
            "sort": view.sort,
            "down": "down" if view.down else "",
            "columns": list(view.columns),
            "title": view.columns[0] if view.columns else "",
            "more": list(view.columns[1:4]),
            "day": view.day,
            "until": view.until,
            "drawn": view.drawn.value,
            "numbers": [_written(one) for one in view.measures],
            "number": _written(view.measure),
        }
        for name, axis in (("group", view.group), ("split", view.split)):
            shown[name], shown[f"{name}_step"] = (axis.field, axis.step.value) if axis else ("", Step.MONTH.value)
        return shown

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self._make(cleaned)
        return cleaned

    def _make(self, typed: Mapping[str, Any]) -> None:
        filters: list[FieldTest] = []
        for number in range(ROWS):
            one = self.known.get(typed[f"field_{number}"])
            if one is None:
                continue
            test = Test(typed[f"test_{number}"] or Test.IS)
            if test not in tests_for(one):
                offered = "、".join(f"「{each.label}」" for each in tests_for(one))
                self.add_error(f"test_{number}", f"「{one.label}」に使えるのは {offered} です。")
                continue
            try:
                filters.append(read_test(one, test, typed[f"value_{number}"], self.names))
            except Refusal as refusal:
                self.add_error(f"value_{number}", f"{refusal.message}{refusal.hint or ''}")
        try:
            rule = read_formula(typed["rule"], self._within_sight())
        except Refusal as refusal:
            self.add_error("rule", f"{refusal.message}{refusal.hint or ''}")
        if self.errors:
            return
        self.made = AppView(
            key=self.key,
            name=typed["name"],
            kind=self.kind,
            filters=(*filters, *self.kept),
            rule=rule,
            sort=typed.get("sort", ""),
            down=bool(typed.get("down")),
            columns=self._columns(typed),
            group=_axis(typed, "group"),
            split=_axis(typed, "split"),
            measures=tuple(_read(one) for one in typed.get("numbers", ()) or _one(typed)),
            day=typed.get("day", ""),
            until=typed.get("until", ""),
            drawn=Drawn(typed.get("drawn") or Drawn.BAR),
        )
        for message, hint in problems_of_view(self.made, self.definition):
            self.add_error(None, f"{message}{hint}")

    def _within_sight(self) -> AppDefinition:
        """The definition with the fields the person sees: no formula may ask another."""
        return self.definition.model_copy(update={"fields": tuple(self.known.values())})

    def _columns(self, typed: Mapping[str, Any]) -> tuple[str, ...]:
        if "title" in typed:
            return tuple(dict.fromkeys((typed["title"], *typed["more"])))
        return tuple(typed.get("columns", ()))


_NAMES = (
    "title",
    "more",
    "day",
    "until",
    "drawn",
    "group",
    "group_step",
    "split",
    "split_step",
    "number",
    "columns",
    "numbers",
    "sort",
    "down",
)


def _controls(
    kind: ViewKind, seen: list[AppField], listed: list[tuple[str, str]], definition: AppDefinition
) -> dict[str, forms.Field]:
    """The controls of a kind of view."""
    every = [(one.key, one.label) for one in seen if not one.type.holds_files]
    days = [(one.key, one.label) for one in seen if is_day(one) and one.has_cell]
    groups = [(one.key, one.label) for one in seen if may_group(one)]
    amounts = [one for one in seen if is_amount(one) and one.has_cell]
    numbers = [
        (_written(measure), measure_words(measure, definition))
        for one in amounts
        for measure in (Measure(how=how, field=one.key) for how in How if how is not How.COUNT)
    ]
    several = forms.CheckboxSelectMultiple
    sorts = {
        "sort": _choice(
            "並べ替え", [(one.key, one.label) for one in seen if one.sortable and one.has_cell], "番号（新しい方から）"
        ),
        "down": forms.ChoiceField(
            label="順番", choices=[("", "小さい方から"), ("down", "大きい方から")], required=False
        ),
    }
    cards = {
        "title": forms.ChoiceField(label="カードの題名", choices=every),
        "more": forms.MultipleChoiceField(
            label="カードに出すほかの項目（3つまで）", choices=every, required=False, widget=several
        ),
    }
    if kind is ViewKind.TABLE:
        return {
            "columns": forms.MultipleChoiceField(label="表に出す項目", choices=listed, required=False, widget=several),
            "group": _choice("まとめる項目", groups, "まとめない"),
            "group_step": _step("日付のまとめ方"),
            "numbers": forms.MultipleChoiceField(
                label="まとめたときに出す数", choices=numbers, required=False, widget=several,
                help_text="件数はいつも出ます。",
            ),
            **sorts,
        }  # fmt: skip
    if kind is ViewKind.BOARD:
        lanes = [(one.key, one.label) for one in seen if may_be_board(one)]
        return {**cards, "group": forms.ChoiceField(label="列にする項目", choices=lanes), **sorts}
    if kind is ViewKind.CALENDAR:
        return {
            **cards,
            "day": forms.ChoiceField(label="日付の項目", choices=days),
            "until": _choice("終わりの日付の項目", days, "なし（一日だけ）"),
        }
    chart = kind is ViewKind.CHART
    made: dict[str, forms.Field] = {
        "group": forms.ChoiceField(label="何ごとに" if chart else "行の項目", choices=groups),
        "group_step": _step("日付のまとめ方"),
        "split": _choice("系列（積み上げの内訳）", groups, "分けない")
        if chart
        else forms.ChoiceField(label="列の項目", choices=groups),
        "split_step": _step("内訳の日付のまとめ方" if chart else "列の日付のまとめ方"),
        "number": forms.ChoiceField(label="値", choices=[("count:", "件数"), *numbers]),
    }
    if chart:
        made["drawn"] = forms.ChoiceField(
            label="グラフの形", choices=[(one.value, one.label) for one in Drawn], widget=forms.RadioSelect
        )
    return made


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "select"})


def _choice(label: str, choices: list[tuple[str, str]], none: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", none), *choices], required=False)


def _step(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=_STEPS, required=False, initial="month", help_text="日付の項目のときだけ効きます。"
    )


def _axis(typed: Mapping[str, Any], name: str) -> Axis | None:
    if not typed.get(name):
        return None
    return Axis(field=typed[name], step=Step(typed.get(f"{name}_step") or Step.MONTH))


def _written(measure: Measure) -> str:
    return f"{measure.how.value}:{measure.field}"


def _one(typed: Mapping[str, Any]) -> tuple[str, ...]:
    return (typed["number"],) if typed.get("number", "count:") != "count:" else ()


def _read(text: str) -> Measure:
    how, _, field = text.partition(":")
    return Measure(how=How(how), field=field)
