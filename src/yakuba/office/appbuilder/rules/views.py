"""Views (見方): how the records of an app are shown. Parts of a definition, and of what people keep for themselves."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

from pydantic import Field, ValidationError

from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.parts import Part

MOST_VIEWS, MOST_TESTS, MOST_MEASURES, MOST_SHOWN, MOST_VALUES = 30, 10, 6, 20, 50
LARGEST_VIEW = 50_000
KEY = r"^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$"


class ViewKind(StrEnum):
    """How records are laid out."""

    TABLE = "table"
    BOARD = "board"
    CALENDAR = "calendar"
    CHART = "chart"
    CROSS = "cross"

    @property
    def label(self) -> str:
        return {
            "table": "表",
            "board": "ボード",
            "calendar": "カレンダー",
            "chart": "グラフ",
            "cross": "クロス集計",
        }[self.value]


class Test(StrEnum):
    """What is asked of a field."""

    __test__ = False  # no test of ours

    IS = "is"
    NOT = "not"
    CONTAINS = "contains"
    BETWEEN = "between"
    SPAN = "span"
    EMPTY = "empty"
    FILLED = "filled"

    @property
    def label(self) -> str:
        return {
            "is": "次のどれか",
            "not": "次のどれでもない",
            "contains": "次を含む",
            "between": "次の範囲",
            "span": "次の期間",
            "empty": "空欄",
            "filled": "空欄でない",
        }[self.value]

    @property
    def takes_values(self) -> bool:
        return self not in (Test.EMPTY, Test.FILLED)


class Step(StrEnum):
    """How far days are put together."""

    DAY = "day"
    MONTH = "month"
    FISCAL_YEAR = "fiscal_year"

    @property
    def label(self) -> str:
        return {"day": "日ごと", "month": "月ごと", "fiscal_year": "年度ごと"}[self.value]


class How(StrEnum):
    """How many records become one number."""

    COUNT = "count"
    SUM = "sum"
    AVERAGE = "average"
    LEAST = "least"
    MOST = "most"

    @property
    def label(self) -> str:
        return {"count": "件数", "sum": "合計", "average": "平均", "least": "最小", "most": "最大"}[self.value]


class Drawn(StrEnum):
    """How a chart is drawn."""

    BAR = "bar"
    STACKED = "stacked"
    LINE = "line"
    SHARE = "share"

    @property
    def label(self) -> str:
        return {"bar": "棒", "stacked": "積み上げ棒", "line": "折れ線（日付）", "share": "割合（％の棒）"}[self.value]


class FieldTest(Part):
    """A filter (絞り込み): a field and what is asked of it.

    `values` are as cells write them (`CellValue.written`): keys of choices, ids, "1" and "0" for yes and no, days as
    YYYY-MM-DD. BETWEEN has two, either may be "" (open); SPAN the name of a span (`rules.spans`); "me" stands for the
    person who looks.
    """

    field: str = Field(min_length=1, max_length=40)
    test: Test = Test.IS
    values: tuple[str, ...] = Field(default=(), max_length=MOST_VALUES)


class Axis(Part):
    """What records are put together by; `step` counts for days only."""

    field: str = Field(min_length=1, max_length=40)
    step: Step = Step.MONTH


class Measure(Part):
    """One number over records; COUNT needs no field."""

    how: How = How.COUNT
    field: str = Field(default="", max_length=40)


class AppView(Part):
    """One view.

    `columns` are the columns of a table, for board and calendar the title of a card and up to three fields more.
    `group` is what a table is put together by, the columns of a board, the horizontal of a chart, the rows of a cross
    table; `split` the series of a chart and the columns of a cross table. `rule` is a condition of
    `kernel.expressions`.
    """

    key: str = Field(pattern=KEY, max_length=40)
    name: str = Field(min_length=1, max_length=40)
    kind: ViewKind = ViewKind.TABLE
    filters: tuple[FieldTest, ...] = Field(default=(), max_length=MOST_TESTS)
    rule: Any = None
    sort: str = Field(default="", max_length=40)
    down: bool = False
    columns: tuple[str, ...] = Field(default=(), max_length=MOST_SHOWN)
    group: Axis | None = None
    split: Axis | None = None
    measures: tuple[Measure, ...] = Field(default=(), max_length=MOST_MEASURES)
    day: str = Field(default="", max_length=40)
    until: str = Field(default="", max_length=40)
    drawn: Drawn = Drawn.BAR

    @property
    def measure(self) -> Measure:
        """What a chart or cross table counts."""
        return self.measures[0] if self.measures else Measure()

    def to_json(self) -> dict[str, Any]:
        """The JSON it is stored as."""
        written: dict[str, Any] = self.model_dump(mode="json", exclude_defaults=True)
        return written


def read_view(written: Any) -> AppView:
    """The view in a JSON value. Raises `Refusal` with the place."""
    try:
        if len(json.dumps(written, ensure_ascii=False, allow_nan=False)) > LARGEST_VIEW:
            raise Refusal("見方の定義が大きすぎます。", hint="条件を減らしてください。")
        return AppView.model_validate(written)
    except ValidationError as fault:
        place = ".".join(str(part) for part in fault.errors()[0]["loc"])
        raise Refusal(
            f"見方の「{place or '全体'}」が正しくありません。", field=place, hint="画面から作り直してください。"
        ) from None
    except (TypeError, ValueError, RecursionError):
        raise Refusal("見方をJSONとして読めません。", hint="画面から作り直してください。") from None
