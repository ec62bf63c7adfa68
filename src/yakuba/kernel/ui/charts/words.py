"""The words on charts in the three languages of the house; pure, so no translation catalogue is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yakuba.kernel.japan.api import era_date_short
from yakuba.kernel.values.api import FiscalYear

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class ChartWords:
    """Everything a chart says of itself. Sentences take their values by name; `is_english` decides how dates are written."""

    today: str = "今日"
    day: str = "日付"
    baseline: str = "基準"
    target: str = "目標"
    measured: str = "実測"
    forecast: str = "見通し"
    planned_line: str = "計画の線"
    way: str = "基準から目標への線"
    corridor: str = "想定の範囲"
    head: str = "{name}（{unit}）"
    mark: str = "{day}（{name}）"
    row: str = "{row}：{items}"
    in_state: str = "{label}（{state}）"
    comma: str = "、"
    stop: str = "。"
    said_baseline: str = "基準は{day}の{value}。"
    said_target: str = "目標は{day}までに{value}。"
    said_measured: str = "最新の実測は{day}の{value}。"
    said_nothing: str = "まだ実測はありません。"
    said_forecast: str = "見通しは{day}に{value}。"
    item: str = "項目"
    value: str = "値"
    before: str = "前回"
    unmeasured: str = "未計測"
    no_items: str = "項目はありません。"
    satisfaction: str = "満足"
    importance: str = "重要"
    quadrant: str = "区分"
    quadrants: tuple[str, str, str, str] = ("重点的に改善", "維持・伸ばす", "様子を見る", "効率化を検討")
    other_items: str = "その他の項目"
    mean: str = "平均（満足{across}%・重要{up}%）"
    said_opinion: str = "{label}は満足{across}%・重要{up}%"
    planned: str = "予定"
    running: str = "実施中"
    done: str = "完了"
    late: str = "遅れ"
    start: str = "はじめ"
    end: str = "おわり"
    state: str = "状態"
    milestone: str = "節目（塗りは達成）"
    reached: str = "達成"
    not_reached: str = "未達成"
    is_english: bool = False

    def date(self, day: date) -> str:
        """A day as a chart writes it: `R8.4.1`, in English `1 Apr 2026`."""
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if self.is_english else era_date_short(day)

    def year(self, year: FiscalYear) -> str:
        """A fiscal year as a chart writes it: `R8`, in English `FY2026`."""
        return f"FY{year.year}" if self.is_english else year.short

    def amount(self, figure: str, unit: str) -> str:
        """A figure with its unit; English leaves a space before words."""
        return f"{figure} {unit}" if self.is_english and unit[:1].isalpha() else f"{figure}{unit}"


_JAPANESE = ChartWords()

_EASY = ChartWords(
    today="きょう",
    day="ひ",
    baseline="はじめ",
    target="めざす かず",
    measured="はかった かず",
    forecast="これからの よそう",
    planned_line="よていの せん",
    way="はじめから めざす かずまでの せん",
    corridor="よていの はんい",
    said_baseline="はじめは {day}で {value}。",
    said_target="{day}までに {value}を めざします。",
    said_measured="いちばん あたらしい かずは {day}の {value}。",
    said_nothing="まだ はかっていません。",
    said_forecast="{day}に {value}に なる よそうです。",
    item="こうもく",
    value="かず",
    before="まえの かず",
    unmeasured="まだ はかっていません",
    no_items="なにも ありません。",
    satisfaction="まんぞく",
    importance="たいせつ",
    quadrant="しゅるい",
    quadrants=("すぐ よくする", "つづける", "ようすを みる", "やりかたを かえる"),
    other_items="ほかの こうもく",
    mean="へいきん（まんぞく{across}%・たいせつ{up}%）",
    said_opinion="{label}は まんぞく{across}%・たいせつ{up}%",
    planned="これから",
    running="している ところ",
    done="おわりました",
    late="おくれています",
    start="はじめ",
    end="おわり",
    state="いまの ようす",
    milestone="だいじな ひ（くろは おわったもの）",
    reached="できました",
    not_reached="まだです",
)

_ENGLISH = ChartWords(
    today="Today",
    day="Date",
    baseline="Baseline",
    target="Target",
    measured="Measured",
    forecast="Forecast",
    planned_line="Planned",
    way="From baseline to target",
    corridor="Expected range",
    head="{name} ({unit})",
    mark="{day} ({name})",
    row="{row}: {items}",
    in_state="{label} ({state})",
    comma=", ",
    stop=". ",
    said_baseline="Baseline {value} on {day}. ",
    said_target="Target {value} by {day}. ",
    said_measured="Latest measurement {value} on {day}. ",
    said_nothing="Nothing measured yet. ",
    said_forecast="Forecast {value} on {day}. ",
    item="Item",
    value="Value",
    before="Before",
    unmeasured="Not yet measured",
    no_items="No items.",
    satisfaction="Satisfied",
    importance="Important",
    quadrant="Group",
    quadrants=("Improve first", "Keep up", "Watch", "Simplify"),
    other_items="Other items",
    mean="Mean (satisfied {across}%, important {up}%)",
    said_opinion="{label}: satisfied {across}%, important {up}%",
    planned="Planned",
    running="In progress",
    done="Done",
    late="Late",
    start="Start",
    end="End",
    state="State",
    milestone="Milestone (filled: reached)",
    reached="Reached",
    not_reached="Not reached",
    is_english=True,
)


def words_in(language: str) -> ChartWords:
    """The words for a language code of the house; Japanese for any other."""
    return {"ja-easy": _EASY, "en": _ENGLISH}.get(language, _JAPANESE)
