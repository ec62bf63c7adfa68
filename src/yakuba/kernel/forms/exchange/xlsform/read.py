"""An XLSForm workbook read as a form. What is outside our subset is told with sheet, row and column; nothing vanishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.forms.exchange.xlsform.columns import (
    CHOICES,
    OWN,
    SETTINGS,
    SURVEY,
    SURVEY_COLUMNS,
    is_as_written,
    language_of,
    read_own,
)
from yakuba.kernel.forms.exchange.xlsform.names import COMPOUND, Known, tidy_key
from yakuba.kernel.forms.exchange.xlsform.rows import (
    META,
    TYPES,
    VALUE_TYPES,
    Told,
    appearance_of,
    limits_of,
    parted_type,
    required_of,
    text_of,
)
from yakuba.kernel.forms.exchange.xlsform.xpath_read import REGEX, XPathFault, read_xpath
from yakuba.kernel.forms.rules.definition import OTHER_SUFFIX, DefinitionFault, FormDefinition, read_definition
from yakuba.kernel.forms.rules.kinds import KINDS
from yakuba.kernel.paper.api import Download, Findings, Problem, Row, Table, TableRefused, error_sheet, read_table

Json = dict[str, Any]
_TEXTS = ("label", "hint", "constraint_message")
_READ = {*SURVEY_COLUMNS, "label", "hint", "constraint_message"}
_SILENT = ("text_block", "computed", "fee")


@dataclass(frozen=True)
class ReadForm:
    """What a workbook gave: a definition, or the problems; ``notes`` say what was left aside and where."""

    definition: FormDefinition | None
    problems: tuple[Problem, ...] = ()
    marked: Download | None = None
    notes: tuple[str, ...] = ()


@dataclass
class _Line:
    """A question, a repeat or a step while it is being read; ``lines`` are those inside a repeat."""

    row: Row
    name: str
    key: str
    kind: str
    own: Json | None
    repeat: str = ""
    list_name: str = ""
    has_other: bool = False
    whens: tuple[Row, ...] = ()
    lines: list[_Line] = field(default_factory=list)


@dataclass
class _Page:
    """A step: a group of the first level, or what stands outside of any."""

    row: Row | None
    key: str
    own: Json | None
    lines: list[_Line] = field(default_factory=list)
    introduction: Row | None = None


def sheet_names(content: bytes) -> tuple[str, ...]:
    """The sheets of a workbook that was checked before."""
    book = load_workbook(BytesIO(content), read_only=True)
    try:
        return tuple(book.sheetnames)
    finally:
        book.close()


def read_xlsform(content: bytes, filename: str) -> ReadForm:
    """Read a workbook. Raises `TableRefused` or `FileRefused` for what is no such workbook at all."""
    survey = read_table(content, filename, sheet=SURVEY, required=("type",), optional=("name", *SURVEY_COLUMNS[2:]))
    tables = {SURVEY: survey}
    for name in (CHOICES, SETTINGS):
        if name in sheet_names(content):
            tables[name] = read_table(content, filename, sheet=name)
    reader = _Reader(tables)
    given = reader.form()
    if not reader.problems:
        try:
            return ReadForm(read_definition(given), notes=tuple(dict.fromkeys(reader.notes)))
        except DefinitionFault as fault:
            reader.place(fault)
    return ReadForm(None, tuple(reader.problems), _marked(tables, reader.problems), tuple(dict.fromkeys(reader.notes)))


class _Reader:
    """Reads the sheets in two rounds: first what there is and how it is called, then what it says."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = tables
        self.findings = {name: Findings(table) for name, table in tables.items()}
        self.notes: list[str] = []
        self.known: dict[str, Known] = {}
        self.lists: dict[str, list[tuple[Row, Json | None]]] = {}
        self.default = "ja"
        self.where: list[tuple[Json, Row]] = []
        self.taken: dict[str, set[str]] = {"": set()}

    @property
    def problems(self) -> list[Problem]:
        return [problem for findings in self.findings.values() for problem in findings.problems]

    def problem(self, row: Row, column: str, message: str, hint: str = "", sheet: str = SURVEY) -> None:
        self.findings[sheet].add(row, column, message, hint)

    def note(self, row: Row, column: str, message: str, sheet: str = SURVEY) -> None:
        self.notes.append(f"シート「{sheet}」{row.number}行 {column}：{message}")

    def own(self, row: Row, sheet: str = SURVEY) -> Json | None:
        try:
            return read_own(row.cells.get(OWN, ""))
        except ValueError:
            self.note(row, OWN, "この列が壊れているため、ほかの列だけを読みました。", sheet)
            return None

    def form(self) -> Json:
        form = self.settings()
        self.choices()
        pages = self.pages()
        self.unread_columns()
        form["steps"] = [self.step(page) for page in pages]
        if not pages:
            raise TableRefused("surveyシートに質問がありません。", hint="type と name の列に、質問を書いてください。")
        return form

    def settings(self) -> Json:
        rows = self.tables[SETTINGS].rows if SETTINGS in self.tables else ()
        row = rows[0] if rows else None
        cells: Mapping[str, str] = row.cells if row is not None else {}
        language = language_of(f"label::{cells.get('default_language') or 'ja'}")[1]
        self.default = language or "ja"
        own = self.own(row, SETTINGS) if row is not None else None
        form: Json = {"format": "yakuba-form/1", "key": tidy_key(cells.get("form_id", "form"), set()).replace("_", "-")}
        form["title"] = {"ja": cells.get("form_title") or "題名のない様式"}
        if own is not None and isinstance(own.get("q"), dict):
            stored = own["q"]
            for name in ("introduction", "completion"):
                if name in stored:
                    form[name] = stored[name]
            if is_as_written(own, cells, "form_title") and "title" in stored:
                form["title"] = stored["title"]
            if is_as_written(own, cells, "form_id") and "key" in stored:
                form["key"] = stored["key"]
        if len(form["key"]) < 2:
            form["key"] += "-form"
        known = {"form_title", "form_id", "version", "default_language", OWN}
        for name, text in cells.items():
            if text and name not in known and row is not None:
                self.note(row, name, f"「{text[:40]}」は使いません。", SETTINGS)
        return form

    def choices(self) -> None:
        for row in self.tables[CHOICES].rows if CHOICES in self.tables else ():
            name = row.cells.get("list_name") or row.cells.get("list name", "")
            self.lists.setdefault(name, []).append((row, self.own(row, CHOICES)))
            for header, text in row.cells.items():
                if text and language_of(header)[0] not in ("list_name", "list name", "name", "label", OWN):
                    self.note(row, header, f"「{text[:40]}」は使いません。", CHOICES)

    # The first round: what stands where.

    def pages(self) -> list[_Page]:
        pages: list[_Page] = []
        stack: list[tuple[str, Any]] = []
        for row in self.tables[SURVEY].rows:
            head, list_name, has_other = parted_type(row["type"])
            inside = stack[-1][1] if stack and stack[-1][0] == "compound" else None
            if head.startswith("end_"):
                self.closed(row, head, stack)
            elif inside is not None:
                self.part(row, head, inside, stack)
            elif head == "begin_group":
                self.group(row, stack, pages)
            elif head == "begin_repeat":
                self.repeat(row, stack, pages)
            elif head in META:
                self.note(row, "type", f"「{head}」は使いません。")
            else:
                self.line(row, head, list_name, has_other, stack, pages)
        for kind, _thing in stack:
            self.problem(
                self.tables[SURVEY].rows[-1],
                "type",
                f"{kind}が閉じられていません。",
                "end_groupかend_repeatを足してください。",
            )
        return [page for page in pages if page.lines or page.row is not None]

    def closed(self, row: Row, head: str, stack: list[tuple[str, Any]]) -> None:
        wanted = {"end_group": ("page", "compound", "inner"), "end_repeat": ("repeat",)}.get(head, ())
        if not stack or stack[-1][0] not in wanted:
            self.problem(
                row,
                "type",
                "対になる始まりがありません。",
                "begin_groupとend_group、begin_repeatとend_repeatの組を確かめてください。",
            )
            return
        stack.pop()

    def group(self, row: Row, stack: list[tuple[str, Any]], pages: list[_Page]) -> None:
        own = self.own(row)
        kind = own["q"].get("type") if own is not None and isinstance(own.get("q"), dict) else ""
        if own is not None and own.get("is") == "question" and kind in COMPOUND:
            line = self.add(row, str(kind), own, stack, pages)
            stack.append(("compound", line))
        elif not stack:
            taken = {page.key for page in pages}
            key = self.key_of(row, own, taken | {"end"})
            pages.append(_Page(row, key, own if own is not None and own.get("is") == "step" else None))
            stack.append(("page", pages[-1]))
        else:
            self.note(row, "type", "グループの中のグループは、一つの画面にまとめます。")
            stack.append(("inner", row))

    def repeat(self, row: Row, stack: list[tuple[str, Any]], pages: list[_Page]) -> None:
        if any(kind == "repeat" for kind, _thing in stack):
            self.problem(row, "type", "繰り返しの中に繰り返しがあります。", "一段だけにしてください。")
        own = self.own(row)
        line = self.add(row, "group", own, stack, pages)
        self.taken.setdefault(line.key, set())
        stack.append(("repeat", line))

    def line(
        self, row: Row, head: str, list_name: str, has_other: bool, stack: list[tuple[str, Any]], pages: list[_Page]
    ) -> None:
        own = self.own(row)
        if own is not None and own.get("is") == "introduction" and stack and stack[-1][0] == "page":
            stack[-1][1].introduction = row
            return
        kind = ""
        if own is not None and own.get("is") == "question" and isinstance(own.get("q"), dict):
            kind = str(own["q"].get("type", ""))
        if not kind or kind not in KINDS or not is_as_written(own or {}, row.cells, "type"):
            kind = {"select_one": "choice", "select_multiple": "choices"}.get(head, "") or TYPES.get(head, ("", {}))[0]
            if own is not None and kind:
                self.note(row, "type", "種類が変わったため、この行はXLSFormの列だけから読みました。")
            own = None
        if not kind:
            self.problem(
                row,
                "type",
                f"種類「{row['type'][:30]}」は読めません。",
                "docs/xlsform.mdの一覧にある種類だけが使えます。",
            )
            return
        line = self.add(row, kind, own, stack, pages)
        line.list_name, line.has_other = list_name, has_other
        if has_other:
            name = line.name + OTHER_SUFFIX
            prefix = "row." if line.repeat else ""
            self.known[name] = Known(
                f"{prefix}{line.key}{OTHER_SUFFIX}", ValueType.TEXT, line.repeat, line.key + OTHER_SUFFIX
            )

    def add(self, row: Row, kind: str, own: Json | None, stack: list[tuple[str, Any]], pages: list[_Page]) -> _Line:
        repeat = next((thing for name, thing in stack if name == "repeat"), None)
        page = next((thing for name, thing in stack if name == "page"), None)
        if page is None:
            if not pages or pages[-1].row is not None:
                pages.append(_Page(None, f"step{len(pages) + 1}", None))
            page = pages[-1]
        group = repeat.key if repeat is not None else ""
        key = self.key_of(row, own, self.taken.setdefault(group, set()))
        self.taken[group].add(key)
        name = row.cells.get("name", "").strip()
        line = _Line(row, name, key, kind, own, group, whens=tuple(thing for one, thing in stack if one == "inner"))
        if not name:
            self.problem(row, "name", "名前がありません。", "英数字の名前を書いてください。")
        elif name in self.known:
            self.problem(row, "name", f"名前「{name[:40]}」が二つあります。", "別の名前にしてください。")
        value_type = VALUE_TYPES.get(kind, ValueType.ANY)
        gives = (own or {}).get("q", {}).get("gives") if kind == "computed" else None
        if gives in ("text", "yen", "date", "yes_no"):
            value_type = {
                "text": ValueType.TEXT,
                "yen": ValueType.YEN,
                "date": ValueType.DATE,
                "yes_no": ValueType.YES_NO,
            }[gives]
        self.known[name] = Known(f"row.{key}" if group else key, value_type, group, key)
        (repeat.lines if repeat is not None else page.lines).append(line)
        return line

    def part(self, row: Row, head: str, line: _Line, stack: list[tuple[str, Any]]) -> None:
        """A row inside a name, an address …: it belongs to the question; a change of it cannot be taken."""
        own = self.own(row)
        name = row.cells.get("name", "").strip()
        if own is None or own.get("is") != "part":
            self.problem(
                row, "type", "組になった質問の中に、質問を足すことはできません。", "この行を、組の外に移してください。"
            )
            return
        part = str(own.get("part", ""))[:20]
        prefix = "row." if line.repeat else ""
        self.known[name] = Known(f"{prefix}{line.key}.{part}", ValueType.TEXT, line.repeat, f"{line.key}.{part}")
        if any(not is_as_written(own, row.cells, column) for column in row.cells if column != OWN):
            self.note(row, "label", "組になった質問の中の変更は、取り込みません。")

    def key_of(self, row: Row, own: Json | None, taken: set[str]) -> str:
        """Our key: the one it had, or one made of its name."""
        name = row.cells.get("name", "").strip()
        stored = (own or {}).get("q", {})
        key = stored.get("key") if isinstance(stored, dict) else None
        if isinstance(key, str) and own is not None and is_as_written(own, row.cells, "name") and key not in taken:
            return key
        made = tidy_key(name, taken)
        if name and made != name:
            self.note(row, "name", f"名前を「{made}」に変えて読みました。")
        return made

    def unread_columns(self) -> None:
        """Cells of columns we do not know are told one by one."""
        for row in self.tables[SURVEY].rows:
            for header, text in row.cells.items():
                name, _language = language_of(header)
                if text and header not in _READ and name not in _TEXTS:
                    self.note(row, header, f"「{text[:40]}」は使いません。")

    # The second round: what it says.

    def step(self, page: _Page) -> Json:
        row, own = page.row, page.own
        stored = own["q"] if own is not None and isinstance(own.get("q"), dict) else {}
        step: Json = {"title": {"ja": "入力"}, **stored, "key": page.key}
        if row is not None:
            self.where.append((step, row))
            self.texts(step, row, own, "label", "title")
            self.put_rule(step, "when", row, own, "relevant", "")
            if not is_as_written(own or {"w": {}}, row.cells, "appearance") and row.cells.get("appearance") not in (
                "field-list",
                "",
            ):
                self.note(row, "appearance", "この見た目は使いません。")
        if page.introduction is not None:
            self.texts(step, page.introduction, self.own(page.introduction), "label", "introduction")
        elif own is not None and "introduction" in step:
            step.pop("introduction")
        step["questions"] = [self.question(line) for line in page.lines]
        return step

    def question(self, line: _Line) -> Json:
        row, own = line.row, line.own
        stored = own["q"] if own is not None and isinstance(own.get("q"), dict) else {}
        question: Json = {**stored, "type": line.kind, "key": line.key}
        self.where.append((question, row))
        if own is None:
            settings = TYPES.get(parted_type(row["type"])[0], ("", {}))[1]
            question |= settings
        self.texts(question, row, own, "label", "label")
        self.hint(question, row, own)
        if line.kind in ("choice", "choices"):
            question["options"] = self.options(line)
            question["has_other"] = line.has_other
        if line.kind == "yes_no":
            self.yes_no(question, line)
        self.appearance(question, row, own)
        self.put_rule(question, "when", row, own, "relevant", line.repeat)
        self.outer_conditions(question, line)
        if line.kind in ("computed", "fee"):
            self.put_rule(question, "value", row, own, "calculation", line.repeat)
            question.setdefault("value", 0)
        elif line.kind == "group":
            self.repeat_count(question, row, own)
            question.setdefault("row_label", {"ja": "件目", "ja-easy": "つ目", "en": "Item"})
            question["questions"] = [self.question(one) for one in line.lines]
        elif line.kind != "text_block":
            self.required(question, row, own, line.repeat)
            self.constraint(question, line)
        return question

    def texts(self, into: Json, row: Row, own: Json | None, column: str, name: str) -> None:
        """A text: what we wrote before where the cells are ours, else what stands in them."""
        if own is not None and name in into and self.is_ours(own, row, column):
            return
        text = text_of(row.cells, column, self.default)
        if text is not None:
            into[name] = text
        elif name == "label":
            into[name] = {"ja": row.cells.get("name") or "質問"}
            if into.get("type") != "computed":
                self.note(row, "label", "文がないため、名前を質問の文にしました。")

    def is_ours(self, own: Json, row: Row, column: str) -> bool:
        """Whether all cells of a column in its languages are as we wrote them."""
        headers = {header for header in (*row.cells, *own["w"]) if language_of(header)[0] == column}
        return all(is_as_written(own, row.cells, header) for header in headers)

    def hint(self, question: Json, row: Row, own: Json | None) -> None:
        kind = question["type"]
        name = {"consent": "statement", "signature": "statement", "text_block": "body"}.get(kind, "help")
        if own is not None and self.is_ours(own, row, "hint"):
            return
        text = text_of(row.cells, "hint", self.default)
        if text is not None:
            question[name] = text
        else:
            question.pop("help", None)
        if name != "help" and name not in question:
            # A note or an acknowledgement of another tool has one text only.
            question[name] = question["label"]

    def appearance(self, question: Json, row: Row, own: Json | None) -> None:
        if own is not None and is_as_written(own, row.cells, "appearance"):
            return
        try:
            appearance_of(question, row.cells.get("appearance", ""))
        except Told as told:
            self.note(row, told.column, told.message)

    def yes_no(self, question: Json, line: _Line) -> None:
        for row, own in self.lists.get(line.list_name, ()):
            value = row.cells.get("name", "")
            if value in ("yes", "no") and (own is None or not self.is_ours(own, row, "label")):
                text = text_of(row.cells, "label", self.default)
                if text is not None:
                    question[value] = text

    def options(self, line: _Line) -> list[Json]:
        rows = self.lists.get(line.list_name, [])
        if not rows:
            self.problem(
                line.row,
                "type",
                f"選択肢の一覧「{line.list_name[:40]}」がありません。",
                "choicesシートにlist_nameとして書いてください。",
            )
        found: list[Json] = []
        values: dict[str, str] = {}
        for row, own in rows:
            stored = own["q"] if own is not None and isinstance(own.get("q"), dict) else {}
            name = row.cells.get("name", "").strip()
            value = self.value_of(name, {one["value"] for one in found}, row)
            values[name] = value
            option: Json = {**stored, "value": value}
            if own is None or "label" not in option or not self.is_ours(own, row, "label"):
                option["label"] = text_of(row.cells, "label", self.default) or {"ja": name or "選択肢"}
            found.append(option)
        known = self.known.get(line.name)
        if known is not None:
            self.known[line.name] = replace(known, values=values)
        return found

    def value_of(self, name: str, taken: set[str], row: Row) -> str:
        fits = (
            name.isascii()
            and 0 < len(name) <= 40
            and name[0].isalnum()
            and all(one.isalnum() or one in "_.-" for one in name)
        )
        if fits and name not in taken:
            return name
        number = len(taken) + 1
        while f"o{number}" in taken:
            number += 1
        self.note(row, "name", f"値「{name[:30]}」を「o{number}」に変えて読みました。", CHOICES)
        return f"o{number}"

    def outer_conditions(self, question: Json, line: _Line) -> None:
        """A question in a group within a step is shown only where the group is."""
        rules = [rule for outer in line.whens if (rule := self.rule(outer, "relevant", line.repeat)) is not None]
        if rules:
            own = [question["when"]] if "when" in question else []
            every = [*rules, *own]
            question["when"] = every[0] if len(every) == 1 else {"and": every}

    def put_rule(self, into: Json, name: str, row: Row, own: Json | None, column: str, repeat: str) -> None:
        if own is not None and is_as_written(own, row.cells, column):
            return
        into.pop(name, None)
        rule = self.rule(row, column, repeat)
        if rule is not None:
            into[name] = rule

    def rule(self, row: Row, column: str, repeat: str, own: Known | None = None) -> Any:
        text = row.cells.get(column, "").strip()
        if not text:
            return None
        try:
            rule = read_xpath(text, self.known, own=own, repeat=repeat)
        except XPathFault as fault:
            self.problem(row, column, fault.message, fault.hint or "")
            return None
        if column != "constraint" and REGEX in str(rule):
            self.problem(row, column, "regex()は、ここでは読めません。")
            return None
        return rule

    def required(self, question: Json, row: Row, own: Json | None, repeat: str) -> None:
        if own is not None and (question["type"] in COMPOUND or is_as_written(own, row.cells, "required")):
            return
        question["required"] = required_of(
            row.cells.get("required", ""), lambda cell: self.rule(row, "required", repeat)
        )
        if question["required"] is None:
            question["required"] = False

    def constraint(self, question: Json, line: _Line) -> None:
        row, own = line.row, line.own
        if (
            own is not None
            and is_as_written(own, row.cells, "constraint")
            and self.is_ours(own, row, "constraint_message")
        ):
            return
        for name in ("checks", "least", "most", "min_length", "max_length", "earliest", "latest", "characters"):
            if own is not None and not (question["type"] in ("files", "time") and name != "checks"):
                question.pop(name, None)
        rule = self.rule(row, "constraint", line.repeat, self.known.get(line.name))
        if rule is None:
            return
        try:
            limits_of(
                question, rule, self.known[line.name].rule_name, text_of(row.cells, "constraint_message", self.default)
            )
        except Told as told:
            self.problem(row, told.column, told.message, told.hint)

    def repeat_count(self, question: Json, row: Row, own: Json | None) -> None:
        if own is not None and is_as_written(own, row.cells, "repeat_count"):
            return
        text = row.cells.get("repeat_count", "").strip()
        if text.isascii() and text.isdigit() and 0 < int(text) <= 50:
            question["least"] = question["most"] = int(text)
        elif text:
            self.problem(row, "repeat_count", "件数を式で決めることはできません。", "1から50までの数を書いてください。")

    def place(self, fault: DefinitionFault) -> None:
        """Put the definition's own complaint to the row it concerns."""
        row = self.tables[SURVEY].rows[0]
        path = (fault.field or "").split(".")
        at: Any = None
        if len(path) > 1 and path[0] == "steps" and path[1].isdigit():
            steps = [one for one, _row in self.where if "questions" in one and "type" not in one]
            at = steps[int(path[1])] if int(path[1]) < len(steps) else None
            for name, number in zip(path[2::2], path[3::2], strict=False):
                if at is None or name != "questions" or not number.isdigit():
                    break
                at = at["questions"][int(number)] if int(number) < len(at.get("questions", ())) else None
        row = next((each for one, each in self.where if one is at), row)
        self.problem(row, "type", fault.message, fault.hint or "")


def _marked(tables: Mapping[str, Table], problems: Sequence[Problem]) -> Download | None:
    marked: Download | None = None
    for name, table in tables.items():
        own = [one for one in problems if one.position.sheet == name]
        if own:
            marked = error_sheet(table if marked is None else replace(table, source=marked.content), own)
    return marked
