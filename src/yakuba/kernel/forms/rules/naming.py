"""What people call the answers of a form: the words behind the names that stand in rules."""

from __future__ import annotations

from typing import Any

from yakuba.kernel.expressions.api import Named, ValueType
from yakuba.kernel.forms.part_words import PART_WORDS
from yakuba.kernel.forms.rules.definition import OTHER, OTHER_SUFFIX, FormDefinition, Group, _WithOptions
from yakuba.kernel.forms.rules.kinds import kind_of
from yakuba.kernel.forms.rules.kinds.choices import OTHER_WORDS

CHANNELS = {"online": "オンライン", "counter": "窓口", "phone": "電話", "post": "郵送", "other": "その他"}
FACT_NAMES: dict[str, Named] = {
    "facts.channel": Named("受付の方法", CHANNELS, ValueType.CHOICE),
    "facts.is_agent": Named("代理人による手続き", {}, ValueType.YES_NO),
    "facts.has_mandate": Named("委任が町に登録されている", {}, ValueType.YES_NO),
    "facts.is_signed_in": Named("ログインしている", {}, ValueType.YES_NO),
    "facts.is_certified": Named("電子的に本人を確認した", {}, ValueType.YES_NO),
}
"""What is known without asking (`rules.check.FACTS`), in words."""

_GIVES = {
    "text": ValueType.TEXT,
    "number": ValueType.NUMBER,
    "yen": ValueType.YEN,
    "date": ValueType.DATE,
    "yes_no": ValueType.YES_NO,
}


def named_before(definition: FormDefinition, step_key: str, path: str = "") -> dict[str, Named]:
    """The answers a rule may refer to, in the order of the form, with their words; facts come last.

    ``path`` is a question's key or ``group.key``; empty: the step itself (its condition), before its first question.
    A path that is not there yet stands at the end of the step (``group.``: at the end of the group).
    """
    names: dict[str, Named] = {}
    head, dot, inner = path.partition(".")
    for step in definition.steps:
        if step.key == step_key and not path:
            break
        for question in step.questions:
            if question.key == head:
                if dot and isinstance(question, Group):
                    for one in question.questions:
                        if one.key == inner:
                            break
                        names |= names_of_question(one, "row.")
                return names | FACT_NAMES
            names |= names_of_question(question)
        if step.key == step_key:
            break
    return names | FACT_NAMES


def every_name(definition: FormDefinition, group: str = "") -> dict[str, Named]:
    """All answers of a form by name, with columns of groups (``children.birth``); ``row.…`` are those of ``group``."""
    names: dict[str, Named] = {}
    for question in definition.questions():
        names |= names_of_question(question)
        if isinstance(question, Group) and question.key == group:
            for one in question.questions:
                names |= names_of_question(one, "row.")
    return names | FACT_NAMES


def names_of_question(question: Any, prefix: str = "", language: str = "ja") -> dict[str, Named]:
    """The names one question gives to rules: itself, its parts, the words beside 「その他」, columns of its rows."""
    label = question.label.in_language(language)
    key = prefix + question.key
    if isinstance(question, Group):
        found = {key: Named(label, {}, ValueType.ROWS)}
        for one in question.questions:
            found |= names_of_question(one, f"{key}.", language)
        return found
    if question.type == "text_block":
        return {}
    found = {key: Named(label, choices_of(question, language), type_of(question))}
    if isinstance(question, _WithOptions) and question.has_other:
        found[key + OTHER_SUFFIX] = Named(f"{label}の「その他」の内容", {}, ValueType.TEXT)
    if question.type in ("name", "address", "bank_account", "place"):
        for part in kind_of(question).parts(question):
            words = PART_WORDS.get((question.type, part))
            found[f"{key}.{part}"] = Named(
                f"{label}の{words.in_language(language) if words else part}", {}, ValueType.TEXT
            )
    return found


def choices_of(question: Any, language: str = "ja") -> dict[str, str]:
    """The options of a question by value; empty for a question without options."""
    if not isinstance(question, _WithOptions):
        return {}
    found = {one.value: one.label.in_language(language) for one in question.options}
    return found | ({OTHER: OTHER_WORDS.in_language(language)} if question.has_other else {})


def type_of(question: Any) -> ValueType:
    """The type rules see."""
    if question.type == "computed":
        return _GIVES[question.gives]
    if question.type == "fee":
        return ValueType.YEN
    return kind_of(question).value_type
