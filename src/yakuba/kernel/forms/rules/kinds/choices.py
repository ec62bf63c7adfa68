"""Answers that are chosen."""

from __future__ import annotations

from typing import Any, ClassVar

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.rules.definition import OTHER
from yakuba.kernel.forms.rules.faults import Fault, fault
from yakuba.kernel.forms.rules.kinds.kind import Kind, Parsed, Raw, several, single, text_faults, tidy
from yakuba.kernel.values.api import Text

OTHER_WORDS = Text("その他", easy="その他（ほか）", en="Other")
LONGEST_OTHER = 200


def _known(question: Any) -> set[str]:
    return {option.value for option in question.options} | ({OTHER} if question.has_other else set())


def label_of(question: Any, value: str, language: str, other: str = "") -> str:
    """The words of an option; of 「その他」 with what was written beside it."""
    if question.has_other and value == OTHER:
        words = OTHER_WORDS.in_language(language)
        return f"{words}：{other}" if other else words
    return next((one.label.in_language(language) for one in question.options if one.value == value), value)


def _other(question: Any, chosen: tuple[str, ...], raw: Raw) -> tuple[str, tuple[Fault, ...]]:
    if not question.has_other or OTHER not in chosen:
        return "", ()
    words = tidy(single(raw, "other"))
    if not words:
        return "", (fault("required_other", "other"),)
    return words, text_faults(words, part="other", most=LONGEST_OTHER)


class ChoiceKind(Kind):
    """One option, stored by its value."""

    value_type: ClassVar[ValueType] = ValueType.CHOICE
    missing: ClassVar[str] = "required_choice"

    def parts(self, question: Any) -> tuple[str, ...]:
        return ("", "other") if question.has_other else ("",)

    def parse(self, question: Any, raw: Raw) -> Parsed:
        value = single(raw)[:60]
        if not value:
            return Parsed()
        if value not in _known(question):
            return Parsed(faults=(fault("not_offered"),))
        other, faults = _other(question, (value,), raw)
        return Parsed(None if faults else value, "" if faults else other, faults)

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return {"": value, "other": other} if question.has_other else {"": value}

    def is_shaped(self, question: Any, value: Any) -> bool:
        return isinstance(value, str)

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        return label_of(question, value, language, other)


class ChoicesKind(Kind):
    """Several options, stored in the order of the form."""

    value_type: ClassVar[ValueType] = ValueType.CHOICES
    missing: ClassVar[str] = "required_choice"

    def parts(self, question: Any) -> tuple[str, ...]:
        return ("", "other") if question.has_other else ("",)

    def parse(self, question: Any, raw: Raw) -> Parsed:
        chosen = set(several(raw))
        if not chosen:
            return Parsed()
        if not chosen <= _known(question):
            return Parsed(faults=(fault("not_offered"),))
        if len(chosen) < question.least:
            return Parsed(faults=(fault("fewest", least=question.least),))
        if question.most is not None and len(chosen) > question.most:
            return Parsed(faults=(fault("at_most", most=question.most),))
        order = [option.value for option in question.options] + [OTHER]
        values = tuple(value for value in order if value in chosen)
        other, faults = _other(question, values, raw)
        return Parsed(None if faults else list(values), "" if faults else other, faults)

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return {"": tuple(value), "other": other} if question.has_other else {"": tuple(value)}

    def is_shaped(self, question: Any, value: Any) -> bool:
        return isinstance(value, list) and bool(value) and all(isinstance(one, str) and one for one in value)

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        joint = ", " if language == "en" else "、"
        return joint.join(label_of(question, one, language, other) for one in value)


class YesNoKind(Kind):
    """Yes or no, stored as a boolean."""

    value_type: ClassVar[ValueType] = ValueType.YES_NO
    missing: ClassVar[str] = "required_choice"

    def parse(self, question: Any, raw: Raw) -> Parsed:
        value = single(raw)[:10]
        if not value:
            return Parsed()
        if value not in ("yes", "no"):
            return Parsed(faults=(fault("not_offered"),))
        return Parsed(value == "yes")

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return {"": "yes" if value else "no"}

    def is_shaped(self, question: Any, value: Any) -> bool:
        return isinstance(value, bool)

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        words: Text = question.yes if value else question.no
        return words.in_language(language)
