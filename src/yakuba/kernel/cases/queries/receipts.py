"""Reading a list of receipts of another channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yakuba.kernel.access.api import Person, Role
from yakuba.kernel.cases.access import sections_of
from yakuba.kernel.cases.models import ExternalReceipt
from yakuba.kernel.cases.rules.receipts import read_moment, read_receipt_number, read_state
from yakuba.kernel.catalogue.api import ChannelKind
from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.japan.api import fold
from yakuba.kernel.organisation.api import successors_on
from yakuba.kernel.paper.api import Findings, Problem, Row, Table, converters, read_table
from yakuba.kernel.values.api import business_date

PROCEDURE, NUMBER, MOMENT, STATE = "手続", "受付番号", "受付日時", "状態"
MOST_ROWS = 5000


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One receipt of the list."""

    procedure_id: int
    section_id: int
    number: str
    received_at: datetime
    state: str
    state_words: str


@dataclass(frozen=True)
class ReceiptList:
    """A list that was read: its rows, or everything wrong with it (then nothing of it is taken in)."""

    table: Table
    channel: ChannelKind
    rows: tuple[ReceiptRow, ...]
    problems: tuple[Problem, ...]


def read_receipts(content: bytes, filename: str, *, channel: ChannelKind, person: Person, today: date) -> ReceiptList:
    """Read a list (CSV or Excel) with the columns 手続, 受付番号, 受付日時, 状態; other columns are not read.

    A procedure is named by its name, its number in the catalogue, or its key. Clerks take in receipts of their own
    sections, the secretariat those of all. Raises `TableRefused` when there is no such table at all.
    """
    table = read_table(content, filename, required=(PROCEDURE, NUMBER, MOMENT, STATE))
    findings = Findings(table)
    procedures = _procedures()
    known = _known(channel, table)
    mine = None if person.has(Role.SECRETARIAT) else sections_of(person)
    standing = successors_on({one.section_id for one in procedures.values() if one.section_id}, today)
    rows: list[ReceiptRow] = []
    seen: dict[str, int] = {}
    for row in table.rows[:MOST_ROWS]:
        found = _row(row, findings, procedures, standing, today)
        if found is None:
            continue
        if mine is not None and found.section_id not in mine:
            findings.add(row, PROCEDURE, "あなたの課の手続きではありません。", "担当の課か事務局が取り込んでください。")
        if found.number in seen:
            findings.add(row, NUMBER, f"{seen[found.number]}行目と同じ番号です。", "どちらか一行にしてください。")
        elif known.get(found.number, found.procedure_id) != found.procedure_id:
            findings.add(row, NUMBER, "前に、別の手続きの番号として取り込まれています。", "番号を確かめてください。")
        seen.setdefault(found.number, row.number)
        rows.append(found)
    if len(table.rows) > MOST_ROWS:
        findings.add(
            table.rows[MOST_ROWS], NUMBER, f"一度に取り込めるのは{MOST_ROWS:,}行までです。", "分けてください。"
        )
    return ReceiptList(table, channel, tuple(rows) if not findings else (), tuple(findings.problems))


def _row(
    row: Row,
    findings: Findings,
    procedures: dict[str, Procedure],
    standing: dict[int, list[int]],
    today: date,
) -> ReceiptRow | None:
    name = findings.take(row, PROCEDURE, converters.as_text)
    number = findings.take(row, NUMBER, read_receipt_number)
    moment = findings.take(row, MOMENT, read_moment)
    state = findings.take(row, STATE, read_state)
    procedure = procedures.get(fold(name)) if name else None
    if name and procedure is None:
        findings.add(
            row, PROCEDURE, "カタログにない手続きです。", "手続きの名前か番号を、カタログのとおりに入れてください。"
        )
    if moment is not None and business_date(moment) > today:
        findings.add(row, MOMENT, "先の日付です。", "日付を確かめてください。")
    if procedure is not None and procedure.section_id is None:
        findings.add(row, PROCEDURE, "担当の課が決まっていません。", "カタログで担当の課を決めてください。")
    if procedure is None or procedure.section_id is None or number is None or moment is None or state is None:
        return None
    section = next(iter(standing.get(procedure.section_id, [])), procedure.section_id)
    return ReceiptRow(procedure.pk, section, number, moment, state, row[STATE][:60])


def _procedures() -> dict[str, Procedure]:
    found: dict[str, Procedure] = {}
    for one in Procedure.objects.order_by("-number"):
        found |= {fold(one.title_ja): one, fold(one.key): one, str(one.number): one}
    return found


def _known(channel: ChannelKind, table: Table) -> dict[str, int]:
    """The procedures of numbers that were taken in before."""
    numbers = [row[NUMBER] for row in table.rows[:MOST_ROWS]]
    found: dict[str, int] = {}
    for start in range(0, len(numbers), 500):
        rows = ExternalReceipt.objects.filter(channel_kind=channel.value, number__in=numbers[start : start + 500])
        found |= dict(rows.values_list("number", "procedure_id"))
    return found
