"""The prefill file (住民情報の写し): a CSV from the resident register that fills forms in advance and certifies nothing.

Read strictly: one row that is wrong refuses the file, and every wrong cell is named.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import TypeVar

from yakuba.kernel.japan.api import find_my_numbers, format_phone, parse_date, parse_postal_code, to_reading
from yakuba.kernel.values.api import Refusal

T = TypeVar("T")

REQUIRED = ("宛名番号", "氏名", "フリガナ", "生年月日", "性別", "郵便番号", "都道府県", "市区町村", "町名", "番地")
OPTIONAL = (
    "方書", "世帯番号", "続柄", "住民となった日", "消除日", "消除の事由", "英字氏名", "通称", "国籍", "在留資格", "電話",
    "支援措置",
)  # fmt: skip
COLUMNS = (*REQUIRED, *OPTIONAL)
ERROR_COLUMN = "エラー"
MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 100_000
MOST_PROBLEMS = 200
_LONGEST = {"氏名": 120, "フリガナ": 200, "英字氏名": 120, "通称": 120}
_YES = frozenset(["○", "〇", "◯", "1", "はい", "有", "対象"])
_NO = frozenset(["", "×", "0", "いいえ", "無", "-"])


@dataclass(frozen=True, slots=True)
class PrefillRow:
    """One resident of the file. Of a protected one no place, household or telephone is kept."""

    number: str
    name: str
    reading: str
    born_on: date
    sex: str
    postal_code: str
    prefecture: str
    city: str
    area: str
    lot: str
    building: str
    household_number: str
    relationship: str
    became_resident_on: date | None
    removed_on: date | None
    removal_reason: str
    latin_name: str
    common_name: str
    nationality: str
    status_of_residence: str
    phone: str
    is_protected: bool


@dataclass(frozen=True, slots=True)
class PrefillProblem:
    """What is wrong in one cell; ``row`` as the spreadsheet program counts, ``column`` empty for the whole row."""

    row: int
    column: str
    message: str

    def words(self) -> str:
        return f"{self.row}行目{f'「{self.column}」' if self.column else ''}：{self.message}"


@dataclass(frozen=True, slots=True)
class PrefillReading:
    """A file that was read: the rows, or what is wrong (then it must not be used)."""

    rows: tuple[PrefillRow, ...]
    problems: tuple[PrefillProblem, ...]
    header: tuple[str, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...]


def read_prefill(content: bytes) -> PrefillReading:
    """Read a CSV (UTF-8 or CP932) with the columns ``REQUIRED`` and any of ``OPTIONAL``.

    Raises ``Refusal`` for what is no such table, is too large, or holds a My Number anywhere. Anything wrong in a row
    stands in ``problems``; no row is repaired or passed over.
    """
    lines = _lines(content)
    if not lines:
        raise Refusal("ファイルが空です。", hint="住民記録システムから書き出した CSV を選んでください。")
    header = tuple(unicodedata.normalize("NFKC", name).strip() for name in lines[0][1])
    _check_header(header)
    reader = _Reader(header)
    for number, cells in lines[1:]:
        reader.take(number, cells)
    return PrefillReading(
        rows=() if reader.problems else tuple(reader.rows),
        problems=tuple(reader.problems[:MOST_PROBLEMS]),
        header=header,
        lines=tuple(lines[1:]),
    )


def error_lines(reading: PrefillReading) -> list[list[str]]:
    """The file again with the column エラー in front, header first: what to correct stands beside each row."""
    by_row: dict[int, list[str]] = {}
    for problem in reading.problems:
        place = f"「{problem.column}」" if problem.column else ""
        by_row.setdefault(problem.row, []).append(f"{place}{problem.message}")
    rows = [[ERROR_COLUMN, *reading.header]]
    for number, cells in reading.lines:
        rows.append([" ".join(by_row.get(number, [])), *(_harmless(cell) for cell in cells)])
    return rows


def _lines(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    if len(content) > MOST_BYTES:
        raise Refusal("ファイルが大きすぎます（20MBまで）。", hint="使わない列を減らしてください。")
    text = _decoded(content)
    if "\x00" in text:
        raise Refusal("CSVではありません。", hint="住民記録システムから CSV で書き出してください。")
    csv.field_size_limit(131_072)
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    lines: list[tuple[int, tuple[str, ...]]] = []
    try:
        for number, record in enumerate(reader, start=1):
            if any(cell.strip() for cell in record):
                lines.append((number, tuple(record)))
            if len(lines) > MOST_ROWS + 1:
                raise Refusal(
                    f"行が多すぎます（{MOST_ROWS:,}行まで）。", hint="いくつかに分けず、列を確かめてください。"
                )
    except csv.Error as fault:
        raise Refusal(
            f"{len(lines) + 1}行目あたりで、引用符の対応が取れていません。",
            hint="値の中の引用符は二つ重ねて書くか、書き出し直してください。",
        ) from fault
    if any(find_my_numbers(cell) for _, record in lines for cell in record if len(cell) >= 12):
        raise Refusal(
            "個人番号（マイナンバー）とみられる12けたの番号が入っているため、読み込みませんでした。",
            hint="個人番号の列を除いて書き出し直してください。",
        )
    return lines


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("文字コードが読めません。", hint="UTF-8 か Shift_JIS（CP932）の CSV で書き出してください。")


def _check_header(header: Sequence[str]) -> None:
    known = {*COLUMNS, ERROR_COLUMN}
    if missing := [name for name in REQUIRED if name not in header]:
        raise Refusal(f"列「{'」「'.join(missing)}」がありません。", hint="見出しの名前を確かめてください。")
    if strangers := [name for name in header if name not in known]:
        # A column nobody asked for is personal data nobody needs.
        raise Refusal(
            f"知らない列「{'」「'.join(name[:20] for name in strangers[:5])}」があります。",
            hint="使わない列は除いてください。必要のない個人情報は持ち込めません。",
        )
    if doubled := [name for name in COLUMNS if list(header).count(name) > 1]:
        raise Refusal(f"列「{doubled[0]}」が二つあります。", hint="どちらかを除いてください。")


class _Reader:
    """Takes rows one by one and notes every problem."""

    def __init__(self, header: Sequence[str]) -> None:
        self._header = header
        self._seen: dict[str, int] = {}
        self.rows: list[PrefillRow] = []
        self.problems: list[PrefillProblem] = []

    def take(self, number: int, cells: Sequence[str]) -> None:
        if len(cells) != len(self._header):
            self._note(number, "", f"列が{len(cells)}個あります（{len(self._header)}個のはずです）。")
            return
        before = len(self.problems)
        row = self._row(number, dict(zip(self._header, (cell.strip() for cell in cells), strict=True)))
        if row is not None and len(self.problems) == before:
            self.rows.append(row)

    def _row(self, number: int, cells: Mapping[str, str]) -> PrefillRow | None:
        for name, text in cells.items():
            if len(text) > _LONGEST.get(name, 200) and name != ERROR_COLUMN:
                self._note(number, name, "長すぎます。")
            if any(unicodedata.category(one) in ("Cc", "Cs", "Co") for one in text) and name != ERROR_COLUMN:
                self._note(number, name, "使えない文字（改行、外字など）が入っています。")
        for name in REQUIRED:
            if not cells[name] and not (name in ("町名", "番地", "郵便番号") and self._is_protected(number, cells)):
                self._note(number, name, "空欄です。")
        key = cells["宛名番号"]
        if key and not re.fullmatch(r"[0-9A-Za-z-]{1,20}", key):
            self._note(number, "宛名番号", "英数字20けたまでで書いてください。")
        if key in self._seen:
            self._note(number, "宛名番号", f"{self._seen[key]}行目と同じ番号です。")
        self._seen.setdefault(key, number)
        born_on = self._taken(number, cells, "生年月日", parse_date)
        reading = self._taken(number, cells, "フリガナ", _reading)
        postal = self._taken(number, cells, "郵便番号", parse_postal_code)
        phone = self._taken(number, cells, "電話", format_phone)
        became = self._taken(number, cells, "住民となった日", parse_date)
        removed = self._taken(number, cells, "消除日", parse_date)
        if cells["性別"] and cells["性別"] not in ("男", "女"):
            self._note(number, "性別", "「男」か「女」と書いてください。")
        hidden = self._is_protected(number, cells)
        if born_on is None or reading is None:
            return None
        get = cells.get
        return PrefillRow(
            number=key,
            name=cells["氏名"],
            reading=reading,
            born_on=born_on,
            sex=cells["性別"],
            postal_code="" if hidden else postal or "",
            prefecture="" if hidden else cells["都道府県"],
            city="" if hidden else cells["市区町村"],
            area="" if hidden else cells["町名"],
            lot="" if hidden else cells["番地"],
            building="" if hidden else get("方書", ""),
            household_number="" if hidden else get("世帯番号", ""),
            relationship="" if hidden else get("続柄", ""),
            became_resident_on=became,
            removed_on=removed,
            removal_reason=get("消除の事由", ""),
            latin_name=get("英字氏名", ""),
            common_name=get("通称", ""),
            nationality=get("国籍", "") or "日本",
            status_of_residence=get("在留資格", ""),
            phone="" if hidden else phone or "",
            is_protected=hidden,
        )

    def _is_protected(self, number: int, cells: Mapping[str, str]) -> bool:
        written = unicodedata.normalize("NFKC", cells.get("支援措置", ""))
        if written in _NO:
            return False
        if written not in _YES:
            # In doubt somebody is protected; the file is refused anyway, so that the doubt is cleared.
            self._note_once(number, "支援措置", "「○」か空欄にしてください。")
        return True

    def _taken(self, number: int, cells: Mapping[str, str], name: str, convert: Callable[[str], T]) -> T | None:
        if not cells.get(name):
            return None
        try:
            return convert(cells[name])
        except Refusal as refusal:
            self._note(number, name, f"{refusal.message}{refusal.hint or ''}")
            return None

    def _note(self, row: int, column: str, message: str) -> None:
        self.problems.append(PrefillProblem(row, column, message))

    def _note_once(self, row: int, column: str, message: str) -> None:
        if not any(one.row == row and one.column == column for one in self.problems[-len(COLUMNS) :]):
            self._note(row, column, message)


def _reading(text: str) -> str:
    found = to_reading(text)
    if found is None:
        raise Refusal("フリガナとして読めません。", hint="カタカナで書いてください。")
    return found


def _harmless(cell: str) -> str:
    """A cell that runs as no formula when the error file is opened."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
