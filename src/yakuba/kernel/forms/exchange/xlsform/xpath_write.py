"""Our rules as XPath, as far as an XLSForm can say them exactly. What it cannot say is never approximated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.exchange.xlsform.names import Known, Names

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ORDER = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
_SUMS = {"+": "+", "-": "-", "*": "*"}
_DEEPEST = 30


class Untellable(Exception):
    """XPath has no words for this; ``args[0]`` says why, in Japanese."""


class Writer:
    """Writes rules at one place: ``group`` is the repeat they stand in, ``own`` the name that is written ``.``."""

    def __init__(self, names: Names, *, group: str = "", own: str = "") -> None:
        self.names, self.group, self.own = names, group, own

    def condition(self, rule: Any) -> str:
        """A rule that is asked whether it holds. Raises `Untellable`."""
        return self._condition(rule, 0)

    def value(self, rule: Any) -> str:
        """A rule that gives a value. Raises `Untellable`."""
        return self._value(rule, 0)

    def _condition(self, rule: Any, depth: int) -> str:
        if depth > _DEEPEST:
            raise Untellable("入れ子が深すぎます")
        if isinstance(rule, bool):
            return "true()" if rule else "false()"
        operator, operands = _parted(rule)
        if operator == "var":
            return self._answer_holds(self._known(operands))
        if operator in ("and", "or") and operands:
            parts = [self._condition(one, depth + 1) for one in operands]
            return f"({f' {operator} '.join(parts)})" if len(parts) > 1 else parts[0]
        if operator == "!" and len(operands) == 1:
            return self._denied(operands[0], depth)
        if operator in ("==", "!=") and len(operands) == 2:
            return self._equal(operator, operands, depth)
        if operator in _ORDER:
            return self._ordered(operator, operands, depth)
        if operator == "is_empty" and len(operands) == 1:
            return f"{self._value(operands[0], depth + 1)} = ''"
        if operator in ("contains", "in") and len(operands) == 2:
            return self._held(operator, operands, depth)
        if operator == "if" and len(operands) == 3:
            parts = [self._condition(one, depth + 1) for one in operands]
            return f"if({', '.join(parts)})"
        raise Untellable(f"「{operator or '値'}」はXPathの条件にできません")

    def _answer_holds(self, known: Known) -> str:
        name = self._written(known)
        if known.type is ValueType.YES_NO:
            return f"{name} = 'yes'"
        if known.type in (ValueType.NUMBER, ValueType.YEN):
            return f"({name} != '' and {name} != 0)"
        if known.type in (ValueType.ROWS, ValueType.ANY, ValueType.FILES):
            raise Untellable("答えそのものを条件にできません")
        return f"{name} != ''"

    def _denied(self, rule: Any, depth: int) -> str:
        operator, operands = _parted(rule)
        if operator == "is_empty" and len(operands) == 1:
            return f"{self._value(operands[0], depth + 1)} != ''"
        if operator == "==" and len(operands) == 2 and None not in operands:
            return self._equal("!=", operands, depth, strictly=False)
        return f"not({self._condition(rule, depth + 1)})"

    def _equal(self, operator: str, operands: list[Any], depth: int, *, strictly: bool = True) -> str:
        one, other = operands
        if other is None or one is None:
            asked = one if other is None else other
            return f"{self._value(asked, depth + 1)} {'=' if operator == '==' else '!='} ''"
        if isinstance(other, bool) or isinstance(one, bool):
            asked, said = (one, other) if isinstance(other, bool) else (other, one)
            known = self._known(_parted(asked)[1]) if _parted(asked)[0] == "var" else None
            if known is None or known.type is not ValueType.YES_NO:
                raise Untellable("「はい・いいえ」の質問だけが、はい・いいえと比べられます")
            left, right = self._written(known), "'yes'" if said else "'no'"
        else:
            self._refuse_lists(one, other)
            left, right = self._value(one, depth + 1), self._value(other, depth + 1)
        if operator == "==":
            return f"{left} = {right}"
        # 「以外」 of ours is false without an answer; XPath's is true.
        return f"({left} != '' and {left} != {right})" if strictly else f"{left} != {right}"

    def _refuse_lists(self, *operands: Any) -> None:
        for one in operands:
            operator, given = _parted(one)
            if isinstance(one, list) or (operator == "var" and self._known(given).type is ValueType.CHOICES):
                raise Untellable("一覧どうしは比べられません")

    def _ordered(self, operator: str, operands: list[Any], depth: int) -> str:
        if len(operands) == 3:
            low, middle, high = operands
            pair = [{operator: [low, middle]}, {operator: [middle, high]}]
            return f"({' and '.join(self._condition(one, depth + 1) for one in pair)})"
        if len(operands) != 2:
            raise Untellable("比べるものは二つです")
        left, right = (self._value(one, depth + 1) for one in operands)
        return f"{left} {_ORDER[operator]} {right}"

    def _held(self, operator: str, operands: list[Any], depth: int) -> str:
        whole, part = operands if operator == "contains" else operands[::-1]
        if isinstance(whole, list):
            asked = self._value(part, depth + 1)
            if not whole or not all(isinstance(one, str) for one in whole):
                raise Untellable("この一覧はXPathにできません")
            return f"({' or '.join(f'{asked} = {_text(one)}' for one in whole)})"
        head, given = _parted(whole)
        if head == "var":
            known = self._known(given)
            if known.type is ValueType.CHOICES and isinstance(part, str):
                return f"selected({self._written(known)}, {_text(part)})"
            if known.type is ValueType.TEXT:
                return f"contains({self._written(known)}, {self._value(part, depth + 1)})"
        raise Untellable("この「含む」はXPathにできません")

    def _value(self, rule: Any, depth: int) -> str:
        if depth > _DEEPEST:
            raise Untellable("入れ子が深すぎます")
        if not isinstance(rule, dict):
            return _literal(rule)
        operator, operands = _parted(rule)
        if operator == "var":
            return self._answer(self._known(operands))
        if operator == "today" and not operands:
            return "today()"
        if operator in _SUMS and len(operands) == 2:
            left, right = (self._value(one, depth + 1) for one in operands)
            return f"({left} {_SUMS[operator]} {right})"
        if operator == "/" and len(operands) == 2:
            left, right = (self._value(one, depth + 1) for one in operands)
            return f"({left} div {right})"
        if operator in ("max", "min") and len(operands) == 2:
            return f"{operator}({', '.join(self._value(one, depth + 1) for one in operands)})"
        if operator == "if" and len(operands) >= 3 and len(operands) % 2:
            return self._chosen(operands, depth)
        if operator == "cat" and operands:
            return f"concat({', '.join(self._value(one, depth + 1) for one in operands)})"
        return self._counted(operator, operands)

    def _chosen(self, operands: list[Any], depth: int) -> str:
        condition, then = self._condition(operands[0], depth + 1), self._value(operands[1], depth + 1)
        rest = operands[2:]
        otherwise = self._value(rest[0], depth + 1) if len(rest) == 1 else self._chosen(rest, depth + 1)
        return f"if({condition}, {then}, {otherwise})"

    def _counted(self, operator: str, operands: list[Any]) -> str:
        head, given = _parted(operands[0]) if operands else ("", [])
        if head == "var":
            known = self._known(given)
            if operator in ("count", "length") and len(operands) == 1:
                if known.type is ValueType.ROWS:
                    return f"count({self._written(known)})"
                if known.type is ValueType.CHOICES:
                    return f"count-selected({self._written(known)})"
                if operator == "length" and known.type is ValueType.TEXT:
                    return f"string-length({self._written(known)})"
            if operator == "sum" and len(operands) == 2 and known.type is ValueType.ROWS:
                column = self.names.of_ours.get(f"{known.rule_name}.{operands[1]}")
                if column is not None:
                    return f"sum(${{{column}}})"
        raise Untellable(f"「{operator or '値'}」はXPathの計算にできません")

    def _answer(self, known: Known) -> str:
        if known.type in (ValueType.ROWS, ValueType.NAME, ValueType.ADDRESS, ValueType.ANY, ValueType.FILES):
            raise Untellable("組になった答えは、そのままではXPathにできません")
        return self._written(known)

    def _known(self, operands: Sequence[Any]) -> Known:
        if len(operands) != 1 or not isinstance(operands[0], str):
            raise Untellable("この名前はXPathにできません")
        ours = operands[0]
        if ours.startswith("row."):
            ours = f"{self.group}.{ours[4:]}"
        name = self.names.of_ours.get(ours)
        if name is None:
            raise Untellable(f"「{operands[0]}」はXLSFormの質問ではありません")
        known = self.names.known[name]
        if known.repeat and known.repeat != self.group:
            raise Untellable("繰り返しの中の答えを、外から一つだけ指すことはできません")
        return known

    def _written(self, known: Known) -> str:
        ours = f"{known.repeat}.{known.key}" if known.repeat else known.rule_name
        name = self.names.of_ours[ours]
        return "." if name == self.own else f"${{{name}}}"


def _literal(value: Any) -> str:
    if value is None:
        return "''"
    if isinstance(value, bool):
        return "true()" if value else "false()"
    if isinstance(value, int | float | Decimal):
        return f"{Decimal(str(value)):f}"
    if isinstance(value, str):
        return f"date({_text(value)})" if _DAY.fullmatch(value) else _text(value)
    raise Untellable("この値はXPathにできません")


def _text(value: str) -> str:
    if "'" not in value:
        return f"'{value}'"
    if '"' not in value:
        return f'"{value}"'
    raise Untellable("引用符が二種類入った文字はXPathにできません")


def _parted(rule: Any) -> tuple[str, list[Any]]:
    if not isinstance(rule, dict) or len(rule) != 1:
        return "", []
    operator, operands = next(iter(rule.items()))
    return str(operator), operands if isinstance(operands, list) else [operands]
