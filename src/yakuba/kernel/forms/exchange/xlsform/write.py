"""A form as an XLSForm workbook that other tools read; what they have no words for travels in a column of our own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from yakuba.kernel.forms.exchange.xlsform.columns import (
    CHOICE_COLUMNS,
    CHOICES,
    LANGUAGES,
    LONGEST_CELL,
    NOTES,
    OWN,
    SETTING_COLUMNS,
    SETTINGS,
    SURVEY,
    SURVEY_COLUMNS,
    own_cell,
)
from yakuba.kernel.forms.exchange.xlsform.names import COMPOUND, Names, names_of
from yakuba.kernel.forms.exchange.xlsform.xpath_write import Untellable, Writer
from yakuba.kernel.forms.part_words import PART_WORDS
from yakuba.kernel.forms.rules.definition import FormDefinition, Group, Step
from yakuba.kernel.forms.rules.kinds import kind_of
from yakuba.kernel.forms.rules.kinds.bank import ACCOUNT_KINDS
from yakuba.kernel.values.api import Text

Json = dict[str, Any]
Row = dict[str, str]

_TYPES = {
    "short_text": "text",
    "long_text": "text",
    "yen": "integer",
    "date": "date",
    "time": "time",
    "yes_no": "select_one",
    "phone": "text",
    "mail": "text",
    "corporate_number": "text",
    "consent": "acknowledge",
    "signature": "text",
    "text_block": "note",
    "computed": "calculate",
    "fee": "calculate",
}
_APPEARANCES = {"long_text": "multiline", "phone": "numbers", "corporate_number": "numbers"}
YES_NO_LIST = "yes_no"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something other tools will not see as we do: where it stands in the workbook, and what it is."""

    sheet: str
    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Written:
    """A workbook and the remarks about it."""

    content: bytes
    remarks: tuple[Remark, ...]


def write_xlsform(definition: FormDefinition, *, version: str = "") -> Written:
    """The workbook of a form. Every difference to what other tools will do is told as a remark."""
    return _Book(definition, version).written()


@dataclass
class _Book:
    definition: FormDefinition
    version: str
    survey: list[Row] = field(default_factory=list)
    choices: list[Row] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    lists: set[str] = field(default_factory=set)
    names: Names = field(default_factory=Names)

    def written(self) -> Written:
        self.names = names_of(self.definition)
        for step in self.definition.steps:
            self.step(step)
        book = Workbook()
        _fill(book.worksheets[0], SURVEY, SURVEY_COLUMNS, self.survey)
        _fill(book.create_sheet(), CHOICES, CHOICE_COLUMNS, self.choices)
        _fill(book.create_sheet(), SETTINGS, SETTING_COLUMNS, [self.settings()])
        if self.remarks:
            rows = [
                {"sheet": one.sheet, "row": str(one.row), "column": one.column, "note": one.message}
                for one in self.remarks
            ]
            _fill(book.create_sheet(), NOTES, ("sheet", "row", "column", "note"), rows)
        kept = BytesIO()
        book.save(kept)
        return Written(kept.getvalue(), tuple(self.remarks))

    def settings(self) -> Row:
        form = self.definition.to_json()
        row = {
            "form_title": self.definition.title.ja,
            "form_id": self.definition.key,
            "version": self.version,
            "default_language": "ja",
        }
        content = {name: form[name] for name in ("key", "title", "introduction", "completion") if name in form}
        return {**row, OWN: own_cell({"is": "form", "q": content}, row)}

    def remark(self, column: str, message: str) -> None:
        """About the row that is being written."""
        self.remarks.append(Remark(SURVEY, len(self.survey) + 2, column, message))

    def put(self, row: Row, content: Json | None = None) -> None:
        """Add a row of the survey, with what brings it back."""
        if content is not None:
            cell = own_cell(content, row)
            if len(cell) > LONGEST_CELL:
                self.remark(OWN, "説明などが長すぎるため、この行の設定の一部は持ち出せません。")
            else:
                row = {**row, OWN: cell}
        self.survey.append(row)

    def step(self, step: Step) -> None:
        stored = step.model_dump(mode="json", exclude_defaults=True)
        stored.pop("questions", None)
        row = {"type": "begin_group", "name": step.key, **_three("label", step.title), "appearance": "field-list"}
        self.rule(row, "relevant", step.when, Writer(self.names))
        if step.ways:
            self.remark("type", "答えによって画面を飛ばす設定（次の画面）は、XLSFormにはありません。")
        self.put(row, {"is": "step", "q": stored})
        if step.introduction is not None:
            name = self.free(f"{step.key}_introduction")
            note = {"type": "note", "name": name, **_three("label", step.introduction)}
            self.put(note, {"is": "introduction"})
        for question in step.questions:
            if isinstance(question, Group):
                self.group(question)
            else:
                self.question(question, "")
        self.put({"type": "end_group"})

    def group(self, group: Group) -> None:
        stored = group.model_dump(mode="json", exclude_defaults=True)
        stored.pop("questions")
        row = {"type": "begin_repeat", "name": self.names.of_ours[group.key], **_three("label", group.label)}
        self.rule(row, "relevant", group.when, Writer(self.names))
        if group.least == group.most:
            row["repeat_count"] = str(group.most)
        else:
            self.remark("repeat_count", f"件数の範囲（{group.least}〜{group.most}）は、XLSFormでは決められません。")
        if group.checks or group.help or group.required is not True:
            self.remark("type", "繰り返しの説明・必須・入力の確認は、XLSFormにはありません。")
        self.put(row, {"is": "question", "q": stored})
        for one in group.questions:
            self.question(one, group.key)
        self.put({"type": "end_repeat"})

    def question(self, question: Any, group: str) -> None:
        name = self.names.of_ours[f"{group}.{question.key}" if group else question.key]
        stored = question.model_dump(mode="json", exclude_defaults=True)
        stored.pop("options", None)
        if question.type in COMPOUND:
            self.compound(question, group, name, stored)
            return
        row: Row = {"type": self.type_of(question, name), "name": name, **_three("label", question.label)}
        hint = question.help
        if question.type in ("consent", "signature"):
            hint = question.statement
        elif question.type == "text_block":
            hint = question.body
        row |= _three("hint", hint)
        writer = Writer(self.names, group=group)
        self.rule(row, "relevant", question.when, writer)
        if question.type in ("computed", "fee"):
            self.calculation(row, question, writer)
        elif question.type != "text_block":
            self.required(row, question, writer)
            self.constraint(row, question, Writer(self.names, group=group, own=name))
        if question.type in _APPEARANCES:
            row["appearance"] = _APPEARANCES[question.type]
        if question.type == "short_text" and question.characters == "digits":
            row["appearance"] = "numbers"
        if getattr(question, "look", "") == "select":
            row["appearance"] = "minimal"
        self.tell(question)
        self.put(row, {"is": "question", "q": stored})

    def type_of(self, question: Any, name: str) -> str:
        if question.type in ("choice", "choices"):
            self.options(question, name)
            chosen = "select_one" if question.type == "choice" else "select_multiple"
            return f"{chosen} {name}{' or_other' if question.has_other else ''}"
        if question.type == "yes_no":
            return f"select_one {self.yes_no_list(question, name)}"
        if question.type == "number":
            return "decimal" if question.decimals else "integer"
        if question.type == "files":
            return "image" if question.kinds == ("image",) else "file"
        return _TYPES[question.type]

    def options(self, question: Any, name: str) -> None:
        for option in question.options:
            row = {"list_name": name, "name": option.value, **_three("label", option.label)}
            stored = option.model_dump(mode="json", exclude_defaults=True)
            if option.when is not None or option.help is not None:
                place = len(self.choices) + 2
                what = "出す条件" if option.when is not None else "説明"
                self.remarks.append(Remark(CHOICES, place, OWN, f"選択肢の{what}は、XLSFormにはありません。"))
            self.choices.append({**row, OWN: own_cell({"is": "option", "q": stored}, row)})

    def yes_no_list(self, question: Any, name: str) -> str:
        stored = question.model_dump(mode="json", exclude_defaults=True)
        list_name = f"{name}_yes_no" if "yes" in stored or "no" in stored else YES_NO_LIST
        if list_name not in self.lists:
            self.lists.add(list_name)
            for value, words in (("yes", question.yes), ("no", question.no)):
                row = {"list_name": list_name, "name": value, **_three("label", words)}
                self.choices.append({**row, OWN: own_cell({"is": "yes_no"}, row)})
        return list_name

    def compound(self, question: Any, group: str, name: str, stored: Json) -> None:
        """A name, an address, an account, a place: a group of texts that comes back as one question."""
        row: Row = {"type": "begin_group", "name": name, **_three("label", question.label)}
        writer = Writer(self.names, group=group)
        self.rule(row, "relevant", question.when, writer)
        self.tell(question)
        if question.checks:
            self.remark("constraint", "組になった質問の入力の確認は、XLSFormにはありません。")
        self.put(row, {"is": "question", "q": stored})
        prefix = f"{group}.{question.key}" if group else question.key
        for part in kind_of(question).parts(question):
            inner = self.names.of_ours[f"{prefix}.{part}"]
            words = PART_WORDS.get((question.type, part), Text(part))
            part_row: Row = {"type": "text", "name": inner, **_three("label", words)}
            if part not in ("given", "given_kana", "building", "bank_code", "branch_code", "lat", "lon"):
                self.required(part_row, question, writer)
            if (question.type, part) == ("bank_account", "kind"):
                part_row["type"] = f"select_one {self.account_kinds()}"
            if part in ("lat", "lon"):
                part_row["type"] = "decimal"
            self.put(part_row, {"is": "part", "part": part})
        self.put({"type": "end_group"})

    def account_kinds(self) -> str:
        if "account_kind" not in self.lists:
            self.lists.add("account_kind")
            for value, words in ACCOUNT_KINDS.items():
                row = {"list_name": "account_kind", "name": value, **_three("label", words)}
                self.choices.append({**row, OWN: own_cell({"is": "part"}, row)})
        return "account_kind"

    def rule(self, row: Row, column: str, rule: Any, writer: Writer) -> None:
        if rule is None:
            return
        try:
            row[column] = writer.condition(rule)
        except Untellable as reason:
            self.remark(column, f"この条件は、ほかの道具には伝わりません（{reason}）。")

    def required(self, row: Row, question: Any, writer: Writer) -> None:
        if isinstance(question.required, bool):
            row["required"] = "yes" if question.required else "no"
            return
        self.rule(row, "required", question.required, writer)

    def calculation(self, row: Row, question: Any, writer: Writer) -> None:
        try:
            row["calculation"] = writer.value(question.value)
        except Untellable as reason:
            row["calculation"] = "''"
            self.remark("calculation", f"この計算は、ほかの道具には伝わりません（{reason}）。")

    def constraint(self, row: Row, question: Any, writer: Writer) -> None:
        parts = _limits(question)
        for name, sign in (("earliest", ">="), ("latest", "<=")):
            if question.type == "date" and getattr(question, name) is not None:
                parts += self.told(lambda n=name, s=sign: f". {s} {writer.value(getattr(question, n))}", "constraint")
            elif question.type == "time" and getattr(question, name) not in ("00:00", "23:59"):
                self.remark("constraint", "時刻の範囲は、ほかの道具には伝わりません。")
        for check in question.checks:
            parts += self.told(lambda one=check: writer.condition(one.rule), "constraint")
        if parts:
            row["constraint"] = " and ".join(parts)
        if question.checks:
            messages = [check.message for check in question.checks]
            for code in LANGUAGES:
                row[f"constraint_message::{code}"] = " ".join(one.in_language(code) for one in messages)

    def told(self, write: Any, column: str) -> list[str]:
        try:
            return [write()]
        except Untellable as reason:
            self.remark(column, f"入力の確認の一つは、ほかの道具には伝わりません（{reason}）。")
            return []

    def tell(self, question: Any) -> None:
        """What the columns of an XLSForm have no place for."""
        missing = []
        if question.why is not None:
            missing.append("おたずねする理由")
        if question.prefill:
            missing.append("はじめの値")
        if question.is_sensitive:
            missing.append("要配慮の印")
        if question.type in ("consent", "signature", "text_block") and question.help is not None:
            missing.append("説明")
        if getattr(question, "unit", None) is not None:
            missing.append("単位")
        if question.type == "files" and (question.most > 1 or question.kinds != ("image",)):
            missing.append("ファイルの数と種類")
        if missing:
            self.remark(OWN, f"{'・'.join(missing)}は、XLSFormにはありません（{OWN}の列に入れてあります）。")

    def free(self, name: str) -> str:
        self.names.taken.add(name)
        return name


def _limits(question: Any) -> list[str]:
    """The settings of a kind as XPath over ``.``."""
    kind, found = question.type, []
    if kind in ("number", "yen"):
        for name, sign in (("least", ">="), ("most", "<=")):
            limit = getattr(question, name)
            if limit is not None and not (kind == "yen" and name == "most" and limit == 999_999_999_999):
                found.append(f". {sign} {limit}")
    if kind in ("short_text", "long_text"):
        found.append(f"string-length(.) <= {question.max_length}")
        if getattr(question, "min_length", 0):
            found.append(f"string-length(.) >= {question.min_length}")
    if kind == "short_text" and question.characters != "any":
        signs = "0-9" if question.characters == "digits" else "A-Za-z0-9"
        found.append(f"regex(., '^[{signs}]+$')")
    if kind == "choices":
        if question.least:
            found.append(f"count-selected(.) >= {question.least}")
        if question.most is not None:
            found.append(f"count-selected(.) <= {question.most}")
    return found


def _three(column: str, text: Text | None) -> Row:
    if text is None:
        return {}
    given = text.to_dict()
    return {f"{column}::{code}": given[code] for code in LANGUAGES if given.get(code)}


def _fill(page: Worksheet, title: str, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    page.title = title
    for number, name in enumerate(columns, start=1):
        head = page.cell(1, number, name)
        head.font = Font(bold=True)
        page.column_dimensions[head.column_letter].width = 12 if name == OWN else 22
    for place, row in enumerate(rows, start=2):
        for number, name in enumerate(columns, start=1):
            if not row.get(name):
                continue
            cell = page.cell(place, number, row[name])
            cell.data_type = "s"
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=name != OWN, vertical="top")
    page.freeze_panes = "A2"
