"""The kinds of questions, by name."""

from __future__ import annotations

from typing import Any

from yakuba.kernel.forms.rules.kinds import bank, choices, dates, files, numbers, people, places, silent, texts
from yakuba.kernel.forms.rules.kinds.kind import Kind, Parsed, Raw

KINDS: dict[str, Kind] = {
    "short_text": texts.ShortTextKind(),
    "long_text": texts.LongTextKind(),
    "phone": texts.PhoneKind(),
    "mail": texts.MailKind(),
    "corporate_number": texts.CorporateNumberKind(),
    "number": numbers.NumberKind(),
    "yen": numbers.YenKind(),
    "date": dates.DayKind(),
    "time": dates.TimeKind(),
    "choice": choices.ChoiceKind(),
    "choices": choices.ChoicesKind(),
    "yes_no": choices.YesNoKind(),
    "name": people.NameKind(),
    "address": people.AddressKind(),
    "consent": people.ConsentKind(),
    "signature": people.SignatureKind(),
    "bank_account": bank.BankAccountKind(),
    "place": places.PlaceKind(),
    "files": files.FilesKind(),
    "text_block": silent.TextBlockKind(),
    "computed": silent.ComputedKind(),
    "fee": silent.FeeKind(),
}


def kind_of(question: Any) -> Kind:
    """The kind of a question that is no group. Raises `KeyError` for a group."""
    return KINDS[question.type]


__all__ = ["KINDS", "Kind", "Parsed", "Raw", "kind_of"]
