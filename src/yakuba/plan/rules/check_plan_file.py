"""The check of a plan file (計画ファイルの点検): every fault with line, key and reason."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from yakuba.kernel.japan.api import find_my_numbers, parse_local_government_code
from yakuba.kernel.values.api import FiscalYear, Refusal
from yakuba.plan.rules import plan_file as shape
from yakuba.plan.rules.key_positions import KeyPath
from yakuba.plan.rules.read_plan_file import Fault, Located, Reading, read_parts
from yakuba.plan.rules.translations import check_translations

LONGEST_PLAN = timedelta(days=366 * 20)
INVENTED_PREFECTURE = "99"
"""No prefecture has this number (JIS X 0401 ends at 47), so a sample town cannot be taken for a real one."""


class PlanFileRefused(Refusal):
    """The plan file has faults; `faults` names all of them."""

    def __init__(self, faults: Collection[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            f"計画ファイルに{len(faults)}か所の誤りがあります。",
            hint="示された行を直して、もう一度読み込んでください。今の計画はそのままです。",
        )


def check_plan_file(text: str) -> list[Fault]:
    """All faults of a plan file in the order of its lines; an empty list means it can be loaded."""
    return _examine(text)[1]


def read_plan_file(text: str) -> shape.PlanFile:
    """The plan in a faultless file. Raises `PlanFileRefused` with every fault."""
    plan, faults = _examine(text)
    if plan is None or faults:
        raise PlanFileRefused(faults)
    return plan


def _examine(text: str) -> tuple[shape.PlanFile | None, list[Fault]]:
    reading = read_parts(text)
    if reading.document:
        _check_header(reading)
        _check_uniqueness(reading)
        _check_references(reading)
        for kpi in reading.all(shape.Kpi):
            _check_kpi(kpi, reading)
        for initiative in reading.all(shape.Initiative):
            _check_initiative(initiative, reading)
        for milestone in reading.all(shape.Milestone):
            _check_year(milestone.path, "due_fiscal_year", milestone.part.due_fiscal_year, reading)
        for phase in reading.all(shape.Phase):
            _check_phase(phase, reading)
        for measure in reading.all(shape.MeasureDefinition):
            low, high = measure.part.minimum, measure.part.maximum
            if low is not None and high is not None and low >= high:
                reading.blame((*measure.path, "maximum"), "maximum は minimum より大きい数にします。")
        check_translations(reading)
    plans = reading.all(shape.PlanFile)
    faults = {*reading.faults, *_lines_with_my_numbers(text)}
    return (plans[0].part if plans and not faults else None), sorted(faults)


def _lines_with_my_numbers(text: str) -> Iterator[Fault]:
    """A plan is public, so whatever looks like a My Number is refused, remarks of the file included."""
    for number, line in enumerate(text.split("\n"), start=1):
        if find_my_numbers(line):
            yield Fault(
                number, "", "個人番号（マイナンバー）とみられる12けたの番号が入っています。番号を消してください。"
            )


# ------------------------------------------------------------------ the plan as a whole


def _header(reading: Reading) -> shape.Header | None:
    headers = reading.all(shape.Header)
    return headers[0].part if headers else None


def _check_header(reading: Reading) -> None:
    header = _header(reading)
    if header is None:
        return
    if header.period_end <= header.period_start:
        reading.blame(("plan", "period_end"), "計画期間の終わりが、始まりより前か同じ日です。")
    elif header.period_end - header.period_start > LONGEST_PLAN:
        reading.blame(("plan", "period_end"), "計画期間が20年を超えています。日付を確かめてください。")
    if header.decided_on is not None and header.decided_on > header.period_end:
        reading.blame(("plan", "decided_on"), "策定日が計画期間の終わりより後です。")
    _check_town_code(header, reading)
    if not reading.document.get("policies"):
        reading.blame((), "基本方針 [[policies]] が1つもありません。")
    if not reading.document.get("initiatives"):
        reading.blame((), "取組 [[initiatives]] が1つもありません。")


def _check_town_code(header: shape.Header, reading: Reading) -> None:
    code, path = header.town_code, ("plan", "town_code")
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        reading.blame(path, "団体コードは半角数字6桁です（例: 074217）。")
    elif code.startswith(INVENTED_PREFECTURE):
        if not header.sample:
            reading.blame(path, "99で始まる団体コードは見本の計画だけに使えます。見本なら sample = true を書きます。")
    else:
        try:
            parse_local_government_code(code)
        except Refusal as refusal:
            reading.blame(path, f"{refusal.message}{refusal.hint or ''}")


def _check_uniqueness(reading: Reading) -> None:
    for kind, key, what in (
        (shape.Policy, "id", "方針のid"),
        (shape.Initiative, "id", "取組のid"),
        (shape.Initiative, "number", "取組の番号"),
        (shape.Kpi, "id", "指標のid"),
        (shape.Milestone, "id", "節目のid"),
        (shape.MeasureDefinition, "id", "ものさしのid"),
        (shape.Relation, "id", "関連計画のid"),
        (shape.Priority, "id", "重点取組事項のid"),
        (shape.Term, "term", "用語"),
    ):
        first: dict[str, KeyPath] = {}
        for path, value in reading.written(kind, key):
            if value in first:
                reading.blame(path, f"{what}「{value}」は{reading.lines[first[value]]}行目でも使われています。")
            else:
                first[value] = path


def _check_references(reading: Reading) -> None:
    # Ids of faulty parts count: a reference to a faulty part is not a second fault.
    policies = [written for _, written in reading.written(shape.Policy, "id")]
    priorities = [written for _, written in reading.written(shape.Priority, "id")]
    measures = [written for _, written in reading.written(shape.MeasureDefinition, "id")]
    for initiative in reading.all(shape.Initiative):
        if initiative.part.policy not in policies:
            path = (*initiative.path, "policy")
            reading.blame(
                path, f"方針「{initiative.part.policy}」はありません。{_guess(initiative.part.policy, policies)}"
            )
    seen: set[tuple[KeyPath, str]] = set()
    for link in reading.all(shape.PriorityLink):
        path = (*link.path, "id")
        if link.part.id not in priorities:
            reading.blame(path, f"重点取組事項「{link.part.id}」はありません。{_guess(link.part.id, priorities)}")
        elif (link.path[:-1], link.part.id) in seen:
            reading.blame(path, f"重点取組事項「{link.part.id}」が同じ取組に2度書かれています。")
        seen.add((link.path[:-1], link.part.id))
    for kpi in reading.all(shape.Kpi):
        if kpi.part.measure not in measures:
            reading.blame(
                (*kpi.path, "measure"),
                f"ものさし「{kpi.part.measure}」の定義 [[measures]] がありません。{_guess(kpi.part.measure, measures)}",
            )


def _guess(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"「{near[0]}」の間違いではありませんか。" if near else ""


# ------------------------------------------------------------------ initiatives, milestones, phases


def _check_initiative(initiative: Located[shape.Initiative], reading: Reading) -> None:
    raw = _node(initiative.path, reading)
    if not raw.get("kpis") and not raw.get("milestones"):
        reading.blame(
            initiative.path, "成果を確かめる指標 kpis も節目 milestones もありません。どちらかを1つ以上書きます。"
        )
    if initiative.part.schedule_stated and not raw.get("phases"):
        reading.blame(
            (*initiative.path, "schedule_stated"),
            "年度の工程 phases がありません。計画書に書かれていないなら false にします。",
        )
    if not initiative.part.schedule_stated and raw.get("phases"):
        reading.blame(
            (*initiative.path, "schedule_stated"),
            "年度の工程 phases が書かれているのに、記載なし（false）になっています。",
        )
    _check_tracks(initiative, reading)


def _check_tracks(initiative: Located[shape.Initiative], reading: Reading) -> None:
    """Phases of one track follow each other; what runs side by side stands in tracks of its own."""
    tracks: dict[str | None, list[Located[shape.Phase]]] = {}
    for phase in reading.all(shape.Phase):
        if phase.path[: len(initiative.path)] == initiative.path:
            tracks.setdefault(phase.part.track, []).append(phase)
    for phases in tracks.values():
        ordered = sorted(phases, key=lambda located: located.part.first)
        for before, after in pairwise(ordered):
            if after.part.first <= (before.part.last or before.part.first):
                reading.blame(
                    (*after.path, "from"),
                    f"「{before.part.label}」と年度が重なります。同時に進む工程には別々の track を書きます。",
                )


def _check_phase(phase: Located[shape.Phase], reading: Reading) -> None:
    _check_year(phase.path, "from", phase.part.first, reading)
    if phase.part.last is not None:
        _check_year(phase.path, "to", phase.part.last, reading)
        if phase.part.last < phase.part.first:
            reading.blame((*phase.path, "to"), "工程の終わりの年度が、始まりの年度より前です。")


def _check_year(path: KeyPath, key: str, year: int, reading: Reading) -> None:
    header = _header(reading)
    if header is None or header.period_end <= header.period_start:
        return
    years = header.fiscal_years
    if not years[0].year <= year <= years[-1].year:
        reading.blame(
            (*path, key),
            f"{FiscalYear(year).label}は計画期間（{years[0].label}〜{years[-1].label}）の外です。",
        )


# ------------------------------------------------------------------ KPIs


def _check_kpi(kpi: Located[shape.Kpi], reading: Reading) -> None:
    part, path = kpi.part, kpi.path
    raw = _node(path, reading)
    if raw.get("target") is not None and part.no_target is not None:
        reading.blame(
            (*path, "no_target"), "目標 target があるのに、目標なしの理由が書かれています。どちらかを消します。"
        )
    if raw.get("target") is None and part.no_target is None:
        reading.blame(path, "目標 target がありません。計画に目標値がなければ no_target に理由を書きます。")
    if part.direction is shape.Direction.OBSERVE and raw.get("target") is not None:
        reading.blame((*path, "direction"), "見守るだけの指標（observe）に目標は置けません。up か down にします。")
    if part.baseline is not None:
        _check_baseline(kpi, part.baseline, reading)
    if part.target is not None:
        _check_target(kpi, part.target, reading)


def _check_baseline(kpi: Located[shape.Kpi], baseline: shape.Baseline, reading: Reading) -> None:
    path = (*kpi.path, "baseline")
    if baseline.value is None and baseline.missing is None:
        reading.blame(path, "基準値 value がありません。値がなければ missing に理由と測り方を書きます。")
    if baseline.value is not None and baseline.missing is not None:
        reading.blame((*path, "missing"), "基準値 value があるのに、値なしの理由が書かれています。どちらかを消します。")
    header = _header(reading)
    if header is not None and baseline.on > header.period_end:
        reading.blame((*path, "on"), f"基準日が計画期間の終わり（{_written_day(header.period_end)}）より後です。")
    _check_bounds(kpi, baseline.value, (*path, "value"), reading)


def _check_target(kpi: Located[shape.Kpi], target: shape.Target, reading: Reading) -> None:
    path = (*kpi.path, "target")
    part = kpi.part
    if (target.value is None) == (target.change_percent is None):
        reading.blame(path, "目標は value（値）か change_percent（基準値からの増減%）のどちらか1つで書きます。")
    header = _header(reading)
    if header is not None and not header.period_start <= target.on <= header.period_end:
        reading.blame(
            (*path, "on"),
            f"目標の日が計画期間（{_written_day(header.period_start)}〜{_written_day(header.period_end)}）の外です。",
        )
    if part.baseline is None:
        if "baseline" not in _node(kpi.path, reading):
            reading.blame(kpi.path, "目標があるのに基準値 baseline がありません。")
    else:
        if target.on <= part.baseline.on:
            reading.blame((*path, "on"), f"目標の日が基準日（{_written_day(part.baseline.on)}）より前か同じ日です。")
        _check_way(kpi, part.baseline.value, target, reading)
    _check_bounds(kpi, target.value, (*path, "value"), reading)


def _check_way(kpi: Located[shape.Kpi], start: Decimal | None, target: shape.Target, reading: Reading) -> None:
    """Direction and target must tell the same story."""
    path = (*kpi.path, "target")
    direction = kpi.part.direction
    if target.value is not None and start is not None:
        if target.value == start:
            reading.blame((*path, "value"), "目標値が基準値と同じです。")
        elif direction is shape.Direction.UP and target.value < start:
            reading.blame((*path, "value"), f"増やす指標（up）なのに、目標値が基準値 {start} より小さいです。")
        elif direction is shape.Direction.DOWN and target.value > start:
            reading.blame((*path, "value"), f"減らす指標（down）なのに、目標値が基準値 {start} より大きいです。")
    if target.change_percent is not None:
        key = (*path, "change_percent")
        if target.change_percent == 0:
            reading.blame(key, "増減0%は目標になりません。")
        elif direction is not shape.Direction.OBSERVE and (target.change_percent > 0) != (
            direction is shape.Direction.UP
        ):
            reading.blame(key, f"指標の向き（{direction.value}）と増減の符号が合いません。")
        if start == 0:
            reading.blame(key, "基準値が0のときは増減%で目標を書けません。value で書きます。")


def _check_bounds(kpi: Located[shape.Kpi], value: Decimal | int | None, path: KeyPath, reading: Reading) -> None:
    measure = next((one.part for one in reading.all(shape.MeasureDefinition) if one.part.id == kpi.part.measure), None)
    if value is None or measure is None:
        return
    if measure.minimum is not None and value < measure.minimum:
        reading.blame(path, f"ものさしの下限 {measure.minimum}{measure.unit} より小さい値です。")
    if measure.maximum is not None and value > measure.maximum:
        reading.blame(path, f"ものさしの上限 {measure.maximum}{measure.unit} より大きい値です。")
    if round(Decimal(value), measure.decimals) != value:
        reading.blame(path, f"ものさしの小数は{measure.decimals}桁までです（decimals）。")


def _node(path: KeyPath, reading: Reading) -> dict[str, object]:
    node: object = reading.document
    for step in path:
        node = node[step]  # type: ignore[index]
    return node if isinstance(node, dict) else {}


def _written_day(day: date) -> str:
    return day.isoformat()
