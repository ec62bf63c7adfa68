"""From the text of a plan file to its parts: TOML, keys and types. Every fault found is named, none stops the reading.

Whether the parts fit together is decided in `check_plan_file`.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from yakuba.plan.rules import plan_file as shape
from yakuba.plan.rules import plan_file_translations as spoken
from yakuba.plan.rules.key_positions import KeyPath, find_key_lines, line_of
from yakuba.plan.rules.plan_file_values import Part

LONGEST_FILE = 1_000_000
"""Characters; the printed plan of a town has about 30,000."""

MOST_SYNTAX_FAULTS = 20

P = TypeVar("P", bound=Part)


@dataclass(frozen=True, order=True)
class Fault:
    """A fault of a plan file (誤り): line from 1, key path as people read it, reason as a Japanese sentence."""

    line: int
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.line}行目 {self.key}: {self.reason}" if self.key else f"{self.line}行目: {self.reason}"


@dataclass(frozen=True)
class Located(Generic[P]):
    """A part together with the way to where it stands in the file."""

    path: KeyPath
    part: P


@dataclass
class Reading:
    """What could be read: sound parts with their places, and the faults of the others."""

    lines: dict[KeyPath, int] = field(default_factory=lambda: {(): 1})
    document: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    parts: dict[type[Part], list[Located[Any]]] = field(default_factory=dict)
    tables: dict[type[Part], list[tuple[KeyPath, dict[str, Any]]]] = field(default_factory=dict)

    def all(self, kind: type[P]) -> list[Located[P]]:
        """Every sound part of a kind, in the file's order."""
        return self.parts.get(kind, [])

    def written(self, kind: type[Part], key: str) -> list[tuple[KeyPath, str]]:
        """The texts under a key in all tables of a kind, faulty tables included, with the way to each."""
        return [
            ((*path, key), table[key]) for path, table in self.tables.get(kind, []) if isinstance(table.get(key), str)
        ]

    def blame(self, path: KeyPath, reason: str) -> None:
        """Note a fault at a path."""
        self.faults.append(Fault(line_of(path, self.lines), self._words(path), reason))

    def _words(self, path: KeyPath) -> str:
        """`initiatives[1-1].kpis[2番目].target`: elements by their id, else by their place."""
        words, node = "", self.document
        for step in path:
            try:
                node = node[step]  # type: ignore[index]
            except (KeyError, IndexError, TypeError):
                node = {}
            if isinstance(step, int):
                name = node.get("id") if isinstance(node, dict) else None
                words += f"[{name[:80]}]" if isinstance(name, str) and name else f"[{step + 1}番目]"
            else:
                words += f".{step}" if words else str(step)
        return words


def decode_plan_file(content: bytes) -> str | Fault:
    """The text of an uploaded plan file, or the fault that keeps it from being read. A byte-order mark is dropped."""
    if len(content) > LONGEST_FILE * 4:
        return Fault(1, "", "ファイルが大きすぎます。計画ファイルは1MBまでです。")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Fault(
            line, "", "UTF-8の文字として読めません。エディターで文字コード「UTF-8」を選んで保存し直してください。"
        )


def read_parts(text: str) -> Reading:
    """Read the parts of a plan file. With broken TOML there are only faults and no parts."""
    reading = Reading()
    if len(text) > LONGEST_FILE:
        reading.faults.append(Fault(1, "", "ファイルが大きすぎます。計画ファイルは1MBまでです。"))
        return reading
    document = _parse_toml(text, reading.faults)
    if document is None:
        return reading
    reading.document = document
    reading.lines = find_key_lines(text)
    _read_document(reading)
    return reading


# ------------------------------------------------------------------ TOML

_SYNTAX_WORDS = (
    ("Cannot overwrite a value", "同じキーが2度書かれています"),
    ("Cannot declare", "同じ名前の表が2度書かれています。繰り返す表は [[ ]] で書きます"),
    ("Cannot redefine namespace", "同じ名前の表が2度書かれています"),
    ("Cannot mutate immutable namespace", "波かっこ { } で書いた表に、後からキーを足しています"),
    ("Expected '=' after a key", "キーの後ろに「=」がありません"),
    ("Expected ']' at the end of a table declaration", "表の名前を閉じる「]」がありません"),
    ("Expected ']]' at the end of an array declaration", "表の名前を閉じる「]]」がありません"),
    ("Expected newline or end of document after a statement", "1行に2つのことが書かれているか、余分な文字があります"),
    ("Unclosed array", "配列を閉じる「]」がありません"),
    ("Unclosed inline table", "表を閉じる「}」がありません"),
    ("Duplicate inline table key", "波かっこの中に同じキーが2度書かれています"),
    ("Unterminated string", "文字列を閉じる引用符がありません"),
    ('Expected "\'"', "文字列を閉じる「'」がありません"),
    ("Expected \"'''\"", "文字列を閉じる「'''」がありません"),
    ("Unescaped '\\' in a string", "「\\」の使い方が正しくありません。文字としての \\ は \\\\ と書きます"),
    ("Illegal character", "文字列に改行や制御文字が入っています。引用符の閉じ忘れがないか確かめてください"),
    ("Invalid date or datetime", "実在しない日付です"),
    (
        "Invalid initial character for a key part",
        "キーは半角の英数字で書きます（全角の文字や記号が混じっていませんか）",
    ),
    ("Invalid value", "値の書き方が正しくありません。文字列は引用符で囲み、日付は 2026-04-01 のように書きます"),
    ("Invalid statement", "表の名前でもキーでもない行です"),
    ("Invalid hex value", "文字の番号（\\u…）の書き方が正しくありません"),
    ("Escaped character is not a Unicode scalar value", "存在しない文字の番号（\\u…）です"),
    ("Found invalid character", "全角の空白や記号など、TOMLで使えない文字があります"),
)
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


def _parse_toml(text: str, faults: list[Fault]) -> dict[str, Any] | None:
    """Parse; on a syntax fault blank the line and look for further ones, so that one round of repair is enough."""
    rows = text.replace("\r\n", "\n").split("\n")
    while True:
        try:
            document = tomllib.loads("\n".join(rows), parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            line = _faulty_line(str(error), rows)
            reason = next((words for start, words in _SYNTAX_WORDS if str(error).startswith(start)), None)
            faults.append(Fault(line, "", f"TOMLの書き方の誤り。{reason or '読み取れません'}。"))
            if not rows[line - 1].strip() or len(faults) >= MOST_SYNTAX_FAULTS:
                return None
            # A broken table header gives way to a sound one, so that its keys do not fall into the table before.
            rows[line - 1] = f"[[{'r' * 40}{line}]]" if rows[line - 1].lstrip().startswith("[") else ""
        except (RecursionError, ValueError, ArithmeticError):
            # Nesting or digits beyond what the parser bears: not a plan file but an attack or an accident.
            faults.append(Fault(1, "", "入れ子が深すぎるか、桁の多すぎる数があり、読み取れません。"))
            return None
        else:
            return None if faults else document


def _faulty_line(message: str, rows: list[str]) -> int:
    place = _PLACE.search(message)
    line = min(int(place[1]), len(rows)) if place else len(rows)
    # "At the end of the document" means the last line with something on it.
    while line > 1 and not rows[line - 1].strip():
        line -= 1
    return line


# ------------------------------------------------------------------ parts

_LISTS: Mapping[type[Part], Mapping[str, type[Part]]] = {
    shape.PlanFile: {
        "relations": shape.Relation,
        "priorities": shape.Priority,
        "kpis": shape.Kpi,
        "policies": shape.Policy,
        "initiatives": shape.Initiative,
        "measures": shape.MeasureDefinition,
        "glossary": shape.Term,
    },
    shape.Organisation: {"members": shape.Member},
    shape.Initiative: {
        "priorities": shape.PriorityLink,
        "kpis": shape.Kpi,
        "milestones": shape.Milestone,
        "phases": shape.Phase,
    },
}
_TABLES: Mapping[type[Part], Mapping[str, type[Part]]] = {
    shape.PlanFile: {"plan": shape.Header, "organisation": shape.Organisation},
    shape.Kpi: {"baseline": shape.Baseline, "target": shape.Target},
    spoken.Translation: {"plan": spoken.HeaderText, "organisation": spoken.OrganisationText},
    spoken.KpiText: {"baseline": spoken.BaselineText, "target": spoken.TargetText},
}
_NAMED: Mapping[type[Part], Mapping[str, type[Part]]] = {
    shape.PlanFile: {"translations": spoken.Translation},
    spoken.Translation: {
        "relations": spoken.RelationText,
        "priorities": spoken.PriorityText,
        "policies": spoken.PolicyText,
        "initiatives": spoken.InitiativeText,
        "kpis": spoken.KpiText,
        "milestones": spoken.MilestoneText,
        "measures": spoken.MeasureText,
        "glossary": spoken.TermText,
    },
}


def _read_document(reading: Reading) -> None:
    if "format" not in reading.document:
        reading.blame((), f'先頭に format = "{shape.FORMAT}" がありません。')
    elif reading.document["format"] != shape.FORMAT:
        reading.blame(("format",), f'この版で読める形式は "{shape.FORMAT}" です。')
    _read_part(shape.PlanFile, reading.document, (), reading)


def _read_part(kind: type[P], raw: Any, path: KeyPath, reading: Reading) -> P | None:
    """One table: first its inner tables and lists, each on its own, then the keys of the table itself."""
    if not isinstance(raw, dict):
        reading.blame(path, "ここには表（キー = 値 の集まり）を書きます。")
        return None
    reading.tables.setdefault(kind, []).append((path, raw))
    values = dict(raw)
    sound = True
    for key, inner in _TABLES.get(kind, {}).items():
        if key in values:
            part = _read_part(inner, values[key], (*path, key), reading)
            sound = sound and part is not None
            values[key] = part
    for key, inner in _LISTS.get(kind, {}).items():
        if key in values:
            parts, complete = _read_list(inner, values[key], (*path, key), reading)
            sound = sound and complete
            values[key] = tuple(parts)
    for key, inner in _NAMED.get(kind, {}).items():
        if key in values:
            named, complete = _read_named(inner, values[key], (*path, key), reading)
            sound = sound and complete
            values[key] = named
    if kind is shape.PlanFile and values.get("format") != shape.FORMAT:
        sound, values["format"] = False, shape.FORMAT
    try:
        part = kind.model_validate(values)
    except ValidationError as error:
        for problem in error.errors():
            where = tuple(problem["loc"])
            # An inner table that failed has been reported where it stands.
            if not (where and values.get(str(where[0]), values) is None and where[0] in raw):
                _blame_shape(kind, path, dict(problem), reading)
        return None
    reading.parts.setdefault(kind, []).append(Located(path, part))
    return part if sound else None


def _read_list(kind: type[P], raw: Any, path: KeyPath, reading: Reading) -> tuple[list[P], bool]:
    if not isinstance(raw, list):
        reading.blame(
            path, f"繰り返しの表です。[[{'.'.join(str(step) for step in path if isinstance(step, str))}]] と書きます。"
        )
        return [], False
    parts = [_read_part(kind, element, (*path, place), reading) for place, element in enumerate(raw)]
    return [part for part in parts if part is not None], None not in parts


def _read_named(kind: type[P], raw: Any, path: KeyPath, reading: Reading) -> tuple[dict[str, P], bool]:
    if not isinstance(raw, dict):
        reading.blame(path, "ここには表（id = { … } の集まり）を書きます。")
        return {}, False
    parts = {name: _read_part(kind, element, (*path, name), reading) for name, element in raw.items()}
    return {name: part for name, part in parts.items() if part is not None}, None not in parts.values()


_SHAPE_WORDS = {
    "string_type": "文字列を引用符で囲んで書きます。",
    "int_type": "整数を書きます（引用符や小数点は付けません）。",
    "int_from_float": "整数を書きます。",
    "bool_type": "true か false を書きます。",
    "date_type": "日付を 2026-04-01 のように、引用符なしで書きます。",
    "date_from_datetime_inexact": "時刻なしの日付を 2026-04-01 のように書きます。",
    "decimal_type": "数を書きます（引用符は付けません）。",
    "is_instance_of": "数を書きます（引用符は付けません）。",
    "decimal_parsing": "数を書きます。",
    "finite_number": "無限大や非数は書けません。",
    "decimal_max_digits": "数の桁が多すぎます。",
    "decimal_max_places": "小数点以下は6桁までです。",
    "decimal_whole_digits": "数の桁が多すぎます。",
    "tuple_type": "[ ] で囲んだ並びを書きます。",
    "list_type": "[ ] で囲んだ並びを書きます。",
    "dict_type": "ここには表（キー = 値 の集まり）を書きます。",
    "model_type": "ここには表（キー = 値 の集まり）を書きます。",
}


def _blame_shape(kind: type[Part], path: KeyPath, problem: dict[str, Any], reading: Reading) -> None:
    where = (*path, *problem["loc"])
    code, context = problem["type"], problem.get("ctx", {})
    if code == "missing":
        reading.faults.append(
            Fault(line_of(path, reading.lines), reading._words(where), "このキーがありません。書き足してください。")
        )
    elif code == "extra_forbidden":
        names = [_written(field.alias, name) for name, field in kind.model_fields.items()]
        near = difflib.get_close_matches(str(problem["loc"][-1]), names, n=1, cutoff=0.6)
        guess = f"「{near[0]}」の間違いではありませんか。" if near else f"ここで使えるのは {', '.join(names)} です。"
        reading.blame(where, f"知らないキーです。{guess}")
    elif code in ("enum", "literal_error"):
        expected = str(context.get("expected", "")).replace(" or ", ", ").replace("'", "")
        reading.blame(where, f"{expected} のどれかを書きます。")
    elif code in ("text", "identifier"):
        reading.blame(where, f"{problem['msg']}。")
    elif code in ("string_too_long", "too_long"):
        reading.blame(where, f"長すぎます。{context['max_length']}文字までにしてください。")
    elif code in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        reading.blame(where, f"{bound}{'以上' if code == 'greater_than_equal' else '以下'}の数を書きます。")
    else:
        reading.blame(where, _SHAPE_WORDS.get(code, "この値は読み取れません。"))


def _written(alias: str | None, name: str) -> str:
    return alias or name
