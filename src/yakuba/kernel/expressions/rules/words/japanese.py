"""Rules in Japanese, for clerks (`Japanese`) and in やさしい日本語 for residents (`EasyJapanese`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from yakuba.kernel.expressions.rules.dates import date_of
from yakuba.kernel.expressions.rules.values import Rule, ValueType, decimal_of, taken
from yakuba.kernel.expressions.rules.words.claims import Claim, Joined, Named, Settled, Statement, parted, statement_of
from yakuba.kernel.expressions.rules.words.terms import (
    COMPUTATIONS,
    SAME_UNIT,
    Scope,
    Unit,
    number_words,
    quoted,
    unit_of,
)
from yakuba.kernel.japan.api import era_date
from yakuba.kernel.values.api import Refusal

_TIME = re.compile(r"(?P<hour>[0-2][0-9]):(?P<minute>[0-5][0-9])")


@dataclass(frozen=True)
class Phrase:
    """A statement in the forms Japanese needs: before a noun, at the end, before 「かつ」, before 「または」."""

    before_noun: str
    plain: str
    joining: str
    choosing: str

    def led_by(self, words: str) -> Phrase:
        return Phrase(*(f"{words}{form}" for form in (self.before_noun, self.plain, self.joining, self.choosing)))


def noun(text: str) -> Phrase:
    """「2以上」: 「2以上のとき」「2以上で、かつ」"""
    return Phrase(f"{text}の", text, f"{text}で", f"{text}か")


def adjective(stem: str) -> Phrase:
    """「大き」: 「大きいとき」「大きく、かつ」"""
    return Phrase(f"{stem}い", f"{stem}い", f"{stem}く", f"{stem}いか")


def verb(stem: str, ending: str = "る", joining: str = "") -> Phrase:
    """「含まれ」: 「含まれるとき」「含まれ、かつ」"""
    return Phrase(stem + ending, stem + ending, stem + joining, f"{stem}{ending}か")


class Japanese:
    """Office Japanese: short, with the words of rules and ordinances (以上, 未満, かつ, または)."""

    and_, or_ = "、かつ", "、または"
    space = ""
    unit_words: ClassVar[dict[Unit, str]] = {
        Unit.NONE: "", Unit.YEN: "円", Unit.YEARS_OLD: "歳", Unit.DAYS: "日", Unit.MONTHS: "か月", Unit.ROWS: "件",
        Unit.LETTERS: "文字", Unit.FISCAL_YEAR: "年度", Unit.YEAR: "年",
    }  # fmt: skip
    sizes: ClassVar[dict[str, Callable[[str], Phrase]]] = {
        ">=": lambda other: noun(f"{other}以上"),
        "<=": lambda other: noun(f"{other}以下"),
        "<": lambda other: noun(f"{other}未満"),
        ">": lambda other: verb(f"{other}を超え"),
    }
    days: ClassVar[dict[str, Callable[[str], Phrase]]] = {
        ">=": lambda other: noun(f"{other}以後"),
        "<=": lambda other: noun(f"{other}以前"),
        "<": lambda other: noun(f"{other}より前"),
        ">": lambda other: noun(f"{other}より後"),
    }
    denied_sizes: ClassVar[dict[str, str]] = {}
    yes, no, nothing = "はい", "いいえ", "空"
    empty, filled = noun("未入力"), verb("入力されてい", joining="て")
    contained = verb("含まれ")
    not_contained = Phrase("含まれない", "含まれない", "含まれず", "含まれないか")
    always, never = "いつも", "どのような場合も当てはまらない"
    unanswered_among = "のどれかが"

    def condition(self, statement: Statement, scope: Scope) -> str:
        """The sentence 「…のとき」."""
        if isinstance(statement, Settled):
            return self.always if statement.holds else self.never
        return f"{self.phrase(statement, scope).before_noun}{self.space}とき"

    # Statements

    def phrase(self, statement: Statement, scope: Scope) -> Phrase:
        if isinstance(statement, Settled):
            return noun(self.always if statement.holds else "当てはまらないもの")
        if isinstance(statement, Claim):
            return self.claim(statement, scope)
        *first, last = [self._part(part, scope) for part in statement.parts]
        if statement.by == "and":
            return last.led_by("".join(f"{phrase.joining}{self.and_}" for phrase in first))
        return last.led_by("".join(f"{phrase.choosing}{self.or_}" for phrase in first))

    def _part(self, statement: Statement, scope: Scope) -> Phrase:
        """One of several joined statements; what is joined itself stands in brackets."""
        if not isinstance(statement, Joined):
            return self.phrase(statement, scope)
        joint = self.or_ if statement.by == "or" else self.and_
        inside = joint.join(self._part(part, scope).plain for part in statement.parts)
        two = len(statement.parts) == 2
        if statement.by == "or":
            return noun(f"（{inside}）の{self.space}{'どちらか' if two else 'どれか'}")
        return noun(f"（{inside}）の{self.space}{'両方' if two else 'すべて'}")

    def claim(self, claim: Claim, scope: Scope) -> Phrase:
        """One statement, with what it is about in front."""
        tell: Callable[[Claim, Scope], Phrase] = {
            "==": self._equal, "!=": self._different, "empty": self._empty, "absent": self._empty,
            "one_of": self._one_of, "holds": self._holds, "true": self._true, "missing": self._missing,
            "missing_some": self._missing_some, "all": self._all, "some": self._some, "none": self._some,
            "between": self._between, "strictly_between": self._between,
        }.get(claim.key, self._size)  # fmt: skip
        return tell(claim, scope)

    def _about(self, rule: Rule, scope: Scope) -> str:
        return f"{self.term(rule, scope)}が{self.space}"

    def denied(self, phrase: Phrase) -> Phrase:
        """The opposite: 「2以上でない」「大きくない」「含まれない」."""
        return adjective(f"{phrase.joining}な")

    def _told(self, phrase: Phrase, claim: Claim, scope: Scope) -> Phrase:
        return (self.denied(phrase) if claim.is_denied else phrase).led_by(self._about(claim.parts[0], scope))

    def _equal(self, claim: Claim, scope: Scope) -> Phrase:
        return self._told(noun(self.beside(claim.parts[1], claim.parts[0], scope)), claim, scope)

    def _different(self, claim: Claim, scope: Scope) -> Phrase:
        other = self.beside(claim.parts[1], claim.parts[0], scope)
        return self._told(noun(f"{other}{self.space}以外"), claim, scope)

    def _size(self, claim: Claim, scope: Scope) -> Phrase:
        one, other = claim.parts
        words = self.days if self._are_days(claim.parts, scope) else self.sizes
        return self._told(words[claim.key](self.beside(other, one, scope)), claim, scope)

    def _between(self, claim: Claim, scope: Scope) -> Phrase:
        about, low, high = claim.parts
        lowest, highest = self.beside(low, about, scope), self.beside(high, about, scope)
        are_days = self._are_days(claim.parts, scope)
        if claim.key == "between" and (are_days or self.space):
            return self._told(noun(f"{lowest}から{self.space}{highest}まで"), claim, scope)
        words = self.days if are_days else self.sizes
        if claim.key == "between":
            return self._told(noun(f"{words['>='](lowest).plain}{words['<='](highest).plain}"), claim, scope)
        lower, upper = words[">"](lowest), words["<"](highest)
        return self._told(upper.led_by(f"{lower.joining}、{self.space}"), claim, scope)

    def _are_days(self, rules: Sequence[Rule], scope: Scope) -> bool:
        makers = ("today", "add_days", "add_months", "add_years")
        return any(
            scope.of(rule).type in (ValueType.DATE, ValueType.TIME)
            or parted(rule)[0] in makers
            or (isinstance(rule, str) and (date_of(rule) is not None or _TIME.fullmatch(rule) is not None))
            for rule in rules
        )

    def _empty(self, claim: Claim, scope: Scope) -> Phrase:
        return (self.filled if claim.is_denied else self.empty).led_by(self._about(claim.parts[0], scope))

    def _true(self, claim: Claim, scope: Scope) -> Phrase:
        rule = claim.parts[0]
        kind = scope.of(rule).type
        if kind is ValueType.YES_NO:
            return self._told(noun(f"「{self.yes}」"), claim, scope)
        if kind in (ValueType.NUMBER, ValueType.YEN) or parted(rule)[0] in ("+", "-", "*", "/", "%", "count", "sum"):
            words = noun(f"0{self.space}以外") if not claim.is_denied else noun("0")
            return words.led_by(self._about(rule, scope))
        return self._empty(Claim("empty", claim.parts, not claim.is_denied), scope)

    def _one_of(self, claim: Claim, scope: Scope) -> Phrase:
        about, listed = claim.parts
        each = [self.beside(other, about, scope) for other in listed]
        if claim.is_denied:
            return adjective(f"{'も'.join(f'{one}で' for one in each)}もな").led_by(self._about(about, scope))
        return noun(f"か{self.space}".join(each) or "何も").led_by(self._about(about, scope))

    def _holds(self, claim: Claim, scope: Scope) -> Phrase:
        whole, part = claim.parts
        words = self.not_contained if claim.is_denied else self.contained
        about = f"{self.term(whole, scope)}に{self.space}{self.beside(part, whole, scope)}"
        return words.led_by(f"{about}が{self.space}")

    def _missing(self, claim: Claim, scope: Scope) -> Phrase:
        listed = claim.parts[0] if len(claim.parts) == 1 and isinstance(claim.parts[0], list) else claim.parts
        names = "".join(self._name_of(each, scope) for each in listed)
        if claim.is_denied:
            return self.filled.led_by(f"{names}が{self.space}すべて{self.space}")
        among = f"が{self.space}" if len(listed) == 1 else f"{self.unanswered_among}{self.space}"
        return self.empty.led_by(f"{names}{among}")

    def _missing_some(self, claim: Claim, scope: Scope) -> Phrase:
        needed, listed = claim.parts
        names = "".join(self._name_of(each, scope) for each in (listed if isinstance(listed, list) else [listed]))
        if needed == 1 and claim.is_denied:
            return self.filled.led_by(f"{names}の{self.space}どれかが{self.space}")
        if needed == 1:
            return self.empty.led_by(f"{names}の{self.space}どれも{self.space}")
        words = self.sizes[">=" if claim.is_denied else "<"](f"{self.term(needed, scope)}つ")
        return words.led_by(
            f"{names}の{self.space}うち{self.space}{self.filled.before_noun}{self.space}ものが{self.space}"
        )

    def _name_of(self, written: Rule, scope: Scope) -> str:
        return self.named(scope.named(written)) if isinstance(written, str) else self.term(written, scope)

    def _row(self, claim: Claim, scope: Scope) -> Phrase:
        return self.phrase(statement_of(claim.parts[1]), scope.inside(claim.parts[0]))

    def _all(self, claim: Claim, scope: Scope) -> Phrase:
        rows = self.term(claim.parts[0], scope)
        if not claim.is_denied:
            return self._row(claim, scope).led_by(f"{rows}の{self.space}すべてで{self.space}")
        # Without rows nothing holds for all of them.
        other = self.phrase(statement_of(claim.parts[1], is_denied=True), scope.inside(claim.parts[0]))
        there_is = f"{rows}に、{other.before_noun}{self.space}ものが{self.space}{verb('あ').choosing}{self.or_}"
        return adjective(f"{there_is}{rows}が{self.space}一つも{self.space}な")

    def _some(self, claim: Claim, scope: Scope) -> Phrase:
        there_is = (claim.key == "some") is not claim.is_denied
        words = verb("あ", joining="り") if there_is else adjective("な")
        about = f"{self.term(claim.parts[0], scope)}に、{self._row(claim, scope).before_noun}{self.space}もの"
        return words.led_by(f"{about}が{self.space}")

    # Values

    def named(self, name: Named) -> str:
        return f"「{quoted(name.label)}」" if name.label else "その値"

    def beside(self, rule: Rule, about: Rule, scope: Scope) -> str:
        """A value as it is said beside what it is compared with: choices by their label, numbers with their unit."""
        choices = scope.of(about).choices
        if isinstance(rule, str) and rule in choices:
            return f"「{quoted(choices[rule])}」"
        if isinstance(rule, list):
            return f"と{self.space}".join(self.beside(each, about, scope) for each in rule) or self.nothing
        if rule is not None and not isinstance(rule, str | bool | dict):
            unit = unit_of(about, scope)
            return f"{number_words(rule, unit)}{self.unit_words[unit]}"
        return self.term(rule, scope)

    def term(self, rule: Rule, scope: Scope) -> str:
        """A value: an answer by its label, a written value, or how it is computed."""
        if rule is None:
            return self.nothing
        if isinstance(rule, bool):
            return f"「{self.yes if rule else self.no}」"
        if isinstance(rule, str):
            return self.written(rule)
        if isinstance(rule, list):
            return "、".join(self.term(each, scope) for each in rule) or self.nothing
        if not isinstance(rule, dict):
            return number_words(rule, Unit.NONE)
        key, operands = parted(rule)
        if key == "var":
            return self._answer(operands, scope)
        told = self._computed(key, operands, scope)
        return told if told is not None else self._judged(rule, scope)

    def written(self, text: str) -> str:
        day, time = date_of(text), _TIME.fullmatch(text)
        if day is not None:
            return self.day(day)
        return f"{int(time['hour'])}時{time['minute']}分" if time else f"「{quoted(text)}」"

    def day(self, day: date) -> str:
        try:
            return era_date(day)
        except Refusal:
            return f"{day.year}年{day.month}月{day.day}日"

    def _answer(self, operands: Sequence[Rule], scope: Scope) -> str:
        path = operands[0] if operands else ""
        if isinstance(path, dict | list):
            return "計算で選ぶ項目"
        if scope.rows and path == "accumulator":
            return "それまでの結果"
        told = self.named(scope.named("" if path is None else str(path)))
        return f"{told}（なければ{self.term(operands[1], scope)}）" if len(operands) > 1 else told

    def _judged(self, rule: Rule, scope: Scope) -> str:
        if not isinstance(rule, dict) or len(rule) != 1:
            return "決まった値"
        statement = statement_of(rule)
        if isinstance(statement, Claim) and statement.key == "true":
            return "計算した値"
        return f"{self.phrase(statement, scope).choosing}どうか"

    def _computed(self, key: str, operands: Sequence[Rule], scope: Scope) -> str | None:
        if key in ("if", "?:"):
            return self._chosen(operands, scope)
        if key in ("map", "filter", "reduce"):
            return self._rows_told(key, operands, scope)
        if key in ("round_down", "round_up", "round_half_up"):
            return self._rounded(key, operands, scope)
        if key in ("add_days", "add_months", "add_years"):
            return self._moved(key, operands, scope)
        values = [self._operand(operand, key, operands, scope) for operand in operands]
        if key == "sum" and len(operands) > 1:
            values[1] = self._name_of(operands[1], scope.inside(operands[0]))
        if key == "length" and unit_of({key: operands}, scope) is Unit.ROWS:
            key = "count"
        return self._template(key, values)

    def _operand(self, operand: Rule, key: str, operands: Sequence[Rule], scope: Scope) -> str:
        """A value within a computation: with the unit of the others, and in brackets if computed itself."""
        told = self.beside(operand, {key: operands}, scope) if key in SAME_UNIT else self.term(operand, scope)
        return f"（{told}）" if key in COMPUTATIONS and parted(operand)[0] in COMPUTATIONS else told

    def _template(self, key: str, values: list[str]) -> str | None:
        all_of, first = "と".join(values), values[0] if values else ""
        second = values[1] if len(values) > 1 else ""
        two = len(values) == 2
        return {
            "+": f"{all_of}の合計" if len(values) > 1 else first,
            "-": f"{first}から{second}を引いた数" if two else f"{first}の符号を逆にした数",
            "*": f"{first}に{second}を掛けた数" if two else f"{all_of}を掛けた数",
            "/": f"{first}を{second}で割った数",
            "%": f"{first}を{second}で割った余り",
            "max": f"{all_of}の大きいほう" if two else f"{all_of}のうち最も大きいもの",
            "min": f"{all_of}の小さいほう" if two else f"{all_of}のうち最も小さいもの",
            "today": "今日",
            "age": f"{second}現在の{first}による満年齢" if two else f"{first}による満年齢",
            "days_between": f"{first}から{second}までの日数",
            "months_between": f"{first}から{second}までの月数",
            "fiscal_year": f"{first}の属する年度",
            "year_of": f"{first}の年",
            "count": f"{first}の件数",
            "sum": f"{first}の{second}の合計" if two else f"{first}の合計",
            "length": f"{first}の長さ",
            "cat": f"{all_of}をつないだ文字",
            "substr": f"{first}の一部",
            "merge": f"{all_of}を合わせた一覧",
            "missing": f"{''.join(values)}のうち未入力の項目",
            "log": first,
        }.get(key)

    def _chosen(self, operands: Sequence[Rule], scope: Scope) -> str:
        told = []
        for number in range(0, len(operands) - 1, 2):
            when = self.condition(statement_of(operands[number]), scope)
            told.append(f"{when}は{self.beside(operands[number + 1], {'if': operands}, scope)}")
        if len(operands) % 2:
            otherwise = self.beside(operands[-1], {"if": operands}, scope)
            told.append(f"そうでなければ{otherwise}" if told else otherwise)
        return "、".join(told) or self.nothing

    def _rows_told(self, key: str, operands: Sequence[Rule], scope: Scope) -> str:
        rows, inside = self.term(operands[0], scope), scope.inside(operands[0])
        if key == "filter":
            return f"{rows}のうち{self.phrase(statement_of(operands[1]), inside).before_noun}もの"
        value = self.term(operands[1], inside)
        return f"{rows}それぞれの{value}" if key == "map" else f"{rows}を順に計算した結果（{value}）"

    def _rounded(self, key: str, operands: Sequence[Rule], scope: Scope) -> str:
        words = {"round_down": "切捨て", "round_up": "切上げ", "round_half_up": "四捨五入"}[key]
        number = self.term(operands[0], scope)
        if len(operands) == 1 or operands[1] == 1:
            return f"{number}（小数点以下{words}）"
        return f"{number}（{self.beside(operands[1], operands[0], scope)}未満{words}）"

    def _moved(self, key: str, operands: Sequence[Rule], scope: Scope) -> str:
        unit = {"add_days": "日", "add_months": "か月", "add_years": "年"}[key]
        day, number = self.term(operands[0], scope), operands[1]
        if isinstance(number, str | dict | list) or number is None:
            return f"{day}の{self.term(number, scope)}{unit}後"
        exact = decimal_of(taken(number))
        return f"{day}の{number_words(abs(exact), Unit.NONE)}{unit}{'後' if exact >= 0 else '前'}"


class EasyJapanese(Japanese):
    """やさしい日本語: short words, spaces between the parts, years of the western calendar."""

    and_, or_ = "、そして ", "、または "
    space = " "
    sizes: ClassVar[dict[str, Callable[[str], Phrase]]] = {
        ">=": lambda other: adjective(f"{other}か、それより 大き"),
        "<=": lambda other: adjective(f"{other}か、それより 小さ"),
        "<": lambda other: adjective(f"{other}より 小さ"),
        ">": lambda other: adjective(f"{other}より 大き"),
    }
    days: ClassVar[dict[str, Callable[[str], Phrase]]] = {
        ">=": lambda other: noun(f"{other}か、その あと"),
        "<=": lambda other: noun(f"{other}か、その 前"),
        "<": lambda other: noun(f"{other}より 前"),
        ">": lambda other: noun(f"{other}より あと"),
    }
    unit_words: ClassVar[dict[Unit, str]] = {**Japanese.unit_words, Unit.ROWS: ""}
    nothing = "何も ない"
    empty = Phrase("まだ 書いて いない", "まだ 書いて いない", "まだ 書いて いなくて", "まだ 書いて いないか")
    filled = verb("書いて あ", joining="って")
    contained = verb("入って い", joining="て")
    not_contained = Phrase("入って いない", "入って いない", "入って いなくて", "入って いないか")
    always, never = "いつも", "どんな ときも 合わない"
    unanswered_among = "の どれかが"

    def day(self, day: date) -> str:
        return f"{day.year}年{day.month}月{day.day}日"

    def denied(self, phrase: Phrase) -> Phrase:
        """「2か、それより 大きい」 is denied as a whole, lest "not" be heard with its second half only."""
        if "か、" in phrase.plain or phrase.plain.endswith("まで"):
            return adjective(f"（{phrase.plain}）では な")
        return super().denied(phrase)

    def _rounded(self, key: str, operands: Sequence[Rule], scope: Scope) -> str:
        words = {"round_down": "なくす", "round_up": "上に まとめる", "round_half_up": "近い ほうに まとめる"}[key]
        unit = self.beside(operands[1] if len(operands) > 1 else 1, operands[0], scope)
        return f"{self.term(operands[0], scope)}（{unit}より 小さい 部分を {words}）"

    def _template(self, key: str, values: list[str]) -> str | None:
        all_of, first = "と ".join(values), values[0] if values else ""
        second = values[1] if len(values) > 1 else ""
        two = len(values) == 2
        return {
            "+": f"{all_of}を 足した 数" if len(values) > 1 else first,
            "-": f"{first}から {second}を 引いた 数" if two else f"{first}の プラスと マイナスを 反対に した 数",
            "*": f"{first}に {second}を かけた 数" if two else f"{all_of}を かけた 数",
            "/": f"{first}を {second}で 割った 数",
            "%": f"{first}を {second}で 割った あまり",
            "max": f"{all_of}の うち いちばん 大きい もの",
            "min": f"{all_of}の うち いちばん 小さい もの",
            "age": f"{second}の ときの、{first}で わかる 年れい" if two else f"{first}で わかる 今の 年れい",
            "days_between": f"{first}から {second}までの 日の 数",
            "months_between": f"{first}から {second}までの 月の 数",
            "fiscal_year": f"{first}が 入る 年度（4月から 次の 年の 3月まで）",
            "count": f"{first}の 数",
            "sum": f"{first}の {second}を ぜんぶ 足した 数" if two else f"{first}を ぜんぶ 足した 数",
            "cat": f"{all_of}を つないだ 文字",
            "missing": f"{''.join(values)}の うち まだ 書いて いない もの",
        }.get(key) or super()._template(key, values)
