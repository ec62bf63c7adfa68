"""The operators as people choose them: words, the types they suit, how many operands they take."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from yakuba.kernel.expressions.rules.operators import OPERATIONS
from yakuba.kernel.expressions.rules.values import Rule, ValueType
from yakuba.kernel.values.api import Text


class Use(Enum):
    """What an operator is for; a condition editor offers `COMPARE` for an answer and `LOGIC` to join conditions."""

    COMPARE = "compare"
    LOGIC = "logic"
    DATA = "data"
    CALCULATE = "calculate"
    DAY = "day"
    TEXT = "text"
    ROWS = "rows"


@dataclass(frozen=True)
class Operator:
    """One operator for people: `words` after an answer, the `types` its first operand may have, an example.

    `least` and `most` are the numbers of operands it takes (`None` is any number). `is_preferred` are those a condition
    editor offers; the others are there for rules from elsewhere and for calculations.
    """

    key: str
    use: Use
    words: Text
    types: frozenset[ValueType]
    example: Rule
    is_preferred: bool = True

    @property
    def least(self) -> int:
        return OPERATIONS[self.key].least

    @property
    def most(self) -> int | None:
        return OPERATIONS[self.key].most


_T = ValueType
_ALL = frozenset(ValueType)
_NUMBERS = frozenset({_T.NUMBER, _T.YEN, _T.ANY})
_DAYS = frozenset({_T.DATE, _T.ANY})
_IN_ORDER = frozenset({_T.NUMBER, _T.YEN, _T.DATE, _T.TIME, _T.ANY})
_SINGLE = frozenset({_T.TEXT, _T.NUMBER, _T.YEN, _T.DATE, _T.TIME, _T.YES_NO, _T.CHOICE, _T.ANY})
_TEXTS = frozenset({_T.TEXT, _T.CHOICE, _T.ANY})
_LISTS = frozenset({_T.CHOICES, _T.ROWS, _T.FILES, _T.ANY})
_ROWS = frozenset({_T.ROWS, _T.FILES, _T.ANY})


def _answer(name: str) -> Rule:
    return {"var": name}


_YOUNG = {"<": [_answer("年齢"), 3]}

OPERATORS: tuple[Operator, ...] = (
    Operator(
        "==", Use.COMPARE, Text("と同じ", easy="と おなじ", en="is"), _SINGLE, {"==": [_answer("住まい"), "持ち家"]}
    ),
    Operator(
        "!=", Use.COMPARE, Text("以外", easy="では ない", en="is not"), _SINGLE, {"!=": [_answer("住まい"), "持ち家"]}
    ),
    Operator(
        ">=", Use.COMPARE, Text("以上（以後）", easy="か、それより 大きい（あと）", en="is at least"), _IN_ORDER,
        {">=": [_answer("人数"), 2]},
    ),
    Operator(
        "<=", Use.COMPARE, Text("以下（以前）", easy="か、それより 小さい（前）", en="is at most"), _IN_ORDER,
        {"<=": [1, _answer("人数"), 10]},
    ),
    Operator(
        ">", Use.COMPARE, Text("を超える（より後）", easy="より 大きい（あと）", en="is more than"), _IN_ORDER,
        {">": [_answer("人数"), 2]},
    ),
    Operator(
        "<", Use.COMPARE, Text("未満（より前）", easy="より 小さい（前）", en="is less than"), _IN_ORDER,
        {"<": [_answer("希望日"), "2026-04-01"]},
    ),
    Operator(
        "in", Use.COMPARE, Text("のどれか", easy="の どれか", en="is one of"), _TEXTS | _NUMBERS,
        {"in": [_answer("住まい"), ["持ち家", "借家"]]},
    ),
    Operator(
        "contains", Use.COMPARE, Text("を含む", easy="が 入って いる", en="includes"), _TEXTS | {_T.CHOICES},
        {"contains": [_answer("希望"), "訪問"]},
    ),
    Operator(
        "is_empty", Use.COMPARE, Text("が未入力", easy="が まだ 書いて いない", en="is not answered"), _ALL,
        {"is_empty": _answer("電話番号")},
    ),
    Operator(
        "===", Use.COMPARE, Text("と種類も同じ", easy="と ぜんぶ おなじ", en="is exactly"), _SINGLE,
        {"===": [_answer("人数"), 2]}, is_preferred=False,
    ),
    Operator(
        "!==", Use.COMPARE, Text("と種類まで同じものではない", easy="と ぜんぶ おなじでは ない", en="is not exactly"),
        _SINGLE, {"!==": [_answer("人数"), 2]}, is_preferred=False,
    ),
    Operator(
        "and", Use.LOGIC, Text("すべてに当てはまる", easy="ぜんぶ 合う", en="all of these hold"), _ALL,
        {"and": [_answer("同意"), {">=": [_answer("人数"), 2]}]},
    ),
    Operator(
        "or", Use.LOGIC, Text("どれかに当てはまる", easy="どれか 合う", en="one of these holds"), _ALL,
        {"or": [_answer("同意"), {">=": [_answer("人数"), 2]}]},
    ),
    Operator(
        "!", Use.LOGIC, Text("当てはまらない", easy="合わない", en="does not hold"), _ALL, {"!": _answer("同意")}
    ),
    Operator(
        "!!", Use.LOGIC, Text("当てはまる", easy="合う", en="holds"), _ALL, {"!!": _answer("同意")}, is_preferred=False
    ),
    Operator(
        "if", Use.LOGIC, Text("条件で値を選ぶ", easy="条件で 値を えらぶ", en="choose by conditions"), _ALL,
        {"if": [_answer("同意"), 0, 500]},
    ),
    Operator(
        "?:", Use.LOGIC, Text("条件で値を選ぶ（if と同じ）", easy="条件で 値を えらぶ", en="same as if"), _ALL,
        {"?:": [_answer("同意"), 0, 500]}, is_preferred=False,
    ),
    Operator("var", Use.DATA, Text("答え", easy="答え", en="the answer"), _ALL, {"var": ["住まい", "持ち家"]}),
    Operator(
        "missing", Use.DATA, Text("未入力の項目", easy="まだ 書いて いない もの", en="what is not answered"), _ALL,
        {"missing": ["電話番号", "メール"]}, is_preferred=False,
    ),
    Operator(
        "missing_some", Use.DATA,
        Text("いくつか入力されるまで未入力の項目", easy="いくつか 書くまで まだ 書いて いない もの",
             en="what is not answered until some are"),
        _ALL, {"missing_some": [1, ["電話番号", "メール"]]}, is_preferred=False,
    ),
    Operator("+", Use.CALCULATE, Text("足す", easy="足す", en="plus"), _NUMBERS, {"+": [_answer("基本額"), 500]}),
    Operator("-", Use.CALCULATE, Text("引く", easy="引く", en="minus"), _NUMBERS, {"-": [_answer("費用"), 500]}),
    Operator("*", Use.CALCULATE, Text("掛ける", easy="かける", en="times"), _NUMBERS, {"*": [_answer("人数"), 300]}),
    Operator("/", Use.CALCULATE, Text("割る", easy="割る", en="divided by"), _NUMBERS, {"/": [_answer("費用"), 2]}),
    Operator(
        "%", Use.CALCULATE, Text("割った余り", easy="割った あまり", en="remainder of division by"), _NUMBERS,
        {"%": [_answer("人数"), 2]}, is_preferred=False,
    ),
    Operator(
        "max", Use.CALCULATE, Text("最も大きい値（最も後の日）", easy="いちばん 大きい もの", en="the largest"),
        _NUMBERS | _DAYS, {"max": [_answer("費用"), 0]},
    ),
    Operator(
        "min", Use.CALCULATE, Text("最も小さい値（最も前の日）", easy="いちばん 小さい もの", en="the smallest"),
        _NUMBERS | _DAYS, {"min": [_answer("費用"), 200000]},
    ),
    Operator(
        "round_down", Use.CALCULATE, Text("切捨て", easy="小さい 部分を なくす", en="rounded down to"), _NUMBERS,
        {"round_down": [_answer("費用"), 1000]},
    ),
    Operator(
        "round_up", Use.CALCULATE, Text("切上げ", easy="上に まとめる", en="rounded up to"), _NUMBERS,
        {"round_up": [_answer("費用"), 100]},
    ),
    Operator(
        "round_half_up", Use.CALCULATE, Text("四捨五入", easy="近い ほうに まとめる", en="rounded half up to"),
        _NUMBERS, {"round_half_up": [_answer("費用"), 10]},
    ),
    Operator("today", Use.DAY, Text("今日", easy="今日", en="today"), _DAYS, {"today": []}),
    Operator(
        "age", Use.DAY, Text("満年齢", easy="年れい", en="age"), _DAYS, {"age": [_answer("生年月日"), "2026-04-01"]}
    ),
    Operator(
        "days_between", Use.DAY, Text("間の日数", easy="あいだの 日の 数", en="days between"), _DAYS,
        {"days_between": [_answer("開始日"), _answer("終了日")]},
    ),
    Operator(
        "months_between", Use.DAY, Text("間の月数", easy="あいだの 月の 数", en="months between"), _DAYS,
        {"months_between": [_answer("開始日"), _answer("終了日")]},
    ),
    Operator(
        "add_days", Use.DAY, Text("何日後", easy="何日 あと", en="days later"), _DAYS,
        {"add_days": [_answer("開始日"), 14]},
    ),
    Operator(
        "add_months", Use.DAY, Text("何か月後", easy="何か月 あと", en="months later"), _DAYS,
        {"add_months": [_answer("開始日"), 3]},
    ),
    Operator(
        "add_years", Use.DAY, Text("何年後", easy="何年 あと", en="years later"), _DAYS,
        {"add_years": [_answer("生年月日"), 18]},
    ),
    Operator(
        "fiscal_year", Use.DAY, Text("年度", easy="年度", en="fiscal year"), _DAYS, {"fiscal_year": _answer("開始日")}
    ),
    Operator("year_of", Use.DAY, Text("その年", easy="その 年", en="year"), _DAYS, {"year_of": _answer("開始日")}),
    Operator(
        "cat", Use.TEXT, Text("つなぐ", easy="つなぐ", en="joined with"), _ALL, {"cat": [_answer("氏"), _answer("名")]}
    ),
    Operator(
        "substr", Use.TEXT, Text("一部", easy="一部", en="a part of"), _TEXTS, {"substr": [_answer("番号"), 0, 3]},
        is_preferred=False,
    ),
    Operator(
        "length", Use.TEXT, Text("長さ（選んだ数）", easy="長さ（えらんだ 数）", en="length"), _TEXTS | _LISTS,
        {"length": _answer("理由")},
    ),
    Operator("count", Use.ROWS, Text("件数", easy="数", en="number of rows"), _LISTS, {"count": _answer("子ども")}),
    Operator(
        "sum", Use.ROWS, Text("合計", easy="ぜんぶ 足した 数", en="total"), _ROWS, {"sum": [_answer("経費"), "金額"]}
    ),
    Operator(
        "some", Use.ROWS, Text("当てはまる行がある", easy="合う ものが ある", en="some row holds"), _ROWS,
        {"some": [_answer("子ども"), _YOUNG]},
    ),
    Operator(
        "all", Use.ROWS, Text("すべての行が当てはまる", easy="ぜんぶ 合う", en="every row holds"), _ROWS,
        {"all": [_answer("子ども"), _YOUNG]},
    ),
    Operator(
        "none", Use.ROWS, Text("当てはまる行がない", easy="合う ものが ない", en="no row holds"), _ROWS,
        {"none": [_answer("子ども"), _YOUNG]},
    ),
    Operator(
        "filter", Use.ROWS, Text("当てはまる行だけ", easy="合う ものだけ", en="only rows that hold"), _ROWS,
        {"filter": [_answer("子ども"), _YOUNG]}, is_preferred=False,
    ),
    Operator(
        "map", Use.ROWS, Text("行ごとの値", easy="一つずつの 値", en="a value of each row"), _ROWS,
        {"map": [_answer("子ども"), _answer("年齢")]}, is_preferred=False,
    ),
    Operator(
        "reduce", Use.ROWS, Text("行を順に計算", easy="一つずつ 計算", en="computed row by row"), _ROWS,
        {"reduce": [_answer("経費"), {"+": [_answer("accumulator"), _answer("current.金額")]}, 0]}, is_preferred=False,
    ),
    Operator(
        "merge", Use.ROWS, Text("一覧を合わせる", easy="一つに する", en="together"), _ALL,
        {"merge": [_answer("希望"), ["訪問"]]}, is_preferred=False,
    ),
    Operator(
        "log", Use.DATA, Text("そのままの値", easy="そのままの 値", en="the value itself"), _ALL,
        {"log": _answer("人数")}, is_preferred=False,
    ),
)  # fmt: skip
