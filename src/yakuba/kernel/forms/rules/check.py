"""What must be right before a form is published: references, ways, languages, limits, and no My Number asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yakuba.kernel.expressions.api import Named, ValueType, check
from yakuba.kernel.forms.rules.definition import OTHER_SUFFIX, FormDefinition, Group, Step, _WithOptions
from yakuba.kernel.forms.rules.evaluate import END
from yakuba.kernel.forms.rules.kinds import kind_of
from yakuba.kernel.forms.rules.known_values import unknown_values
from yakuba.kernel.forms.rules.naming import every_name
from yakuba.kernel.forms.rules.walking import rules_of
from yakuba.kernel.values.api import Text

LANGUAGES = ("ja", "ja-easy", "en")

FACTS: dict[str, ValueType] = {
    "facts.channel": ValueType.CHOICE,
    "facts.is_agent": ValueType.YES_NO,
    "facts.has_mandate": ValueType.YES_NO,
    "facts.is_signed_in": ValueType.YES_NO,
    "facts.is_certified": ValueType.YES_NO,
}
"""Things known without asking: through which door the form came, whether somebody acts for another person and does so on a
mandate the town has registered, whether the person is signed in, whether their identity was proved electronically."""

PREFILLS = {
    "profile.name": "name",
    "profile.birth_date": "date",
    "profile.address": "address",
    "profile.phone": "phone",
    "profile.mail": "mail",
    "today": "date",
}
"""Where a first value may come from, and the kind of question it fits."""

_MY_NUMBER = re.compile(r"個人番号|マイナンバー(?!カード)|my number(?! card)", re.IGNORECASE)
_NOT_ASKED = re.compile(
    r"(書か|入力し|記入し|記載し|写さ|付け|のせ)(ない|ません)|隠|黒塗り|塗りつぶ|do not|don't|without|cover",
    re.IGNORECASE,
)


class Weight(StrEnum):
    """``MUST``: not published before it is right. ``SHOULD``: somebody should look."""

    MUST = "must"
    SHOULD = "should"

    @property
    def label(self) -> str:
        return "直してください" if self is Weight.MUST else "確かめてください"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: the step and question it concerns (empty: the whole form), the place within, and what to do."""

    weight: Weight
    step: str
    question: str
    place: str
    message: str


def check_definition(definition: FormDefinition) -> tuple[Finding, ...]:
    """Everything that should be looked at before publishing, in the order of the form. Empty: nothing."""
    found = [*_findings(definition), *_values(definition)]
    steps = {step.key: place for place, step in enumerate(definition.steps)}
    order = {path: place for place, path in enumerate(_paths(definition))}
    return tuple(sorted(found, key=lambda one: (steps.get(one.step, -1), order.get(one.question, -1))))


def _paths(definition: FormDefinition) -> Iterator[str]:
    for question in definition.questions():
        yield question.key
        if isinstance(question, Group):
            yield from (f"{question.key}.{one.key}" for one in question.questions)


def _values(definition: FormDefinition) -> Iterator[Finding]:
    """Options that rules name and nobody can choose."""
    names: dict[str, dict[str, Named]] = {}
    for place, rule in rules_of(definition.to_json()):
        group = place.question.partition(".")[0]
        if group not in names:
            names[group] = every_name(definition, group)
        for label, value in dict.fromkeys(unknown_values(rule, names[group])):
            yield Finding(
                Weight.MUST,
                place.step,
                place.question,
                place.what,
                f"「{label}」に、値「{value[:40]}」の選択肢はありません。条件の値を選び直してください。",
            )


def names_before(definition: FormDefinition, step_key: str, question_key: str | None = None) -> dict[str, ValueType]:
    """What a rule at this place may refer to: facts and every question that stands before it."""
    names = dict(FACTS)
    for step in definition.steps:
        if step.key == step_key and question_key is None:
            return names
        for question in step.questions:
            if step.key == step_key and question.key == question_key:
                return names
            names |= _names_of(question)
    return names


def _names_of(question: Any, prefix: str = "") -> dict[str, ValueType]:
    if isinstance(question, Group):
        return {question.key: ValueType.ROWS}
    if question.type == "text_block":
        return {}
    kind = {
        "yen": ValueType.YEN,
        "number": ValueType.NUMBER,
        "date": ValueType.DATE,
        "text": ValueType.TEXT,
        "yes_no": ValueType.YES_NO,
    }
    value_type = (
        kind[question.gives]
        if question.type == "computed"
        else ValueType.YEN
        if question.type == "fee"
        else kind_of(question).value_type
    )
    names = {prefix + question.key: value_type}
    if isinstance(question, _WithOptions) and question.has_other:
        names[prefix + question.key + OTHER_SUFFIX] = ValueType.TEXT
    if value_type in (ValueType.NAME, ValueType.ADDRESS) or question.type in ("bank_account", "place"):
        names |= {f"{prefix}{question.key}.{part}": ValueType.TEXT for part in kind_of(question).parts(question)}
    return names


def _findings(definition: FormDefinition) -> Iterator[Finding]:
    yield from _texts(definition, "", "", ("title", "introduction", "completion"))
    names = dict(FACTS)
    keys = [step.key for step in definition.steps]
    for place, step in enumerate(definition.steps):
        yield from _texts(step, step.key, "", ("title", "introduction"))
        yield from _rule(step.when, names, step.key, "", "この画面を出す条件")
        if not step.questions:
            yield Finding(Weight.MUST, step.key, "", "", "この画面には質問も説明もありません。")
        for question in step.questions:
            yield from _question(question, names, step, "")
            names |= _names_of(question)
        yield from _ways(step, names, keys, place)


def _ways(step: Step, names: Mapping[str, ValueType], keys: list[str], place: int) -> Iterator[Finding]:
    for number, way in enumerate(step.ways, start=1):
        yield from _rule(way.when, names, step.key, "", f"次の画面の条件{number}")
        if way.to != END and way.to not in keys:
            yield Finding(Weight.MUST, step.key, "", f"次の画面{number}", f"行き先の画面「{way.to}」がありません。")
        elif way.to != END and keys.index(way.to) <= place:
            yield Finding(
                Weight.MUST, step.key, "", f"次の画面{number}", "前の画面へは戻れません。後ろの画面を選んでください。"
            )
        if way.when is None and number < len(step.ways):
            yield Finding(
                Weight.MUST,
                step.key,
                "",
                f"次の画面{number}",
                "条件のない行き先の後ろは使われません。最後に置いてください。",
            )


def _question(question: Any, names: Mapping[str, ValueType], step: Step, group: str) -> Iterator[Finding]:
    key = f"{group}.{question.key}" if group else question.key
    yield from _texts(
        question, step.key, key, ("label", "help", "why", "unit", "statement", "body", "row_label", "yes", "no")
    )
    yield from _rule(question.when, names, step.key, key, "この質問を出す条件")
    if not isinstance(question.required, bool):
        yield from _rule(question.required, names, step.key, key, "必須にする条件")
    own = dict(names) | _names_of(question, "row." if group else "")
    for number, one in enumerate(question.checks, start=1):
        yield from _rule(one.rule, own, step.key, key, f"入力の確認{number}")
        yield from _text(one.message, step.key, key, f"入力の確認{number}の文")
    yield from _limits(question, names, step.key, key)
    if isinstance(question, _WithOptions):
        for option in question.options:
            yield from _text(option.label, step.key, key, f"選択肢「{option.label.ja}」")
            yield from _rule(option.when, names, step.key, key, f"選択肢「{option.label.ja}」を出す条件")
    if question.prefill:
        if question.prefill not in PREFILLS:
            yield Finding(
                Weight.MUST, step.key, key, "はじめの値", f"「{question.prefill}」からは、はじめの値を入れられません。"
            )
        elif PREFILLS[question.prefill] != question.type:
            yield Finding(Weight.MUST, step.key, key, "はじめの値", "質問の種類と、はじめの値の種類が違います。")
    if asks_my_number(question):
        yield Finding(
            Weight.MUST,
            step.key,
            key,
            "",
            "個人番号（マイナンバー）をたずねることはできません。この質問を消してください。",
        )
    if isinstance(question, Group):
        inner = dict(names)
        for one in question.questions:
            yield from _question(one, inner, step, question.key)
            inner |= _names_of(one, "row.")
        if question.least > question.most:
            yield Finding(Weight.MUST, step.key, key, "件数", "最少の件数が、最多の件数より大きくなっています。")


def asks_my_number(question: Any) -> bool:
    """Whether an answer to this question would be a My Number; telling people not to send one is no question."""
    if isinstance(question, Group) or not kind_of(question).is_answered or question.type in ("files", "consent"):
        return False
    label: Text = question.label
    return any(_MY_NUMBER.search(text) and not _NOT_ASKED.search(text) for text in label.to_dict().values())


def _limits(question: Any, names: Mapping[str, ValueType], step: str, key: str) -> Iterator[Finding]:
    for name, words in (("earliest", "最も早い日"), ("latest", "最も遅い日")):
        if question.type == "date":
            yield from _rule(getattr(question, name), names, step, key, words)
    if question.type in ("computed", "fee"):
        yield from _rule(question.value, names, step, key, "計算")
    least, most = getattr(question, "least", None), getattr(question, "most", None)
    if not isinstance(question, Group) and least is not None and most is not None and least > most:
        yield Finding(Weight.MUST, step, key, "範囲", "最小が最大より大きくなっています。")
    if question.type == "short_text" and question.min_length > question.max_length:
        yield Finding(Weight.MUST, step, key, "文字数", "最小の文字数が最大より大きくなっています。")
    if question.type == "time" and question.earliest > question.latest:
        yield Finding(Weight.MUST, step, key, "範囲", "最も早い時刻が、最も遅い時刻より後になっています。")


def _rule(rule: Any, names: Mapping[str, ValueType], step: str, key: str, place: str) -> Iterator[Finding]:
    if rule is None:
        return
    for problem in check(rule, names=names):
        yield Finding(Weight.MUST, step, key, place, problem.message)


def _texts(part: Any, step: str, key: str, names: tuple[str, ...]) -> Iterator[Finding]:
    words = {"title": "題名", "introduction": "はじめの説明", "completion": "送った後の説明", "label": "質問の文", "help": "説明", "why": "たずねる理由", "unit": "単位", "statement": "文", "body": "説明文", "row_label": "一件の呼び名", "yes": "「はい」の言葉", "no": "「いいえ」の言葉"}  # fmt: skip
    for name in names:
        text = getattr(part, name, None)
        if isinstance(text, Text):
            yield from _text(text, step, key, words[name])


def _text(text: Text, step: str, key: str, place: str) -> Iterator[Finding]:
    languages = {"ja-easy": "やさしい日本語", "en": "英語"}
    for code in text.missing(LANGUAGES):
        yield Finding(Weight.SHOULD, step, key, place, f"{languages[code]}の文がありません。")
