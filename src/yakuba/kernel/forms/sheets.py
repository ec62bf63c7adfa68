"""The town's own 様式, filled from the answers to a form: fields are named as the questions are.

``{{氏名}}`` takes the answer, ``{{氏名のフリガナ}}`` a part of it, ``{{住まい：持ち家}}`` becomes ☑ or □, and
``{{#子ども}} … {{/子ども}}`` repeats a row for each. Which sheets a form has is kept in `FormSheet`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yakuba.kernel.forms.models import Form, FormSheet
from yakuba.kernel.forms.part_words import PART_WORDS
from yakuba.kernel.forms.rules.definition import OTHER, OTHER_SUFFIX, FormDefinition, Group
from yakuba.kernel.forms.rules.kinds import kind_of
from yakuba.kernel.forms.rules.kinds.bank import ACCOUNT_KINDS
from yakuba.kernel.forms.rules.kinds.choices import OTHER_WORDS
from yakuba.kernel.paper.api import (
    FieldKind,
    FilledSheet,
    SheetDeclaration,
    SheetFamily,
    SheetField,
    SheetKind,
    fill_sheet,
    sheet_family,
)
from yakuba.kernel.values.api import business_date

PREFIX = "form"
MOST_BOXES = 40
"""Options beyond so many get no boxes of their own."""

_FORBIDDEN = str.maketrans(dict.fromkeys("{}｛｝|｜#＃/／\n", "・"))
_STANDARD = (
    SheetField("整理番号", "受付のときに付けた番号", "R8-000123"),
    SheetField("送信日", "送信された日", date(2026, 4, 1), FieldKind.DATE),
    SheetField("手数料", "計算された手数料の合計", 300, FieldKind.MONEY),
)
_KINDS = {
    "number": FieldKind.NUMBER,
    "yen": FieldKind.MONEY,
    "fee": FieldKind.MONEY,
    "date": FieldKind.DATE,
    "yes_no": FieldKind.YES_NO,
    "consent": FieldKind.YES_NO,
}
_GIVES = {
    "text": FieldKind.TEXT,
    "number": FieldKind.NUMBER,
    "yen": FieldKind.MONEY,
    "date": FieldKind.DATE,
    "yes_no": FieldKind.YES_NO,
}
_SAMPLES: dict[FieldKind, Any] = {
    FieldKind.TEXT: "見本",
    FieldKind.NUMBER: 2,
    FieldKind.MONEY: 1200,
    FieldKind.DATE: date(2026, 4, 1),
    FieldKind.YES_NO: True,
}


def key_of(sheet: FormSheet) -> str:
    """The name under which `kernel.paper` keeps the file."""
    return f"{PREFIX}.{sheet.public_id}"


def sheet_fields(definition: FormDefinition) -> tuple[SheetField, ...]:
    """What a sheet of this form can be filled with, in the order of the questions."""
    return (*_STANDARD, *_fields(list(definition.questions()), taken={one.name for one in _STANDARD}))


def _fields(questions: Sequence[Any], taken: set[str]) -> list[SheetField]:
    found: list[SheetField] = []
    for name, question in _named(questions, taken):
        if isinstance(question, Group):
            columns = tuple(_fields(list(question.questions), set()))
            sample = [{column.name: column.sample for column in columns} for _ in range(2)]
            found.append(SheetField(name, f"「{question.label.ja}」の行", sample, FieldKind.ROWS, columns))
            continue
        kind = _GIVES[question.gives] if question.type == "computed" else _KINDS.get(question.type, FieldKind.TEXT)
        found.append(SheetField(name, f"「{question.label.ja}」の答え", _sample(question, kind), kind))
        found += [
            SheetField(f"{name}{part}", f"「{question.label.ja}」の答え", sample) for part, sample in _parts(question)
        ]
    return found


def _named(questions: Sequence[Any], taken: set[str]) -> list[tuple[str, Any]]:
    """Every question with the name of its field: its words, with its key where two have the same."""
    found = []
    for question in questions:
        if question.type == "text_block":
            continue
        name = question.label.ja.translate(_FORBIDDEN).strip()[:60]
        if name in taken:
            name = f"{name}（{question.key}）"
        taken.add(name)
        found.append((name, question))
    return found


def _sample(question: Any, kind: FieldKind) -> Any:
    samples = {"name": "見本　花子", "address": "福島県河沼郡会津坂下町字見本1番地", "phone": "0242-00-0000"}
    if question.type in samples:
        return samples[question.type]
    if getattr(question, "options", ()):
        return question.options[0].label.ja
    return _SAMPLES[kind]


def _parts(question: Any) -> list[tuple[str, str]]:
    """Fields for parts of an answer, and boxes for options: ending of the name, sample."""
    if question.type == "name":
        return [("のフリガナ", "ミホン　ハナコ")] if question.with_kana else []
    if question.type == "address":
        return [("の郵便番号", "969-6500")]
    if question.type in ("bank_account", "place"):
        return [
            (f"の{PART_WORDS[question.type, part].ja.partition('（')[0]}", "見本")
            for part in kind_of(question).parts(question)
        ]
    boxes = _boxes(question)
    return [(f"：{words}", "☑" if place == 0 else "□") for place, (_value, words) in enumerate(boxes)]


def _boxes(question: Any) -> list[tuple[str, str]]:
    options = [(one.value, one.label.ja.translate(_FORBIDDEN)[:60]) for one in getattr(question, "options", ())]
    if getattr(question, "has_other", False):
        options.append((OTHER, OTHER_WORDS.ja))
    if question.type == "yes_no":
        options = [("yes", question.yes.ja.translate(_FORBIDDEN)), ("no", question.no.ja.translate(_FORBIDDEN))]
    words = [one[1] for one in options]
    return options if len(options) <= MOST_BOXES and len(set(words)) == len(words) else []


def form_sheet_values(
    *,
    definition: FormDefinition,
    answers: Mapping[str, Any],
    number: str = "",
    given_on: date | None = None,
    fee: int = 0,
) -> dict[str, Any]:
    """The values of a sheet for accepted answers (``Evaluation.answers``). Callers record the view."""
    values: dict[str, Any] = {"整理番号": number, "送信日": given_on, "手数料": fee}
    return values | _values(list(definition.questions()), answers, taken={one.name for one in _STANDARD})


def _values(questions: Sequence[Any], answers: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, question in _named(questions, taken):
        value = answers.get(question.key)
        if isinstance(question, Group):
            found[name] = [_values(list(question.questions), row, set()) for row in value or ()]
            continue
        other = str(answers.get(question.key + OTHER_SUFFIX, ""))
        found[name] = _value(question, value, other)
        found |= {f"{name}{part}": words for part, words in _part_values(question, value)}
    return found


def _value(question: Any, value: Any, other: str) -> Any:
    if value is None:
        return None
    kind = question.type
    gives = getattr(question, "gives", "")
    if kind == "date" or gives == "date":
        return date.fromisoformat(value)
    if kind == "number" or gives == "number":
        return Decimal(value) if isinstance(value, str) else value
    if kind in ("yen", "fee", "yes_no", "consent") or gives in ("yen", "yes_no"):
        return value
    if kind == "name":
        return f"{value['family']}　{value['given']}".strip()
    if kind == "address":
        return f"{value['place']}{value['lot']}　{value['building']}".strip()
    return kind_of(question).show(question, value, "ja", other)


def _part_values(question: Any, value: Any) -> list[tuple[str, Any]]:
    if question.type == "name":
        kana = f"{value['family_kana']}　{value['given_kana']}".strip() if value and question.with_kana else None
        return [("のフリガナ", kana)] if question.with_kana else []
    if question.type == "address":
        return [("の郵便番号", value["postal_code"] if value else None)]
    if question.type in ("bank_account", "place"):
        found = []
        for part in kind_of(question).parts(question):
            words = (value or {}).get(part)
            if (question.type, part) == ("bank_account", "kind") and words in ACCOUNT_KINDS:
                words = ACCOUNT_KINDS[words].ja
            found.append((f"の{PART_WORDS[question.type, part].ja.partition('（')[0]}", words))
        return found
    chosen = (
        {"yes" if value else "no"} if isinstance(value, bool) else set(value) if isinstance(value, list) else {value}
    )
    return [(f"：{words}", "☑" if one in chosen else "□") for one, words in _boxes(question)]


def fill_form_sheet(
    sheet: FormSheet,
    *,
    definition: FormDefinition,
    answers: Mapping[str, Any],
    number: str,
    given_at: datetime | None,
    fee: int = 0,
    name: str = "",
) -> FilledSheet:
    """The town's file of a sheet, filled. ``definition`` is that of the answers; fields the newest form no longer has are
    left out. Raises `SheetMissing` as long as no file was put in. Callers record the view.
    """
    values = form_sheet_values(
        definition=definition,
        answers=answers,
        number=number,
        given_on=business_date(given_at) if given_at else None,
        fee=fee,
    )
    declared = _declaration(sheet)
    known = {one.name: one for one in declared.fields}
    kept = {field: _known_columns(value, known[field]) for field, value in values.items() if field in known}
    return fill_sheet(key_of(sheet), kept, name=name or sheet.title)


def _known_columns(value: Any, field: SheetField) -> Any:
    if field.kind is not FieldKind.ROWS:
        return value
    columns = {one.name for one in field.columns}
    return [{name: one for name, one in row.items() if name in columns} for row in value or ()]


def sheets_of(form: Form) -> list[FormSheet]:
    """The sheets of a form by title."""
    return list(form.sheets.all())


def _declaration(sheet: FormSheet) -> SheetDeclaration:
    version = sheet.form.versions.order_by("-number").first()
    fields = sheet_fields(version.read()) if version is not None else _STANDARD
    return SheetDeclaration(
        key=key_of(sheet),
        title=f"{sheet.title}（{sheet.form.title}）",
        kind=SheetKind(sheet.kind),
        fields=fields,
        values=form_sheet_values,
        ground="オンライン様式の答えから作る様式",
    )


def _every() -> tuple[SheetDeclaration, ...]:
    return tuple(_declaration(one) for one in FormSheet.objects.select_related("form").order_by("form__title", "title"))


def _find(key: str) -> SheetDeclaration | None:
    public_id = key.partition(".")[2]
    sheet = FormSheet.objects.select_related("form").filter(public_id=public_id).first()
    return _declaration(sheet) if sheet is not None else None


sheet_family(SheetFamily(PREFIX, _every, _find))
