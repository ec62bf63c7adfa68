"""Written answers: texts, telephone numbers, mail addresses, corporate numbers."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.rules.faults import fault
from yakuba.kernel.forms.rules.kinds.kind import Kind, Parsed, Raw, narrow, single, text_faults, tidy
from yakuba.kernel.japan.api import format_phone, parse_corporate_number, to_reading
from yakuba.kernel.values.api import Refusal

_DIGITS = re.compile(r"[0-9]+")
_ALPHANUMERIC = re.compile(r"[A-Za-z0-9]+")
# What mail systems really deliver to; the full grammar of the standard helps nobody here.
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_LONGEST_MAIL = 254


class _Written(Kind):
    value_type: ClassVar[ValueType] = ValueType.TEXT

    def unparse(self, question: Any, value: Any, other: str = "") -> dict[str, str | tuple[str, ...]]:
        return {"": value}

    def is_shaped(self, question: Any, value: Any) -> bool:
        return isinstance(value, str)

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        return str(value)


class ShortTextKind(_Written):
    """One line; with ``kana`` stored as full-width katakana, with ``characters`` narrowed to half width."""

    def parse(self, question: Any, raw: Raw) -> Parsed:
        text = tidy(single(raw))
        if not text:
            return Parsed()
        if question.characters != "any":
            text = narrow(text)
        faults = list(text_faults(text, most=question.max_length, least=question.min_length))
        if question.kana:
            reading = to_reading(text)
            if reading is None:
                faults.append(fault("kana"))
            else:
                text = reading
        if question.characters == "digits" and not _DIGITS.fullmatch(text):
            faults.append(fault("digits"))
        if question.characters == "alphanumeric" and not _ALPHANUMERIC.fullmatch(text):
            faults.append(fault("alphanumeric"))
        return Parsed(None if faults else text, faults=tuple(faults))

    def show(self, question: Any, value: Any, language: str, other: str = "") -> str:
        return f"{value} {question.unit.in_language(language)}" if question.unit else str(value)

    def cells(self, question: Any, value: Any, other: str = "") -> tuple[str | int, ...]:
        return (value or "",)


class LongTextKind(_Written):
    """Several lines."""

    def parse(self, question: Any, raw: Raw) -> Parsed:
        text = tidy(single(raw))
        if not text:
            return Parsed()
        faults = text_faults(text, most=question.max_length, lines=True)
        return Parsed(None if faults else text, faults=faults)


class PhoneKind(_Written):
    """A telephone number, stored with hyphens behind its area code."""

    def parse(self, question: Any, raw: Raw) -> Parsed:
        text = tidy(single(raw))
        if not text:
            return Parsed()
        faults = [one for one in text_faults(text, most=40) if one.code != "my_number"]
        if not faults:
            try:
                return Parsed(format_phone(text))
            except Refusal:
                faults = [fault("phone")]
        return Parsed(faults=tuple(faults))


class MailKind(_Written):
    """A mail address, its domain in lower case."""

    def parse(self, question: Any, raw: Raw) -> Parsed:
        text = narrow(tidy(single(raw)))
        if not text:
            return Parsed()
        local, _, domain = text.rpartition("@")
        if (
            len(text) > _LONGEST_MAIL
            or not _MAIL.fullmatch(text)
            or ".." in local
            or local[:1] == "."
            or local[-1:] == "."
        ):
            return Parsed(faults=(fault("mail"),))
        if any(one.code == "my_number" for one in text_faults(text, most=_LONGEST_MAIL)):
            return Parsed(faults=(fault("my_number"),))
        return Parsed(f"{local}@{domain.lower()}")


class CorporateNumberKind(_Written):
    """A corporate number: 13 digits, the first the check digit."""

    def parse(self, question: Any, raw: Raw) -> Parsed:
        text = tidy(single(raw))
        if not text:
            return Parsed()
        try:
            return Parsed(parse_corporate_number(text[:60]))
        except Refusal:
            # A My Number has 12 digits; who types one here must hear that before anything else.
            code = (
                "my_number"
                if any(one.code == "my_number" for one in text_faults(text, most=60))
                else "corporate_number"
            )
            return Parsed(faults=(fault(code),))
