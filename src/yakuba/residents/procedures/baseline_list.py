"""Reading the list behind the plan's baseline from CSV or Excel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.catalogue.rules.kinds import ChannelKind
from yakuba.kernel.catalogue.services.counting_list import ListedProcedure
from yakuba.kernel.japan.api import fold, parse_date
from yakuba.kernel.paper.api import Download, Findings, Problem, error_sheet, read_table
from yakuba.kernel.paper.api import converters as convert
from yakuba.kernel.values.api import Refusal

NAME, KIND, SINCE, DECISION, FIRST, SOURCE = (
    "手続き",
    "方法",
    "オンラインになった日",
    "公開を決めた決裁",
    "最初の受付日",
    "出典",
)
HEADS = (NAME, KIND, SINCE, DECISION, FIRST, SOURCE)
_KINDS = {fold(kind.label): kind for kind in ChannelKind if kind.is_online} | {
    fold(name): kind
    for name, kind in (
        ("ぴったりサービス", ChannelKind.MYNAPORTAL),
        ("マイナポータル", ChannelKind.MYNAPORTAL),
        ("eLTAX", ChannelKind.ELTAX),
        ("県", ChannelKind.PREFECTURE),
        ("県の電子申請システム", ChannelKind.PREFECTURE),
        ("予約", ChannelKind.BOOKING),
        ("その他", ChannelKind.OTHER),
    )
}


@dataclass(frozen=True, slots=True)
class BaselineList:
    """What a file holds: sound rows, or the problems and the marked sheet."""

    rows: tuple[ListedProcedure, ...]
    problems: tuple[Problem, ...]
    errors: Download | None = field(default=None, repr=False)


def read_baseline_list(content: bytes, filename: str) -> BaselineList:
    """Read the list. A procedure is named by title, key or number of the catalogue; one the catalogue lacks is a problem
    of its row, never left out. Raises `Refusal` for what is no table."""
    table = read_table(content, filename, required=(NAME, KIND, SINCE, DECISION, SOURCE), optional=(FIRST,))
    findings = Findings(table)
    known = _known()
    rows: list[ListedProcedure] = []
    seen: dict[tuple[int, ChannelKind], int] = {}
    for row in table:
        procedure = findings.take(row, NAME, lambda text: _procedure(text, known))
        kind = findings.take(row, KIND, _kind)
        since = findings.take(row, SINCE, _day)
        decision = findings.take(row, DECISION, convert.as_text)
        source = findings.take(row, SOURCE, convert.as_text)
        first = findings.take(row, FIRST, _day, required=False)
        if procedure is None or kind is None or since is None or decision is None or source is None:
            continue
        if (procedure, kind) in seen:
            findings.add(
                row, NAME, f"{seen[procedure, kind]}行目と同じ手続き・方法です。", "一つの行にまとめてください。"
            )
            continue
        seen[procedure, kind] = row.number
        if first is not None and first < since:
            findings.add(row, FIRST, "オンラインになった日より前です。", "日付を確かめてください。")
        rows.append(ListedProcedure(procedure, kind, since, decision[:200], first, source[:400]))
    problems = tuple(findings.problems)
    return BaselineList(() if problems else tuple(rows), problems, error_sheet(table, problems) if problems else None)


def _known() -> dict[str, int]:
    rows = list(Procedure.objects.values_list("pk", "key", "title_ja", "number"))
    return {
        **{fold(title): pk for pk, _, title, _ in rows},
        **{fold(key): pk for pk, key, _, _ in rows},
        **{str(number): pk for pk, _, _, number in rows},
    }


def _procedure(text: str, known: Mapping[str, int]) -> int:
    found = known.get(fold(text))
    if found is None:
        raise Refusal(
            f"「{text[:40]}」はカタログにありません。",
            hint="手続名・識別名・番号のどれかをカタログのとおりに書くか、先に「手続きを加える」で登録してください。",
        )
    return found


def _kind(text: str) -> ChannelKind:
    found = _KINDS.get(fold(text))
    if found is None:
        labels = "、".join(f"「{kind.label}」" for kind in ChannelKind if kind.is_online)
        raise Refusal(f"「{text[:30]}」はオンラインの方法ではありません。", hint=f"{labels}のどれかを書いてください。")
    return found


def _day(text: str) -> date:
    return parse_date(text)
