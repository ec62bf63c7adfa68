"""Conditions as a clerk writes them in a cell (条件の書き方): ``works = はい かつ 件数(children) >= 2``.

The plain language covers what forms need; a rule outside it is written as ``式: {…}`` with its JSON, so that nothing is
lost. Reading is strict: whatever is not understood is a `PlainRuleFault` that names the place.

    value     name  123  1.5  2026-04-01  「文字」  "文字"  はい  いいえ  今日  空
    function  年齢(birth)  件数(children)  合計(children, "amount")  含む("a", needs)  もし(条件, 値, ほかの値) …
    compare   =  ≠  <  <=  >  >=
    compute   +  -  *  /
    join      かつ  または  ではない(…)
"""

from __future__ import annotations

import json
import re
import unicodedata
from decimal import Decimal
from typing import Any

from yakuba.kernel.values.api import Refusal

_FUNCTIONS = {
    "年齢": "age",
    "件数": "count",
    "合計": "sum",
    "日数": "days_between",
    "月数": "months_between",
    "日後": "add_days",
    "月後": "add_months",
    "年後": "add_years",
    "年度": "fiscal_year",
    "年": "year_of",
    "切捨て": "round_down",
    "切上げ": "round_up",
    "四捨五入": "round_half_up",
    "未入力": "is_empty",
    "長さ": "length",
    "最大": "max",
    "最小": "min",
    "もし": "if",
    "含む": "in",
    "ではない": "!",
}
_WORDS = {operator: word for word, operator in _FUNCTIONS.items()}
_COMPARES = {
    "=": "==",
    "==": "==",
    "≠": "!=",
    "!=": "!=",
    "<": "<",
    ">": ">",
    "<=": "<=",
    ">=": ">=",
    "≦": "<=",
    "≧": ">=",
}
_SHOWN = {"==": "=", "!=": "≠", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
_TOKEN = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d{2}-\d{2})|(?P<number>\d+(?:\.\d+)?)|「(?P<quoted>[^」]*)」|\"(?P<text>[^\"]*)\""
    r"|(?P<sign><=|>=|!=|==|[=≠<>≦≧+\-*/×÷(),、])|(?P<word>[^\s「」\"=≠<>≦≧+\-*/×÷(),、!]+))"
)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}(?:\.[a-z][a-z0-9_]{0,39})*")
_RAW = "式:"
_LONGEST = 4000
_DEEPEST = 30


class PlainRuleFault(Refusal):
    """The words are no condition; the message says where they stop making sense."""


def read_rule(written: str) -> Any:
    """The rule a line stands for; ``None`` for an empty one. Raises `PlainRuleFault`."""
    text = written.strip()
    if not text:
        return None
    if len(text) > _LONGEST:
        raise PlainRuleFault("条件が長すぎます。", hint="条件を分けるか、計算の質問を使って短くしてください。")
    head = unicodedata.normalize("NFKC", text[:2])
    if head == _RAW:
        try:
            return canonical(json.loads(text[2:], parse_float=Decimal))
        except (ValueError, RecursionError):
            raise PlainRuleFault(
                "「式:」の後がJSONとして読めません。", hint="書き出した式をそのまま使ってください。"
            ) from None
    return _Reader(_tokens(text)).whole()


def write_rule(rule: Any) -> str:
    """The line for a rule; ``read_rule`` gives the same rule back (in its canonical shape)."""
    if rule is None:
        return ""
    rule = canonical(rule)
    try:
        return _written(rule, 0, 0)
    except _Unwritable:
        return _RAW + " " + json.dumps(rule, ensure_ascii=False, default=_number)


def canonical(rule: Any) -> Any:
    """A rule in one shape: operands always in a list, but ``{"var": name}`` for a plain name."""
    if isinstance(rule, float):
        return Decimal(str(rule))
    if isinstance(rule, list):
        return [canonical(one) for one in rule]
    if not isinstance(rule, dict) or len(rule) != 1:
        return rule
    operator, operands = next(iter(rule.items()))
    given = operands if isinstance(operands, list) else [operands]
    if operator == "var":
        return {"var": given[0]} if len(given) == 1 else {"var": [canonical(one) for one in given]}
    return {operator: [canonical(one) for one in given]}


def _number(value: Any) -> Any:
    return int(value) if value == int(value) else float(value)


class _Unwritable(Exception):
    """The plain language has no words for this rule."""


def _written(rule: Any, level: int, depth: int) -> str:
    """``level``: how tightly the place binds (0 または, 1 かつ, 2 comparison, 3 sum, 4 product, 5 single)."""
    if depth > _DEEPEST:
        raise _Unwritable
    if not isinstance(rule, dict):
        return _literal(rule)
    if len(rule) != 1:
        raise _Unwritable
    operator, operands = next(iter(rule.items()))
    if operator == "var":
        if isinstance(operands, str) and _NAME.fullmatch(operands):
            return operands
        raise _Unwritable
    if operator == "today" and not operands:
        return "今日"
    joint, own = _joint(operator, operands)
    if joint:
        words = [_written(one, own + (1 if place or own == 2 else 0), depth + 1) for place, one in enumerate(operands)]
        text = f" {joint} ".join(words)
        return f"({text})" if own < level else text
    if operator in _WORDS and operands:
        return f"{_WORDS[operator]}({', '.join(_written(one, 0, depth + 1) for one in operands)})"
    raise _Unwritable


def _joint(operator: str, operands: list[Any]) -> tuple[str, int]:
    if operator in ("or", "and") and len(operands) == 2:
        return ("または", 0) if operator == "or" else ("かつ", 1)
    if operator in _SHOWN and len(operands) == 2:
        return _SHOWN[operator], 2
    if operator in ("+", "-") and len(operands) == 2:
        return operator, 3
    if operator in ("*", "/") and len(operands) == 2:
        return operator, 4
    return "", 0


def _literal(value: Any) -> str:
    if value is None:
        return "空"
    if value is True or value is False:
        return "はい" if value else "いいえ"
    if isinstance(value, int | Decimal) and value >= 0 and "E" not in f"{value}":
        return f"{value}"
    if isinstance(value, str):
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return value
        if "」" not in value and "\n" not in value:
            return f"「{value}」"
    raise _Unwritable


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 0
    text = text.translate(_HALF)
    while place < len(text) and text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise PlainRuleFault(
                f"「{text[place : place + 12].strip()}」のところが読めません。",
                hint="書き方の見本を見て直してください。",
            )
        kind = str(match.lastgroup)
        found.append((kind, match.group(kind)))
        place = match.end()
    return found


_HALF = str.maketrans("（），＝＜＞＋－＊／！０１２３４５６７８９．\u3000", "(),=<>+-*/!0123456789. ")


class _Reader:
    """Reads tokens by descent; each level binds more tightly than the one before."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = 0

    def whole(self) -> Any:
        rule = self.either()
        if self.place < len(self.tokens):
            raise PlainRuleFault(
                f"「{self.tokens[self.place][1][:20]}」の前で条件が終わっています。",
                hint="「かつ」「または」でつなぐか、余分な文字を消してください。",
            )
        return rule

    def either(self) -> Any:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise PlainRuleFault("かっこが深すぎます。", hint="計算の質問を使って、条件を分けてください。")
        rule = self.both()
        while self.take("word", "または"):
            rule = {"or": [rule, self.both()]}
        self.depth -= 1
        return rule

    def both(self) -> Any:
        rule = self.compared()
        while self.take("word", "かつ"):
            rule = {"and": [rule, self.compared()]}
        return rule

    def compared(self) -> Any:
        rule = self.sum()
        kind, word = self.next()
        if kind == "sign" and word in _COMPARES:
            self.place += 1
            rule = {_COMPARES[word]: [rule, self.sum()]}
        return rule

    def sum(self) -> Any:
        rule = self.product()
        while self.next() in (("sign", "+"), ("sign", "-")):
            sign = self.tokens[self.place][1]
            self.place += 1
            rule = {sign: [rule, self.product()]}
        return rule

    def product(self) -> Any:
        rule = self.single()
        while self.next()[0] == "sign" and self.next()[1] in ("*", "/", "×", "÷"):
            sign = {"×": "*", "÷": "/"}.get(self.next()[1], self.next()[1])
            self.place += 1
            rule = {sign: [rule, self.single()]}
        return rule

    def single(self) -> Any:
        kind, word = self.next()
        if kind == "":
            raise PlainRuleFault("条件が途中で終わっています。", hint="続きを書いてください。")
        self.place += 1
        if kind == "number":
            return Decimal(word) if "." in word else int(word)
        if kind in ("quoted", "text", "date"):
            return word
        if (kind, word) == ("sign", "("):
            rule = self.either()
            self.expect(")")
            return rule
        if kind == "word":
            return self.word(word)
        raise PlainRuleFault(f"「{word}」がここにあるのは正しくありません。", hint="前後を確かめてください。")

    def word(self, word: str) -> Any:
        fixed = {"はい": True, "いいえ": False, "空": None}
        if word in fixed:
            return fixed[word]
        if word == "今日":
            return {"today": []}
        if word in _FUNCTIONS and self.next() == ("sign", "("):
            self.place += 1
            operands = [self.either()]
            while self.next() in (("sign", ","), ("sign", "、")):
                self.place += 1
                operands.append(self.either())
            self.expect(")")
            return {_FUNCTIONS[word]: operands}
        if _NAME.fullmatch(word):
            return {"var": word}
        raise PlainRuleFault(
            f"「{word[:20]}」が何か分かりません。", hint="質問の名前（英数字）か、決められた言葉を書いてください。"
        )

    def next(self) -> tuple[str, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("", "")

    def take(self, kind: str, word: str) -> bool:
        if self.next() == (kind, word):
            self.place += 1
            return True
        return False

    def expect(self, sign: str) -> None:
        if not self.take("sign", sign):
            raise PlainRuleFault(f"「{sign}」が足りません。", hint="かっこの数を合わせてください。")
