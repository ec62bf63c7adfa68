"""XPath as XLSForms use it, read as our rules: a small parser of its own, bounded, that says where it stops."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.exchange.xlsform.names import Known
from yakuba.kernel.values.api import Refusal

LONGEST = 4000
_DEEPEST = 30
_TOKEN = re.compile(
    r"\s*(?:(?P<name>\$\{\s*[^{}]{1,120}?\s*\})|(?P<number>\d+(?:\.\d+)?|\.\d+)|'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\""
    r"|(?P<sign><=|>=|!=|=|<|>|\+|-|\*|\(|\)|,)|(?P<own>\.(?![\w./]))|(?P<word>[A-Za-z][\w:-]*))"
)
_COMPARES = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


REGEX = "regex()"
"""What a pattern becomes until the reader of the sheet has made a setting of it; no operator of ours."""

_CALLED = {
    "string-length": ("length", 1, 1),
    "count-selected": ("count", 1, 1),
    "max": ("max", 2, 20),
    "min": ("min", 2, 20),
    "concat": ("cat", 1, 20),
    "contains": ("contains", 2, 2),
}
"""Functions of XPath by operator and number of operands."""


class XPathFault(Refusal):
    """The expression is outside what we read; the message says where."""


def read_xpath(text: str, known: Mapping[str, Known], *, own: Known | None = None, repeat: str = "") -> Any:
    """The rule an expression stands for. ``own`` is what ``.`` means, ``repeat`` the repeat it stands in.

    Raises `XPathFault`.
    """
    if len(text) > LONGEST:
        raise XPathFault("式が長すぎます。", hint="計算の質問に分けてください。")
    reader = _Reader(_tokens(text), known, own, repeat)
    rule = reader.either()
    if reader.place < len(reader.tokens):
        raise XPathFault(f"「{reader.tokens[reader.place][1][:20]}」の前で式が終わっています。")
    return _holding(rule, reader)


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise XPathFault(f"「{text[place : place + 15].strip()}」のところが読めません。")
        kind = str(match.lastgroup)
        value = match.group(kind)
        if kind in ("single", "double"):
            kind = "text"
        found.append((kind, value[2:-1].strip() if kind == "name" else value))
        place = match.end()
    return found


class _Reader:
    """Reads by descent; each level binds more tightly than the one before."""

    def __init__(
        self, tokens: list[tuple[str, str]], known: Mapping[str, Known], own: Known | None, repeat: str
    ) -> None:
        self.tokens, self.known, self.own, self.repeat = tokens, known, own, repeat
        self.place = self.depth = 0

    def either(self) -> Any:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise XPathFault("かっこが深すぎます。")
        parts = [self.both()]
        while self.take("word", "or"):
            parts.append(self.both())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else {"or": [_holding(one, self) for one in parts]}

    def both(self) -> Any:
        parts = [self.compared()]
        while self.take("word", "and"):
            parts.append(self.compared())
        return parts[0] if len(parts) == 1 else {"and": [_holding(one, self) for one in parts]}

    def compared(self) -> Any:
        left = self.sum()
        kind, sign = self.next()
        if kind != "sign" or sign not in _COMPARES:
            return left
        self.place += 1
        return _comparison(sign, left, self.sum(), self)

    def sum(self) -> Any:
        rule = self.product()
        while self.next() in (("sign", "+"), ("sign", "-")):
            sign = self.tokens[self.place][1]
            self.place += 1
            rule = {sign: [rule, self.product()]}
        return rule

    def product(self) -> Any:
        rule = self.single()
        while self.next() in (("sign", "*"), ("word", "div"), ("word", "mod")):
            sign = {"div": "/", "mod": "%"}.get(self.tokens[self.place][1], "*")
            self.place += 1
            rule = {sign: [rule, self.single()]}
        return rule

    def single(self) -> Any:
        kind, word = self.next()
        if not kind:
            raise XPathFault("式が途中で終わっています。")
        self.place += 1
        if kind == "number":
            return _number(Decimal(word))
        if kind == "text":
            return word
        if kind == "name":
            return self.answer(word)
        if kind == "own":
            if self.own is None:
                raise XPathFault("「.」は、入力の確認の中だけで使えます。")
            return {"var": self.own.rule_name}
        if (kind, word) == ("sign", "("):
            rule = self.either()
            self.expect(")")
            return rule
        if (kind, word) == ("sign", "-"):
            inner = self.single()
            return -inner if isinstance(inner, int | float) else {"-": [0, inner]}
        if kind == "word":
            return self.function(word)
        raise XPathFault(f"「{word}」がここにあるのは正しくありません。")

    def answer(self, name: str) -> Any:
        known = self.known.get(name)
        if known is None:
            raise XPathFault(f"「{name[:40]}」という質問がありません。", hint="surveyシートのnameを確かめてください。")
        if known.repeat and known.repeat != self.repeat:
            raise XPathFault(
                f"「{name[:40]}」は繰り返しの中の質問です。", hint="繰り返しの外からは、count()とsum()だけが使えます。"
            )
        return {"var": known.rule_name}

    def function(self, word: str) -> Any:
        if not self.take("sign", "("):
            raise XPathFault(f"「{word[:20]}」が何か分かりません。")
        if word in ("count", "sum"):
            return self.over_rows(word)
        operands: list[Any] = []
        if not self.take("sign", ")"):
            operands.append(self.either())
            while self.take("sign", ","):
                operands.append(self.either())
            self.expect(")")
        return self.called(word, operands)

    def over_rows(self, word: str) -> Any:
        kind, name = self.next()
        known = self.known.get(name) if kind == "name" else None
        if known is None:
            raise XPathFault(f"{word}()の中には、繰り返しか、その中の質問の名前だけを書けます。")
        self.place += 1
        self.expect(")")
        if word == "count":
            return {"count": [{"var": known.rule_name if known.type is ValueType.ROWS else known.repeat}]}
        if not known.repeat:
            raise XPathFault("sum()の中には、繰り返しの中の質問を書いてください。")
        return {"sum": [{"var": known.repeat}, known.key]}

    def called(self, word: str, operands: list[Any]) -> Any:
        count = len(operands)
        if word in ("true", "false", "today") and not count:
            return {"today": []} if word == "today" else word == "true"
        if word == "selected" and count == 2:
            return self.selected(operands)
        if word == "not" and count == 1:
            return {"!": [_holding(operands[0], self)]}
        if word == "if" and count == 3:
            return {"if": [_holding(operands[0], self), *operands[1:]]}
        if word == "regex" and count == 2 and isinstance(operands[1], str):
            return {REGEX: operands}
        if (word == "date" and count == 1 and isinstance(operands[0], str)) or (word == "number" and count == 1):
            return operands[0]
        if word == "int" and count == 1:
            return {"round_down": [operands[0], 1]}
        if word == "round" and (count == 1 or (count == 2 and operands[1] == 0)):
            return {"round_half_up": [operands[0], 1]}
        operator, least, most = _CALLED.get(word, ("", 0, -1))
        if not least <= count <= most:
            raise XPathFault(f"関数「{word}()」は読めません。", hint="docs/xlsform.mdの一覧にある関数だけが使えます。")
        return {operator: operands}

    def selected(self, operands: list[Any]) -> Any:
        asked, value = operands
        known = self.known_of(asked)
        if known is None or not isinstance(value, str):
            raise XPathFault("selected()は、質問の名前と値の組で書いてください。")
        value = known.values.get(value, value)
        if known.type is ValueType.YES_NO:
            return {"==": [asked, value == "yes"]}
        return {"contains" if known.type is ValueType.CHOICES else "==": [asked, value]}

    def known_of(self, rule: Any) -> Known | None:
        """What an answer stands for, if the rule is one."""
        if not isinstance(rule, dict) or not isinstance(rule.get("var"), str):
            return None
        name = rule["var"]
        if self.own is not None and self.own.rule_name == name:
            return self.own
        return next(
            (one for one in self.known.values() if one.rule_name == name and one.repeat in ("", self.repeat)), None
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
            raise XPathFault(f"「{sign}」が足りません。")


def _comparison(sign: str, left: Any, right: Any, reader: _Reader) -> Any:
    operator = _COMPARES[sign]
    if operator in ("==", "!="):
        for asked, said in ((left, right), (right, left)):
            if said == "" and isinstance(said, str):
                empty = {"is_empty": [asked]}
                return empty if operator == "==" else {"!": [empty]}
            known = reader.known_of(asked)
            if known is not None and isinstance(said, str):
                said = known.values.get(said, said)
                if known.type is ValueType.YES_NO:
                    if said not in ("yes", "no"):
                        raise XPathFault(f"「{said[:20]}」は「はい・いいえ」の値ではありません。")
                    return _equal(operator, asked, said == "yes")
                if known.type is ValueType.CHOICES:
                    raise XPathFault("いくつも選ぶ質問は、selected()で比べてください。")
                return _equal(operator, asked, said)
        return _equal(operator, left, right)
    return {operator: [left, right]}


def _equal(operator: str, left: Any, right: Any) -> Any:
    # 「以外」 of XPath is true without an answer; ours is not.
    return {"==": [left, right]} if operator == "==" else {"!": [{"==": [left, right]}]}


def _holding(rule: Any, reader: _Reader) -> Any:
    """A value that is asked whether it holds: a select of yes and no holds when it is yes."""
    known = reader.known_of(rule)
    if known is not None and known.type is ValueType.YES_NO:
        return {"==": [rule, True]}
    return rule


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
