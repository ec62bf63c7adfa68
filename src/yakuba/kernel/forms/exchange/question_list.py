"""The 「質問一覧」 workbook: a form as four plain sheets any clerk can change in Excel, out and in again.

様式 (one row an item), 画面 (one row a page), 質問 (one row a question), 選択肢 (one row a choice). What goes out comes in
equal. What cannot be read is told with sheet, row, column and way out; nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from yakuba.kernel.forms.exchange.plain_rules import read_rule, write_rule
from yakuba.kernel.forms.exchange.settings import TYPE_WORDS, read_settings, read_texts, write_settings, write_texts
from yakuba.kernel.forms.rules.check import PREFILLS
from yakuba.kernel.forms.rules.definition import (
    OTHER_SUFFIX,
    DefinitionFault,
    FormDefinition,
    read_definition,
)
from yakuba.kernel.forms.rules.suggest import suggest
from yakuba.kernel.paper.api import Download, Findings, Problem, Row, Table, TableRefused, error_sheet, read_table
from yakuba.kernel.values.api import Refusal

FORM, STEPS, QUESTIONS, OPTIONS = "様式", "画面", "質問", "選択肢"
_THREE = ("", "（やさしい日本語）", "（英語）")
_CODES = ("ja", "ja-easy", "en")
_ITEMS = {"名前": "key", "題名": "title", "はじめの説明": "introduction", "送った後の説明": "completion"}
_FORM_COLUMNS = ("項目", "内容", "やさしい日本語", "英語")
_STEP_COLUMNS = ("画面", *(f"題名{one}" for one in _THREE), *(f"説明{one}" for one in _THREE), "出す条件", "次の画面")
_QUESTION_COLUMNS = (
    "画面",
    "繰り返し",
    "名前",
    "種類",
    *(f"質問{one}" for one in _THREE),
    *(f"説明{one}" for one in _THREE),
    "必須",
    "出す条件",
    *(f"文{one}" for one in _THREE),
    "計算",
    "入力の確認",
    "はじめの値",
    "設定",
    *(f"たずねる理由{one}" for one in _THREE),
)
_OPTION_COLUMNS = ("質問", "値", *(f"言葉{one}" for one in _THREE), *(f"説明{one}" for one in _THREE), "出す条件")
PREFILL_WORDS = {
    "profile.name": "登録の氏名",
    "profile.birth_date": "登録の生年月日",
    "profile.address": "登録の住所",
    "profile.phone": "登録の電話番号",
    "profile.mail": "登録のメールアドレス",
    "today": "今日",
}
_PREFILLS = {words: key for key, words in PREFILL_WORDS.items()}
_TYPES = {words: key for key, words in TYPE_WORDS.items()}
_BODY = {"consent": "statement", "signature": "statement", "text_block": "body"}
_MARK = PatternFill("solid", start_color="FFE8F1FE")


@dataclass(frozen=True)
class ReadBack:
    """A workbook that was read: the definition, or the problems with a workbook that shows them at their cells."""

    definition: FormDefinition | None
    problems: tuple[Problem, ...] = ()
    marked: Download | None = None
    notes: tuple[str, ...] = ()


def write_question_list(definition: FormDefinition) -> bytes:
    """The workbook of a form (.xlsx). Cells are text, so that nothing in them is taken for a formula."""
    form = definition.to_json()
    book = Workbook()
    first = book.worksheets[0]
    first.title = FORM
    _fill(
        first,
        _FORM_COLUMNS,
        [
            {"項目": words, "内容": form[key]}
            if key == "key"
            else {"項目": words, **_three(form.get(key), ("内容", "やさしい日本語", "英語"))}
            for words, key in _ITEMS.items()
        ],
    )
    _fill(book.create_sheet(STEPS), _STEP_COLUMNS, [_step_row(step) for step in form["steps"]])
    questions = [
        row
        for step in form["steps"]
        for question in step.get("questions", ())
        for row in _question_rows(step, question)
    ]
    page = book.create_sheet(QUESTIONS)
    _fill(page, _QUESTION_COLUMNS, questions)
    kinds = DataValidation(type="list", formula1='"' + ",".join(TYPE_WORDS.values()) + '"', allow_blank=True)
    kinds.add(f"D2:D{max(len(questions) + 50, 60)}")
    page.add_data_validation(kinds)
    options = [
        _option_row(path, option)
        for step in form["steps"]
        for path, question in _with_paths(step)
        for option in question.get("options", ())
    ]
    _fill(book.create_sheet(OPTIONS), _OPTION_COLUMNS, options)
    _help(book.create_sheet("書き方"))
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def read_question_list(content: bytes, filename: str) -> ReadBack:
    """Read a workbook. Raises `TableRefused` or `FileRefused` for what is no such workbook at all."""
    tables = {
        FORM: read_table(content, filename, sheet=FORM, required=("項目", "内容"), optional=_FORM_COLUMNS[2:]),
        STEPS: read_table(
            content, filename, sheet=STEPS, required=("画面", "題名"), optional=_rest(_STEP_COLUMNS, ("画面", "題名"))
        ),
        QUESTIONS: read_table(
            content,
            filename,
            sheet=QUESTIONS,
            required=("画面", "名前", "種類", "質問"),
            optional=_rest(_QUESTION_COLUMNS, ("画面", "名前", "種類", "質問")),
        ),
        OPTIONS: read_table(
            content,
            filename,
            sheet=OPTIONS,
            required=("質問", "値", "言葉"),
            optional=_rest(_OPTION_COLUMNS, ("質問", "値", "言葉")),
        ),
    }
    reader = _Reader(tables)
    given = reader.form()
    unknown = tuple(
        f"シート「{name}」の列「{column}」は使いません。" for name, table in tables.items() for column in table.unknown
    )
    if not reader.problems:
        try:
            return ReadBack(read_definition(given), notes=unknown)
        except DefinitionFault as fault:
            reader.place(fault)
    return ReadBack(None, tuple(reader.problems), _marked(tables, reader.problems), unknown)


class _Reader:
    """Reads the four sheets and collects what is wrong."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = tables
        self.findings = {name: Findings(table) for name, table in tables.items()}
        self.rows_of: dict[str, Row] = {}
        self.where: dict[str, tuple[str, Row]] = {}
        self.keys_made: set[str] = set()

    @property
    def problems(self) -> list[Problem]:
        return [problem for findings in self.findings.values() for problem in findings.problems]

    def form(self) -> dict[str, Any]:
        form: dict[str, Any] = {"format": "yakuba-form/1"}
        for row in self.tables[FORM]:
            field = _ITEMS.get(row["項目"])
            if field is None:
                self.findings[FORM].add(row, "項目", "知らない項目です。", f"使えるのは「{'」「'.join(_ITEMS)}」です。")
            elif field == "key":
                form["key"] = row["内容"]
            elif row["内容"]:
                form[field] = self.text(FORM, row, ("内容", "やさしい日本語", "英語"))
        options = self.options()
        form["steps"] = self.steps(options)
        return form

    def steps(self, options: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = []
        by_key: dict[str, dict[str, Any]] = {}
        for row in self.tables[STEPS]:
            step: dict[str, Any] = {"key": row["画面"], "title": self.three(STEPS, row, "題名") or "", "questions": []}
            self.put(step, "introduction", self.three(STEPS, row, "説明"))
            self.put(step, "when", self.rule(STEPS, row, "出す条件"))
            self.put(step, "ways", self.ways(row))
            self.where[f"steps.{len(steps)}"] = (STEPS, row)
            steps.append(step)
            by_key[step["key"]] = step
        groups: dict[str, dict[str, Any]] = {}
        above = ""
        for row in self.tables[QUESTIONS]:
            # A row that somebody added without naming its step belongs where the row above it stands.
            above = row["画面"] or above
            target = by_key.get(above)
            if target is None:
                self.findings[QUESTIONS].add(
                    row,
                    "画面",
                    "この画面がありません。",
                    f"シート「{STEPS}」の「画面」の列にある名前を書いてください。",
                )
                continue
            question = self.question(row, options)
            if question is None:
                continue
            into: list[dict[str, Any]] = target["questions"]
            place = f"steps.{steps.index(target)}.questions"
            if row.cells.get("繰り返し"):
                group = groups.get(row["繰り返し"])
                if group is None:
                    self.findings[QUESTIONS].add(
                        row,
                        "繰り返し",
                        "この繰り返しの質問が、上の行にありません。",
                        "種類が「繰り返し」の質問の名前を書いてください。",
                    )
                    continue
                place = f"{place}.{target['questions'].index(group)}.questions"
                into = group["questions"]
            if question["type"] == "group":
                question["questions"] = []
                groups[question["key"]] = question
            self.where[f"{place}.{len(into)}"] = (QUESTIONS, row)
            into.append(question)
        for path in options:
            self.findings[OPTIONS].add(
                self.rows_of[path],
                "質問",
                "この質問がないか、選ぶ質問ではありません。",
                "質問の名前（繰り返しの中では「繰り返し.質問」）を書いてください。",
            )
        return steps

    def question(self, row: Row, options: dict[str, list[dict[str, Any]]]) -> dict[str, Any] | None:
        kind = _TYPES.get(row["種類"])
        if kind is None:
            self.findings[QUESTIONS].add(
                row, "種類", "知らない種類です。", f"使えるのは「{'」「'.join(_TYPES)}」です。"
            )
            return None
        key = row["名前"] or self.key_for(row["質問"], kind)
        question: dict[str, Any] = {"type": kind, "key": key, "label": self.three(QUESTIONS, row, "質問") or ""}
        self.put(question, "help", self.three(QUESTIONS, row, "説明"))
        self.put(question, "why", self.three(QUESTIONS, row, "たずねる理由"))
        self.put(question, "when", self.rule(QUESTIONS, row, "出す条件"))
        required = self.required(row)
        if required is not True:
            question["required"] = required
        self.put(question, _BODY.get(kind, "statement"), self.three(QUESTIONS, row, "文"))
        self.put(question, "value", self.rule(QUESTIONS, row, "計算"))
        self.put(question, "checks", self.checks(row))
        self.put(question, "prefill", self.prefill(row))
        question |= self.taken(QUESTIONS, row, "設定", lambda text: read_settings(kind, text)) or {}
        path = ".".join(filter(None, (row.cells.get("繰り返し", ""), question["key"])))
        if kind in ("choice", "choices"):
            question["options"] = options.pop(path, [])
            if not question["options"]:
                self.findings[QUESTIONS].add(
                    row, "名前", "選択肢がありません。", f"シート「{OPTIONS}」に、「{path}」の選択肢を書いてください。"
                )
        return question

    def key_for(self, label: str, kind: str) -> str:
        """A free name for a question somebody added without one, the same whenever the same sheet is read."""
        given = {one["名前"] for one in self.tables[QUESTIONS]}
        key = suggest(label, kind, taken=given | self.keys_made).key
        self.keys_made.add(key)
        return key

    def options(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.tables[OPTIONS]:
            option: dict[str, Any] = {"value": row["値"], "label": self.three(OPTIONS, row, "言葉") or ""}
            self.put(option, "help", self.three(OPTIONS, row, "説明"))
            self.put(option, "when", self.rule(OPTIONS, row, "出す条件"))
            found.setdefault(row["質問"], []).append(option)
            self.rows_of.setdefault(row["質問"], row)
        return found

    def ways(self, row: Row) -> list[dict[str, Any]]:
        found = []
        for line in row.cells.get("次の画面", "").splitlines():
            words, sign, target = line.rpartition("→")
            if not target.strip():
                continue
            way: dict[str, Any] = {"to": "end" if target.strip() == "終わり" else target.strip()}
            if sign and words.strip():
                rule = self.taken(STEPS, row, "次の画面", read_rule, words)
                if rule is not None:
                    way["when"] = rule
            found.append(way)
        return found

    def checks(self, row: Row) -> list[dict[str, Any]]:
        found = []
        for line in row.cells.get("入力の確認", "").splitlines():
            words, sign, message = line.partition("⇒")
            if not line.strip():
                continue
            if not sign or not message.strip():
                self.findings[QUESTIONS].add(
                    row,
                    "入力の確認",
                    "「条件 ⇒ 文」の形になっていません。",
                    "「⇒」の後に、満たさないときに出す文を書いてください。",
                )
                continue
            rule = self.taken(QUESTIONS, row, "入力の確認", read_rule, words)
            text = self.taken(QUESTIONS, row, "入力の確認", read_texts, message)
            if rule is not None and text:
                found.append({"rule": rule, "message": text})
        return found

    def required(self, row: Row) -> Any:
        words = row.cells.get("必須", "")
        if words in ("", "はい", "必須"):
            return True
        if words in ("いいえ", "任意"):
            return False
        rule = self.rule(QUESTIONS, row, "必須")
        return True if rule is None else rule

    def prefill(self, row: Row) -> str:
        words = row.cells.get("はじめの値", "")
        if words and words not in _PREFILLS:
            self.findings[QUESTIONS].add(
                row, "はじめの値", "ここからは入れられません。", f"使えるのは「{'」「'.join(_PREFILLS)}」です。"
            )
        return _PREFILLS.get(words, "")

    def rule(self, sheet: str, row: Row, column: str) -> Any:
        return self.taken(sheet, row, column, read_rule)

    def three(self, sheet: str, row: Row, column: str) -> dict[str, str] | None:
        return self.text(sheet, row, tuple(f"{column}{one}" for one in _THREE))

    def text(self, sheet: str, row: Row, columns: Sequence[str]) -> dict[str, str] | None:
        found = {code: row.cells.get(column, "") for code, column in zip(_CODES, columns, strict=True)}
        found = {code: text for code, text in found.items() if text}
        if found and "ja" not in found:
            self.findings[sheet].add(row, columns[0], "日本語の文がありません。", "日本語の列にも書いてください。")
            return None
        return found or None

    def taken(self, sheet: str, row: Row, column: str, read: Callable[[str], Any], text: str | None = None) -> Any:
        try:
            return read(row.cells.get(column, "") if text is None else text.strip())
        except Refusal as refusal:
            self.findings[sheet].add(row, column, refusal.message, refusal.hint or "")
            return None

    def put(self, into: dict[str, Any], field: str, value: Any) -> None:
        if value not in (None, "", []):
            into[field] = value

    def place(self, fault: DefinitionFault) -> None:
        """Put the definition's own complaint to the row it concerns."""
        path = fault.field or ""
        places = [known for known in self.where if path == known or path.startswith(known + ".")]
        if places:
            sheet, row = self.where[max(places, key=len)]
            self.findings[sheet].add(row, "名前" if sheet == QUESTIONS else "画面", fault.message, fault.hint or "")
            return
        rows = self.tables[FORM].rows
        if not rows:
            raise TableRefused(fault.message, hint=fault.hint)
        self.findings[FORM].add(rows[0], "内容", fault.message, fault.hint or "")


def _marked(tables: Mapping[str, Table], problems: Sequence[Problem]) -> Download | None:
    marked: Download | None = None
    for name, table in tables.items():
        own = [one for one in problems if one.position.sheet == name]
        if own:
            source = table if marked is None else replace(table, source=marked.content)
            marked = error_sheet(source, own)
    return marked


def _rest(columns: Sequence[str], taken: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in columns if one not in taken)


def _three(text: Any, columns: Sequence[str]) -> dict[str, str]:
    given = {"ja": text} if isinstance(text, str) else dict(text or {})
    return {column: given.get(code, "") for code, column in zip(_CODES, columns, strict=True)}


def _texts(text: Any, column: str) -> dict[str, str]:
    return _three(text, [f"{column}{one}" for one in _THREE])


def _step_row(step: Mapping[str, Any]) -> dict[str, str]:
    ways = [
        f"{write_rule(way.get('when'))} → {'終わり' if way['to'] == 'end' else way['to']}".strip()
        for way in step.get("ways", ())
    ]
    return {
        "画面": step["key"],
        **_texts(step["title"], "題名"),
        **_texts(step.get("introduction"), "説明"),
        "出す条件": write_rule(step.get("when")),
        "次の画面": "\n".join(ways),
    }


def _question_rows(step: Mapping[str, Any], question: Mapping[str, Any], group: str = "") -> list[dict[str, str]]:
    kind = question["type"]
    required = question.get("required", True)
    checks = [f"{write_rule(one['rule'])} ⇒ {write_texts(one['message'])}" for one in question.get("checks", ())]
    row = {
        "画面": step["key"],
        "繰り返し": group,
        "名前": question["key"],
        "種類": TYPE_WORDS[kind],
        **_texts(question["label"], "質問"),
        **_texts(question.get("help"), "説明"),
        "必須": {True: "はい", False: "いいえ"}[required] if isinstance(required, bool) else write_rule(required),
        "出す条件": write_rule(question.get("when")),
        **_texts(question.get(_BODY.get(kind, "")), "文"),
        "計算": write_rule(question.get("value")),
        "入力の確認": "\n".join(checks),
        "はじめの値": PREFILL_WORDS.get(question.get("prefill", ""), ""),
        "設定": write_settings(kind, question),
        **_texts(question.get("why"), "たずねる理由"),
    }
    inner = [one for each in question.get("questions", ()) for one in _question_rows(step, each, question["key"])]
    return [row, *inner]


def _with_paths(step: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    found: list[tuple[str, Mapping[str, Any]]] = []
    for question in step.get("questions", ()):
        found.append((question["key"], question))
        found += [(f"{question['key']}.{one['key']}", one) for one in question.get("questions", ())]
    return found


def _option_row(path: str, option: Mapping[str, Any]) -> dict[str, str]:
    return {
        "質問": path,
        "値": option["value"],
        **_texts(option["label"], "言葉"),
        **_texts(option.get("help"), "説明"),
        "出す条件": write_rule(option.get("when")),
    }


def _fill(page: Worksheet, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    for number, name in enumerate(columns, start=1):
        head = page.cell(1, number, name)
        head.font, head.fill = Font(bold=True), _MARK
        head.alignment = Alignment(wrap_text=True, vertical="top")
        widths = [len(line) for row in rows for line in row.get(name, "").splitlines()]
        page.column_dimensions[head.column_letter].width = min(max([len(name) * 2, *widths], default=8) * 1.4 + 2, 46)
    for place, row in enumerate(rows, start=2):
        for number, name in enumerate(columns, start=1):
            cell = page.cell(place, number, row.get(name, ""))
            cell.data_type = "s"
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "A2"


def _help(page: Worksheet) -> None:
    lines = [
        "このブックを直して読み込むと、様式の下書きになります。公開には、確認と決裁が必要です。",
        "行を足す・消す・並べ替えることで、質問の順を変えられます。列の見出しは変えないでください。",
        "名前：英小文字で始まる英数字（例：birth_date）。同じ名前は一度だけ使えます。",
        f"種類：{'、'.join(TYPE_WORDS.values())}",
        "必須：はい・いいえ、または条件。",
        "条件の書き方：works = はい かつ 件数(children) >= 2　／　年齢(row.birth) < 6　／　housing = 「own」",
        "　比べる　= ≠ < <= > >=　つなぐ　かつ　または　ではない(…)　計算　+ - * /",
        "　言葉　はい　いいえ　今日　空　日付は 2026-04-01　文字は「」で囲む",
        "　関数　年齢 件数 合計 日数 月数 日後 月後 年後 年度 年 切捨て 切上げ 四捨五入 未入力 長さ 最大 最小 もし 含む",
        "入力の確認：条件 ⇒ 満たさないときの文（日本語｜やさしい日本語｜英語）。一行に一つ。",
        "次の画面：条件 → 画面の名前。最後の画面へは「終わり」。一行に一つ。",
        "設定：名前=値。一行に一つ（例：最大文字数=40）。",
        f"「その他」の言葉は、質問の名前に「{OTHER_SUFFIX}」を付けた名前で条件に使えます。",
        f"はじめの値：{'、'.join(PREFILL_WORDS[one] for one in PREFILLS)}",
        "個人番号（マイナンバー）をたずねる質問は作れません。",
    ]
    for number, line in enumerate(lines, start=1):
        cell = page.cell(number, 1, line)
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.column_dimensions["A"].width = 110
