"""Formulas as clerks write them (計算式・条件): 「価格」*「数量」, 「状態」= "貸出中" かつ 「金額」>= 1000.

Read into the rules of `kernel.expressions` and written back from them. Nothing else of the language can be written here.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType

LONGEST, DEEPEST, DEEPEST_RULE = 2000, 20, 30
FUNCTIONS = {
    "切捨て": ("round_down", (1, 2)),
    "切上げ": ("round_up", (1, 2)),
    "四捨五入": ("round_half_up", (1, 2)),
    "日数": ("days_between", (2, 2)),
    "月数": ("months_between", (2, 2)),
    "日後": ("add_days", (2, 2)),
    "月後": ("add_months", (2, 2)),
    "年度": ("fiscal_year", (1, 1)),
    "つなぐ": ("cat", (1, 20)),
    "空欄": ("is_empty", (1, 1)),
    "含む": ("contains", (2, 2)),
    "文字数": ("length", (1, 1)),
    "もし": ("if", (3, 3)),
    "今日": ("today", (0, 0)),
    "ではない": ("!", (1, 1)),
    "最大": ("max", (1, 20)),
    "最小": ("min", (1, 20)),
}
_NAMES = {operator: word for word, (operator, _) in FUNCTIONS.items()}
_TOKEN = re.compile(
    r"\s*(?:(?P<name>「[^」]{1,60}」)|(?P<text>\"[^\"]{0,200}\"|“[^”]{0,200}”)|(?P<number>\d{1,15}(?:\.\d{1,6})?)"
    r"|(?P<sign><>|>=|<=|≧|≦|≠|[-+*/×÷=<>(),、])|(?P<word>かつ|または|はい|いいえ|切捨て|切上げ|四捨五入|日数|月数|日後|月後"
    r"|年度|つなぐ|空欄|含む|文字数|もし|今日|ではない|最大|最小))"
)
_SIGNS = {"×": "*", "÷": "/", "≧": ">=", "≦": "<=", "≠": "<>", "、": ","}
_COMPARED = {"=": "==", "<>": "!=", ">": ">", "<": "<", ">=": ">=", "<=": "<="}


class FormulaFault(Refusal):
    """A formula that cannot be read; the message says where."""


def read_formula(text: str, definition: AppDefinition) -> Any:
    """The rule of a formula; None for an empty one. Raises `FormulaFault`."""
    if not text.strip():
        return None
    if len(text) > LONGEST:
        raise FormulaFault("式が長すぎます。", hint=f"{LONGEST:,}文字までにしてください。")
    reader = _Reader(_tokens(text), definition)
    rule = reader.either(0)
    if reader.tokens:
        raise FormulaFault(
            f"式の「{reader.tokens[0][1]}」の前後が読めません。", hint="記号やかっこを確かめてください。"
        )
    if _is_deep(rule):
        raise FormulaFault(
            f"式の計算が{DEEPEST_RULE}段を超えています。",
            hint="計算の項目をいくつかに分けて、その項目を使ってください。",
        )
    return rule


def _is_deep(rule: Any) -> bool:
    """Whether the parts of a rule lie deeper than any rule is evaluated: a long chain (1+1+1…) does so without brackets."""
    waiting = [(rule, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > 2 * DEEPEST_RULE:  # each operation is an object and its list
            return True
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        waiting += [(one, depth + 1) for one in inner]
    return False


def _tokens(text: str) -> list[tuple[str, str]]:
    parts = re.split(r"(「[^」]*」|\"[^\"]*\"|“[^”]*”)", text)
    tidy = "".join(part if number % 2 else unicodedata.normalize("NFKC", part) for number, part in enumerate(parts))
    tokens: list[tuple[str, str]] = []
    place = 0
    while tidy[place:].strip():
        found = _TOKEN.match(tidy, place)
        if found is None or found.lastgroup is None:
            raise FormulaFault(
                f"式の「{tidy[place : place + 12].strip()}」が読めません。",
                hint='項目は「」で、文字は""で囲んでください（例：「価格」*「数量」）。',
            )
        tokens.append((found.lastgroup, _SIGNS.get(found[found.lastgroup], found[found.lastgroup])))
        place = found.end()
    return tokens


class _Reader:
    """Reads from weak to strong: または, かつ, comparison, + -, * /, a single value."""

    def __init__(self, tokens: list[tuple[str, str]], definition: AppDefinition) -> None:
        self.tokens = tokens
        self.definition = definition

    def either(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise FormulaFault("式のかっこが深すぎます。", hint="式を短くしてください。")
        return self._joined("または", "or", lambda: self._joined("かつ", "and", lambda: self._compared(depth)))

    def _joined(self, word: str, operator: str, part: Any) -> Any:
        parts = [part()]
        while self._take(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else {operator: parts}

    def _compared(self, depth: int) -> Any:
        left = self._sum(depth)
        for sign, operator in _COMPARED.items():
            if self._take(sign):
                right = self._sum(depth)
                return {operator: [self._meant(left, right), self._meant(right, left)]}
        return left

    def _meant(self, value: Any, beside: Any) -> Any:
        """A choice is compared by its key, though people write its label."""
        one = self._field_of(beside)
        if one is not None and one.type.has_choices and isinstance(value, str):
            for choice in one.choices:
                if value in (choice.label, choice.key):
                    return choice.key
            raise FormulaFault(
                f"「{one.label}」に「{value}」という選択肢はありません。", hint="選択肢の名前を確かめてください。"
            )
        return value

    def _field_of(self, rule: Any) -> AppField | None:
        if isinstance(rule, dict) and "var" in rule:
            return self.definition.field(rule["var"])
        return None

    def _sum(self, depth: int) -> Any:
        value = self._product(depth)
        while self.tokens and self.tokens[0][1] in ("+", "-"):
            sign = self.tokens.pop(0)[1]
            value = {sign: [value, self._product(depth)]}
        return value

    def _product(self, depth: int) -> Any:
        value = self._single(depth)
        while self.tokens and self.tokens[0][1] in ("*", "/"):
            sign = self.tokens.pop(0)[1]
            value = {sign: [value, self._single(depth)]}
        return value

    def _single(self, depth: int) -> Any:
        if not self.tokens:
            raise FormulaFault("式が途中で終わっています。", hint="続きを書いてください。")
        kind, text = self.tokens.pop(0)
        if kind == "name":
            return self._named(text[1:-1])
        if kind == "text":
            return text[1:-1]
        if kind == "number":
            return int(text) if "." not in text else float(Decimal(text))
        if text in ("はい", "いいえ"):
            return text == "はい"
        if text == "-":
            return {"-": [self._single(depth)]}
        if text == "(":
            value = self.either(depth + 1)
            self._expect(")")
            return value
        if text in FUNCTIONS:
            return self._called(text, depth)
        raise FormulaFault(f"式の「{text}」の場所が正しくありません。", hint="記号やかっこを確かめてください。")

    def _named(self, name: str) -> Any:
        for one in self.definition.stored:
            if name in (one.label, one.key):
                return {"var": one.key}
        raise FormulaFault(f"「{name}」という項目はありません。", hint="項目の名前を確かめてください。")

    def _called(self, word: str, depth: int) -> Any:
        operator, (least, most) = FUNCTIONS[word]
        self._expect("(")
        given: list[Any] = []
        while not self._take(")"):
            if given:
                self._expect(",")
            given.append(self.either(depth + 1))
        if not least <= len(given) <= most:
            raise FormulaFault(f"「{word}」のかっこの中の数が違います。", hint=f"{least}つ必要です。")
        if operator == "contains" and len(given) == 2:
            given[1] = self._meant(given[1], given[0])
        return {operator: given}

    def _take(self, text: str) -> bool:
        if self.tokens and self.tokens[0][1] == text and self.tokens[0][0] not in ("text", "name"):
            self.tokens.pop(0)
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise FormulaFault(f"式に「{text}」が足りません。", hint="かっこと区切りを確かめてください。")


def write_formula(rule: Any, definition: AppDefinition) -> str:
    """The formula of a rule; "" for none. Raises `FormulaFault` for a rule that cannot be written so."""
    return "" if rule is None else _written(rule, definition, 0, None)


_STRENGTH = {"or": 1, "and": 2, **dict.fromkeys(_COMPARED.values(), 3), "+": 4, "-": 4, "*": 5, "/": 5}
_WORDS = {"or": " または ", "and": " かつ ", **{operator: f" {sign} " for sign, operator in _COMPARED.items()}}


def _written(rule: Any, definition: AppDefinition, around: int, beside: AppField | None) -> str:
    if isinstance(rule, bool):
        return "はい" if rule else "いいえ"
    if isinstance(rule, int | float | Decimal):
        return f"{Decimal(str(rule)):f}" if rule >= 0 else f"(-{Decimal(str(-rule)):f})"
    if isinstance(rule, str) and '"' not in rule:
        return f'"{beside.choice_label(rule) if beside is not None and beside.type.has_choices else rule}"'
    if not isinstance(rule, dict) or len(rule) != 1:
        raise _unwritable()
    operator, given = next(iter(rule.items()))
    operands = given if isinstance(given, list) else [given]
    if operator == "var" and isinstance(operands[0] if operands else None, str):
        one = definition.field(operands[0])
        return f"「{one.label if one else operands[0]}」"
    fields = [definition.field(part["var"]) if _is_name(part) else None for part in operands]
    near = next((one for one in fields if one is not None), None)
    if operator == "-" and len(operands) == 1:
        return f"-{_written(operands[0], definition, 6, None)}"
    if operator in _STRENGTH and len(operands) > 1:
        mine = _STRENGTH[operator]
        parts = [
            _written(part, definition, mine + (1 if number and operator in ("-", "/", "+", "*") else 0), near)
            for number, part in enumerate(operands)
        ]
        joined = _WORDS.get(operator, f" {operator} ").join(parts)
        return f"({joined})" if mine < around or (mine == around == 3) else joined
    if operator in _NAMES:
        return f"{_NAMES[operator]}({', '.join(_written(part, definition, 0, near) for part in operands)})"
    raise _unwritable()


def _is_name(rule: Any) -> bool:
    return isinstance(rule, dict) and isinstance(rule.get("var"), str)


def _unwritable() -> FormulaFault:
    return FormulaFault("この式は、ここでは表せません。", hint="式を書き直してください。")


def in_formula(rule: Any, definition: AppDefinition) -> str:
    """The formula for showing; a rule that cannot be written so is named as such."""
    try:
        return write_formula(rule, definition)
    except FormulaFault:
        return "（ここでは表せない式）"


EXAMPLE = {FieldType.COMPUTED: '「単価」*「数量」、日数(「貸出日」, 「返却日」)、もし(「価格」>= 1000, "高額", "")'}
