"""Charts: drawn twice, escaped, readable at phone width, and always with a table behind them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.ui.charts import (
    Bar,
    Chart,
    CorridorPoint,
    Milestone,
    Opinion,
    Phase,
    PhaseState,
    Point,
    ScheduleRow,
    bar_chart,
    line_chart,
    quadrant_chart,
    schedule_chart,
    sparkline,
)
from yakuba.kernel.ui.charts.chart import nice_ticks, value_range
from yakuba.kernel.ui.charts.svg import shortened, text_width
from yakuba.kernel.ui.charts.words import words_in
from yakuba.kernel.values.api import FiscalYear

SVG = "{http://www.w3.org/2000/svg}"
FIRST, LAST = FiscalYear(2026), FiscalYear(2029)
HOSTILE = '<script>alert("1")</script>&'

# The narrow drawing is shown from 288 px (a 320 px screen) upward, the wide one from 600 px upward.
LEAST_WIDTH = {"chart__narrow": 288, "chart__wide": 600}


def line(**changed: object) -> Chart:
    given: dict[str, object] = {
        "title": "オンライン手続きの数",
        "unit": "件",
        "first": FIRST,
        "last": LAST,
        "baseline": Point(date(2026, 4, 1), 30),
        "target": Point(date(2030, 3, 31), 50),
        "measured": [Point(date(2026, 6, 30), 31), Point(date(2026, 9, 30), 33)],
        "forecast": [Point(date(2030, 3, 31), 47.5)],
        "corridor": [CorridorPoint(date(2026, 4, 1), 29, 31), CorridorPoint(date(2030, 3, 31), 45, 55)],
        "today": date(2026, 10, 1),
    }
    return line_chart(**{**given, **changed})  # type: ignore[arg-type]


def bars(title: str = "減らした時間", label: str = "総務課") -> Chart:
    return bar_chart(title=title, unit="時間", bars=[Bar(label, 12, 10), Bar("町民税務課", None), Bar("生活課", -3)])


def quadrants(title: str = "満足度と重要度", label: str = "手続き") -> Chart:
    return quadrant_chart(
        title=title, opinions=[Opinion(label, 44.3, 76.9), Opinion("水道", 70, 60), Opinion("道路", 40, 50)]
    )


def schedule(title: str = "年度の予定", label: str = "準備") -> Chart:
    rows = [
        ScheduleRow(
            "勤怠",
            (
                Phase(label, date(2026, 4, 1), date(2027, 3, 31), PhaseState.DONE),
                Phase("導入", date(2028, 4, 1), date(2030, 3, 31)),
            ),
            (Milestone("様式の決定", date(2026, 6, 30), reached=True),),
        )
    ]
    return schedule_chart(title=title, first=FIRST, last=LAST, rows=rows, today=date(2026, 10, 1))


EVERY_KIND: list[Callable[[str, str], Chart]] = [
    lambda title, label: line(title=title, unit=label),
    bars,
    quadrants,
    schedule,
]


@pytest.mark.parametrize("make", EVERY_KIND)
def test_both_drawings_are_named_and_described_for_screen_readers(make: Callable[[str, str], Chart]) -> None:
    chart = make("題名", "項目")
    for drawing in (chart.wide, chart.narrow):
        root = ElementTree.fromstring(drawing)
        assert root.get("role") == "img"
        assert root.findtext(f"{SVG}title") == "題名"
        assert root.findtext(f"{SVG}desc")


@pytest.mark.parametrize("make", EVERY_KIND)
def test_no_text_can_break_out_of_the_drawing(make: Callable[[str, str], Chart]) -> None:
    chart = make(HOSTILE, HOSTILE)
    for drawing in (chart.wide, chart.narrow, *(entry.mark for entry in chart.legend)):
        assert "<script" not in drawing
        assert {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(drawing).iter()} <= {
            "svg", "title", "desc", "rect", "line", "path", "circle", "text", "polyline",
        }  # fmt: skip


@pytest.mark.parametrize("make", EVERY_KIND)
def test_a_strict_content_policy_has_nothing_to_block(make: Callable[[str, str], Chart]) -> None:
    chart = make("題名", "項目")
    for drawing in (chart.wide, chart.narrow):
        assert not re.search(r"\sstyle=|\son\w+=|href=|\sid=", drawing)


@pytest.mark.parametrize("make", EVERY_KIND)
def test_no_letter_is_smaller_than_twelve_pixels_where_the_drawing_is_shown(make: Callable[[str, str], Chart]) -> None:
    chart = make("題名", "項目")
    for drawing in (chart.wide, chart.narrow):
        root = ElementTree.fromstring(drawing)
        width = float(root.get("viewBox", "").split()[2])
        scale = LEAST_WIDTH[root.get("class", "")] / width
        sizes = [float(text.get("font-size", "0")) for text in root.iter(f"{SVG}text")]
        assert sizes
        assert min(sizes) * scale >= 12


@pytest.mark.parametrize("make", EVERY_KIND)
def test_nothing_is_drawn_outside_the_frame(make: Callable[[str, str], Chart]) -> None:
    chart = make("題名", "項目")
    for drawing in (chart.wide, chart.narrow):
        root = ElementTree.fromstring(drawing)
        _, _, width, height = map(float, root.get("viewBox", "").split())
        for text in root.iter(f"{SVG}text"):
            x, y, size = (float(text.get(name, "0")) for name in ("x", "y", "font-size"))
            room = text_width(text.text or "", size)
            left = x - {"start": 0.0, "middle": room / 2, "end": room}[text.get("text-anchor", "start")]
            assert left >= -2, text.text
            assert left + room <= width + 2, text.text
            assert size * 0.7 <= y <= height, text.text


@pytest.mark.parametrize("make", EVERY_KIND)
def test_the_table_behind_the_chart_has_a_cell_for_every_head(make: Callable[[str, str], Chart]) -> None:
    chart = make("題名", "項目")
    assert chart.rows
    assert {len(row) for row in chart.rows} == {len(chart.heads)}


def test_the_table_of_a_measure_tells_measured_planned_and_forecast_values() -> None:
    chart = line(unit="件", places=0)
    assert chart.heads == ("日付", "実測（件）", "計画の線（件）", "見通し（件）")
    assert chart.rows[0] == ("R8.4.1（基準）", "—", "30", "—")
    assert chart.rows[1] == ("R8.6.30", "31", "31.2", "—")
    assert chart.rows[-1] == ("R12.3.31（目標）", "—", "50", "47.5")


def test_measured_planned_and_forecast_differ_without_colour() -> None:
    root = ElementTree.fromstring(line(corridor=()).wide)
    strokes = [
        path.get("stroke-dasharray")
        for path in root.iter(f"{SVG}path")
        if path.get("stroke") and path.get("fill") == "none"
    ]
    assert strokes == ["8 5", "2 5", None]


def test_a_measure_without_values_says_so_and_still_shows_where_it_should_go() -> None:
    chart = line(measured=(), forecast=(), corridor=())
    root = ElementTree.fromstring(chart.wide)
    assert "まだ実測はありません" in (root.findtext(f"{SVG}desc") or "")
    assert any("目標 50件" in (text.text or "") for text in root.iter(f"{SVG}text"))


def test_a_chart_of_nothing_at_all_is_still_a_chart() -> None:
    empty = line(baseline=None, target=None, measured=(), forecast=(), corridor=(), today=None)
    assert empty.rows == ()
    assert ElementTree.fromstring(empty.narrow) is not None


def test_today_is_left_out_when_it_lies_outside_the_years() -> None:
    assert "今日" in line().wide
    assert "今日" not in line(today=date(2035, 1, 1)).wide
    assert "今日" not in schedule_chart(title="予定", first=FIRST, last=LAST, rows=[], today=date(2020, 1, 1)).wide


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_values_no_scale_can_show_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="NaN"):
        line(measured=[Point(date(2026, 6, 30), value)])
    with pytest.raises(ValueError, match="NaN"):
        bar_chart(title="t", unit="件", bars=[Bar("a", value)])
    with pytest.raises(ValueError, match="NaN"):
        sparkline([1, value], label="推移")


def test_years_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="fiscal years"):
        line(first=LAST, last=FIRST)


def test_a_phase_that_ends_before_it_begins_is_refused() -> None:
    wrong = ScheduleRow("x", (Phase("p", date(2027, 1, 1), date(2026, 1, 1)),))
    with pytest.raises(ValueError, match="before it begins"):
        schedule_chart(title="予定", first=FIRST, last=LAST, rows=[wrong])


def test_a_bar_without_a_value_is_said_to_be_unmeasured() -> None:
    chart = bars()
    assert chart.rows[1][1] == "未計測"
    assert "未計測" in chart.wide


def test_important_items_people_are_unhappy_with_are_squares_and_named_so() -> None:
    chart = quadrants()
    assert chart.rows[0] == ("1. 手続き", "44.3", "76.9", "重点的に改善")
    assert chart.key[0] == ("1", "手続き")
    root = ElementTree.fromstring(chart.wide)
    assert sum(1 for rect in root.iter(f"{SVG}rect") if rect.get("fill") == "#ce0000") == 1
    assert sum(1 for _ in root.iter(f"{SVG}circle")) == 2


def test_phases_at_the_same_time_stand_in_lanes_of_their_own() -> None:
    together = ScheduleRow(
        "x", (Phase("a", date(2026, 4, 1), date(2027, 3, 31)), Phase("b", date(2026, 10, 1), date(2027, 9, 30)))
    )
    root = ElementTree.fromstring(schedule_chart(title="予定", first=FIRST, last=LAST, rows=[together]).wide)
    tops = {rect.get("y") for rect in root.iter(f"{SVG}rect") if rect.get("stroke") == "#0017c1"}
    assert len(tops) == 2


def test_a_sparkline_is_spoken_as_its_label() -> None:
    root = ElementTree.fromstring(sparkline([1, 2, 3], label='増え"て<いる', goal=4))
    assert root.findtext(f"{SVG}title") == '増え"て<いる'
    assert ElementTree.fromstring(sparkline([], label="なし")) is not None


def test_a_long_label_is_shortened_to_its_room() -> None:
    assert shortened("短い", 14, 100) == "短い"
    cut = shortened("たいへん長い項目の名前です", 14, 100)
    assert cut.endswith("…")
    assert text_width(cut, 14) <= 100


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_ticks_are_round_and_enclose_the_range(low: float, spread: float) -> None:
    high = low + spread
    ticks = nice_ticks(low, high)
    assert 2 <= len(ticks) <= 13
    tolerance = max(abs(low), abs(high), 1.0) * 1e-6
    assert ticks[0] <= low + tolerance
    assert ticks[-1] >= high - tolerance
    assert ticks == sorted(ticks)


def test_the_axis_begins_at_zero_unless_the_values_are_far_from_it() -> None:
    assert value_range([30, 50]) == (0.0, 50)
    low, high = value_range([96.1, 97.4])
    assert 95 < low < 96.1
    assert high > 97.4


ENGLISH: list[Chart] = [
    line(title="Procedures", unit="procedures", language="en"),
    bar_chart(title="Hours", unit="hours", bars=[Bar("General affairs", 1, 2), Bar("Tax", None)], language="en"),
    quadrant_chart(title="Survey", opinions=[Opinion("Roads", 40, 70), Opinion("Water", 70, 60)], language="en"),
    schedule_chart(
        title="Schedule",
        first=FIRST,
        last=LAST,
        rows=[
            ScheduleRow(
                "Time clock",
                tuple(
                    Phase(f"Part {number}", date(2026 + number, 4, 1), date(2027 + number, 3, 31), state)
                    for number, state in enumerate(PhaseState)
                ),
                (Milestone("Form", date(2026, 6, 30)), Milestone("Start", date(2027, 6, 30), reached=True)),
            )
        ],
        today=date(2026, 10, 1),
        language="en",
    ),
]


@pytest.mark.parametrize("chart", ENGLISH, ids=lambda chart: chart.title)
def test_an_english_chart_has_no_japanese_word_left(chart: Chart) -> None:
    said = f"{chart.wide}{chart.narrow}{chart.heads}{chart.rows}{[entry.words for entry in chart.legend]}"
    said = re.sub(r'font-family="[^"]*"', "", said)
    assert not re.findall(r"[\u3040-\u30ff\u4e00-\u9fff]+", said)


@pytest.mark.parametrize("language", ["ja-easy", "en"])
def test_every_word_on_charts_is_said_in_every_language(language: str) -> None:
    japanese, other = words_in("ja"), words_in(language)
    shared = (
        {"head", "mark", "baseline", "end", "start", "row", "in_state", "comma", "stop"}
        if language == "ja-easy"
        else set()
    )
    same = {name for name in japanese.__slots__ if getattr(japanese, name) == getattr(other, name)}
    assert same - {"is_english"} <= shared


def test_an_unknown_language_reads_japanese() -> None:
    assert words_in("vi").today == "今日"


def test_a_label_too_long_for_its_phase_breaks_at_spaces_before_it_is_cut():
    from yakuba.kernel.ui.charts.schedules import _lines

    assert _lines("Study of work and method", 14.0, 80.0) == ["Study of", "work and", "method"]
    assert _lines("現状把握と検討", 14.0, 60.0) == ["現状把…"]
    assert len(_lines("a b c d e f g h i j k l m n o p q r", 14.0, 20.0)) == 3


def test_japanese_words_on_an_english_chart_are_marked_as_japanese():
    phase = Phase("試行", date(2026, 4, 1), date(2027, 3, 31))
    chart = schedule_chart(
        title="取組",
        first=FiscalYear(2026),
        last=FiscalYear(2029),
        rows=[ScheduleRow("Phases", (phase,))],
        note="<note>",
        language="en",
    )
    assert chart.said_title == '<span lang="ja">取組</span>'
    assert chart.said_note == "&lt;note&gt;"
    assert chart.said_rows[0][0] == '<span lang="ja">Phases 試行</span>'
    assert '<title lang="ja">取組</title>' in chart.wide
    assert 'lang="ja">試行</text>' in chart.wide and ">FY2026</text>" in chart.wide
    plain = schedule_chart(
        title="取組", first=FiscalYear(2026), last=FiscalYear(2029), rows=[ScheduleRow("", (phase,))]
    )
    assert plain.said_title == "取組" and "lang=" not in plain.wide


def test_names_of_many_years_are_left_out_before_they_run_into_each_other():
    phase = Phase("x", date(2026, 4, 1), date(2027, 3, 31))
    rows = [ScheduleRow("", (phase,))]
    chart = schedule_chart(title="t", first=FiscalYear(2026), last=FiscalYear(2037), rows=rows, language="en")
    assert ">FY2026<" in chart.narrow and ">FY2027<" not in chart.narrow


def test_a_corridor_around_counts_does_not_fall_below_nothing() -> None:
    corridor = [CorridorPoint(date(2026, 4, 1), -2, 2), CorridorPoint(date(2030, 3, 31), 18, 22)]
    counted = line(baseline=Point(date(2026, 4, 1), 0), target=Point(date(2030, 3, 31), 20), measured=(), forecast=(),
                   corridor=corridor)  # fmt: skip
    assert not [
        text.text for text in ElementTree.fromstring(counted.wide).iter(f"{SVG}text") if "-" in (text.text or "")
    ]
    below = line(baseline=Point(date(2026, 4, 1), -1), measured=(), forecast=(), corridor=corridor)
    assert [text.text for text in ElementTree.fromstring(below.wide).iter(f"{SVG}text") if "-" in (text.text or "")]
