"""Reading the added-up results of a survey from CSV or Excel."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from yakuba.kernel.paper.api import Download, Findings, Problem, Row, error_sheet, read_table
from yakuba.kernel.values.api import Refusal
from yakuba.plan.rules.survey import Answers, Item, SurveyRow

KEY, TITLE = "設問番号", "設問"
SATISFACTION_STEPS = ("満足", "やや満足", "ふつう", "やや不満", "不満")
IMPORTANCE_STEPS = ("重要", "やや重要", "重要度ふつう", "あまり重要でない", "重要でない")
SATISFACTION_BLANK, IMPORTANCE_BLANK = "満足度の無回答", "重要度の無回答"
SATISFACTION, IMPORTANCE, ANSWERED = "満足度（%）", "重要度（%）", "回答数"

COUNTED = (*SATISFACTION_STEPS, SATISFACTION_BLANK, *IMPORTANCE_STEPS, IMPORTANCE_BLANK)
PUBLISHED = (SATISFACTION, IMPORTANCE, ANSWERED)
MOST_ITEMS = 200
MOST_PEOPLE = 10_000_000


@dataclass(frozen=True)
class SurveyFile:
    """What a file holds: sound rows, or the problems and the sheet that goes back."""

    rows: tuple[SurveyRow, ...]
    problems: tuple[Problem, ...]
    errors: Download | None


def read_survey_file(content: bytes, filename: str) -> SurveyFile:
    """Read a file with the counts of each answer, or with the shares already worked out.

    Raises `Refusal` when it is no table or lacks the columns of both kinds.
    """
    table = read_table(content, filename, required=(KEY, TITLE), optional=(*COUNTED, *PUBLISHED))
    missing_counted = [name for name in COUNTED if name in table.missing]
    missing_published = [name for name in PUBLISHED if name in table.missing]
    if missing_counted and missing_published:
        raise Refusal(
            f"「{filename}」の列では、満足度と重要度を計算できません。",
            hint=f"人数の列（{'、'.join(COUNTED)}）か、割合の列（{'、'.join(PUBLISHED)}）のどちらかをそろえてください。",
        )
    findings = Findings(table)
    rows: list[SurveyRow] = []
    seen: dict[str, int] = {}
    for row in table:
        key = findings.take(row, KEY, _short_text)
        title = findings.take(row, TITLE, _title)
        read = _published(row, findings) if missing_counted else _counted(row, findings)
        if key is not None and key in seen:
            findings.add(row, KEY, f"{seen[key]}行目と同じ設問番号です。", "設問ごとに違う番号にしてください。")
        elif key is not None:
            seen[key] = row.number
        if key is not None and title is not None and read is not None:
            satisfaction, importance, answered, good, weight = read
            rows.append(SurveyRow(Item(key, title, satisfaction, importance, answered), good, weight))
    if not findings and not rows:
        raise Refusal(f"「{filename}」に設問の行がありません。", hint="見出しの下に、設問を1行ずつ書いてください。")
    if len(rows) > MOST_ITEMS:
        raise Refusal(f"設問が多すぎます（{len(rows)}件）。", hint=f"{MOST_ITEMS}件までにしてください。")
    problems = tuple(findings.problems)
    return SurveyFile(() if problems else tuple(rows), problems, error_sheet(table, problems) if problems else None)


_Read = tuple[Decimal, Decimal, int, list[int] | None, list[int] | None]


def _counted(row: Row, findings: Findings) -> _Read | None:
    answers = []
    for steps, blank in ((SATISFACTION_STEPS, SATISFACTION_BLANK), (IMPORTANCE_STEPS, IMPORTANCE_BLANK)):
        counts = [findings.take(row, name, _people) for name in (*steps, blank)]
        if None in counts:
            return None
        numbers = [count for count in counts if count is not None]
        first, second, third, fourth, fifth, blanks = numbers
        found = Answers((first, second, third, fourth, fifth), blanks)
        if found.share is None:
            findings.add(
                row, steps[0], "回答した人が1人もいません。", "人数を確かめるか、この設問の行を消してください。"
            )
            return None
        answers.append(found)
    satisfied, weighed = answers
    if satisfied.share is None or weighed.share is None:
        return None
    return (
        satisfied.share,
        weighed.share,
        min(satisfied.answered, weighed.answered),
        [*satisfied.counts, satisfied.blank],
        [*weighed.counts, weighed.blank],
    )


def _published(row: Row, findings: Findings) -> _Read | None:
    satisfaction = findings.take(row, SATISFACTION, _percent)
    importance = findings.take(row, IMPORTANCE, _percent)
    answered = findings.take(row, ANSWERED, _people)
    if satisfaction is None or importance is None or answered is None:
        return None
    return satisfaction, importance, answered, None, None


def _short_text(text: str) -> str:
    if len(text) > 20:
        raise Refusal("20文字を超えています。", hint="短い番号にしてください。")
    return text


def _title(text: str) -> str:
    if len(text) > 200:
        raise Refusal("200文字を超えています。", hint="短くしてください。")
    return text


def _people(text: str) -> int:
    tidy = unicodedata.normalize("NFKC", text).replace(",", "").removesuffix("人").strip()
    if not (tidy.isascii() and tidy.isdigit() and len(tidy) <= 9) or int(tidy) > MOST_PEOPLE:
        raise Refusal(f"「{text[:20]}」は人数として読めません。", hint="0以上の整数を入力してください（例：123）。")
    return int(tidy)


def _percent(text: str) -> Decimal:
    tidy = unicodedata.normalize("NFKC", text).strip().removesuffix("%").strip()
    try:
        number = Decimal(tidy)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= 100:
        raise Refusal(
            f"「{text[:20]}」は割合として読めません。", hint="0から100までの数を入力してください（例：44.3）。"
        )
    if number != round(number, 1):
        raise Refusal(f"「{text[:20]}」の小数が細かすぎます。", hint="小数第1位までにしてください。")
    return round(number, 1)
