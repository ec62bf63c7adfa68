"""The 専決 table as a sheet: out as it stands, back in with every fault marked in its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yakuba.kernel.approval.models import DelegationLine
from yakuba.kernel.approval.queries.seat_words import SeatWords
from yakuba.kernel.approval.rules.delegation import MOST_YEN
from yakuba.kernel.approval.rules.routes import Seat
from yakuba.kernel.japan.api import parse_date
from yakuba.kernel.organisation.models import Authority
from yakuba.kernel.paper.api import Findings, Problem, Row, Table, converters, read_table
from yakuba.kernel.values.api import Refusal

AUTHORITY, MATTER, UP_TO, SEAT, GROUND, STARTS, ENDS = (
    "執行機関",
    "事務の種類",
    "この額まで（円）",
    "専決する人",
    "根拠",
    "この日から",
    "終わり",
)
COLUMNS = (AUTHORITY, MATTER, UP_TO, SEAT, GROUND, STARTS, ENDS)
MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """One line to enter (``existing`` is None), or to end on ``ends_on``."""

    number: int
    authority: Authority
    matter: str
    up_to: int | None
    seat: Seat
    ground: str
    starts_on: date
    ends_on: date | None
    existing: DelegationLine | None


@dataclass(frozen=True)
class DelegationSheet:
    """A sheet that was read: what changes, or everything wrong with it (then nothing of it is taken in)."""

    table: Table
    rows: tuple[DelegationRow, ...]
    unchanged: int
    problems: Sequence[Problem]


def read_delegation(content: bytes, filename: str, *, on: date) -> DelegationSheet:
    """Read a table with the columns of the export. A line that stands already is left alone, or ended by 終わり.

    Raises ``TableRefused`` when there is no such table at all.
    """
    table = read_table(content, filename, required=(AUTHORITY, SEAT, GROUND, STARTS), optional=(MATTER, UP_TO, ENDS))
    findings = Findings(table)
    authorities = {one.name: one for one in Authority.objects.all()}
    words = SeatWords(on)
    known = {_key(one): one for one in DelegationLine.objects.select_related("authority")}
    rows: list[DelegationRow] = []
    unchanged = 0
    for row in table.rows[:MOST_ROWS]:
        read = _row(row, findings, authorities, words, known)
        if read is None:
            continue
        if read.existing is not None and read.ends_on == read.existing.ends_on:
            unchanged += 1
        else:
            rows.append(read)
    if len(table.rows) > MOST_ROWS:
        findings.add(
            table.rows[MOST_ROWS], AUTHORITY, f"一度に取り込めるのは{MOST_ROWS:,}行までです。", "分けてください。"
        )
    return DelegationSheet(table, tuple(rows) if not findings else (), unchanged, tuple(findings.problems))


def _row(
    row: Row,
    findings: Findings,
    authorities: dict[str, Authority],
    words: SeatWords,
    known: dict[tuple[object, ...], DelegationLine],
) -> DelegationRow | None:
    before = len(findings.problems)
    authority = authorities.get(row.cells.get(AUTHORITY, ""))
    if authority is None:
        findings.add(
            row, AUTHORITY, "その執行機関は登録されていません。", f"{'、'.join(authorities)[:120]}のどれかです。"
        )
    up_to = findings.take(row, UP_TO, converters.whole_number, required=False)
    if up_to is not None and not 0 < up_to <= MOST_YEN:
        findings.add(row, UP_TO, "金額が正しくありません。", "1円から1兆円までです。空なら、額を問いません。")
    seat = findings.take(row, SEAT, words.read)
    ground = findings.take(row, GROUND, converters.as_text)
    starts = findings.take(row, STARTS, parse_date)
    ends = findings.take(row, ENDS, parse_date, required=False)
    if starts and ends and ends <= starts:
        findings.add(row, ENDS, "終わりが、始まりより前です。", "始まりより後の日にしてください。")
    if len(findings.problems) > before or authority is None or seat is None or starts is None or ground is None:
        return None
    matter = row.cells.get(MATTER, "")[:40]
    existing = known.get((authority.pk, matter, up_to, str(seat.to_json()), starts))
    if existing is None and ends is not None:
        findings.add(
            row, ENDS, "新しい定めに、終わりの日は付けられません。", "空にして取り込み、終えるときに入れてください。"
        )
        return None
    return DelegationRow(row.number, authority, matter, up_to, seat, ground[:200], starts, ends, existing)


def _key(line: DelegationLine) -> tuple[object, ...]:
    return (line.authority_id, line.matter, line.up_to, str(Seat.from_json(line.seat).to_json()), line.starts_on)


def apply_words(refusals: Sequence[tuple[int, Refusal]]) -> str:
    """What the verb refused, line by line."""
    return " ".join(f"{number}行目：{one.message}{one.hint or ''}" for number, one in refusals)
