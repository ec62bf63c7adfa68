"""What the rules say in Japanese, said in the language of the page."""

from __future__ import annotations

import re

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext, pgettext_lazy

from yakuba.plan.queries.kpi_states import KpiState
from yakuba.plan.rules.forecast import FEWEST_MONTHS, NoForecast

# The rules speak Japanese; these are the words of theirs that residents read.
_SAID = {
    "未計測": pgettext_lazy("plan", "未計測"),
    "測定が古い": pgettext_lazy("plan", "測定が古い"),
    "基準値なし": pgettext_lazy("plan", "基準値なし"),
    "目標達成": pgettext_lazy("plan", "目標達成"),
    "計画より先": pgettext_lazy("plan", "計画より先"),
    "計画どおり": pgettext_lazy("plan", "計画どおり"),
    "計画より遅れ": pgettext_lazy("plan", "計画より遅れ"),
    "基準より改善": pgettext_lazy("plan", "基準より改善"),
    "基準と同じ": pgettext_lazy("plan", "基準と同じ"),
    "基準より悪化": pgettext_lazy("plan", "基準より悪化"),
    "観測中": pgettext_lazy("plan", "観測中"),
    "計画より進んでいる": pgettext_lazy("plan", "計画より進んでいる"),
    "計画どおり進んでいる": pgettext_lazy("plan", "計画どおり進んでいる"),
    "計画より遅れている": pgettext_lazy("plan", "計画より遅れている"),
    "判定できない": pgettext_lazy("plan", "判定できない"),
    "確認済み": pgettext_lazy("plan", "確認済み"),
    "期限を過ぎて未確認": pgettext_lazy("plan", "期限を過ぎて未確認"),
    "今年度が期限": pgettext_lazy("plan", "今年度が期限"),
    "これから": pgettext_lazy("plan", "これから"),
    "遅れあり": pgettext_lazy("plan", "遅れあり"),
    "節目をすべて確認": pgettext_lazy("plan", "節目をすべて確認"),
    "節目を一部確認": pgettext_lazy("plan", "節目を一部確認"),
    "節目はこれから": pgettext_lazy("plan", "節目はこれから"),
    "少人数のため非公表": pgettext_lazy("plan", "少人数のため非公表"),
    "いまの工程": pgettext_lazy("plan", "いまの工程"),
    "完了": pgettext_lazy("plan", "完了"),
    "期間を過ぎて完了未確認": pgettext_lazy("plan", "期間を過ぎて完了未確認"),
    "自動計測": pgettext_lazy("plan", "自動計測"),
    "手入力": pgettext_lazy("plan", "手入力"),
    "重点的に改善（重要・不満）": pgettext_lazy("plan", "重点的に改善（重要・不満）"),
    "維持（重要・満足）": pgettext_lazy("plan", "維持（重要・満足）"),
    "様子を見る（重要度低・不満）": pgettext_lazy("plan", "様子を見る（重要度低・不満）"),
    "現状で足りる（重要度低・満足）": pgettext_lazy("plan", "現状で足りる（重要度低・満足）"),
    "Theil–Sen法（各月末の値どうしを結んだ傾きの中央値を延ばす）": pgettext_lazy(
        "plan", "Theil–Sen法（各月末の値どうしを結んだ傾きの中央値を延ばす）"
    ),
    "目標の日を過ぎているため、見通しは出しません。": pgettext_lazy(
        "plan", "目標の日を過ぎているため、見通しは出しません。"
    ),
    "目標値がないため、見通しは出しません。": pgettext_lazy("plan", "目標値がないため、見通しは出しません。"),
}


def said(words: str) -> str:
    """A fixed Japanese word of the rules in the reader's language; anything else as it is."""
    return str(_SAID.get(words, words))


def why_no_forecast(none: NoForecast) -> str:
    """Why there is no forecast, in the reader's language."""
    if none.months is None:
        return said(none.reason)
    return gettext("見通しには%(fewest)sか月分以上の測定が必要です（いま%(months)sか月分）。") % {
        "fewest": FEWEST_MONTHS,
        "months": none.months,
    }


def with_unit(figure: str, unit: str) -> str:
    """A figure with its unit; in English words stand off by a space: `30 procedures`, `44.3%`."""
    apart = get_language() == "en" and unit[:1].isalpha()
    return f"{figure} {unit}" if figure and apart else figure + unit


def figure_said(state: KpiState) -> str:
    """The newest value with unit and day, or why there is none, in the reader's language."""
    if state.is_hidden or state.latest is None:
        return said(state.figure)
    amount = with_unit(state.value_words, state.measure.unit)
    return amount + brackets()[0] + state.latest.on.isoformat() + brackets()[1]


def way_said(state: KpiState) -> str:
    """From where to where: `30 → 目標 50手続き`, `目標 -50%`; empty without a target."""
    goal = state.kpi.target
    if goal is None:
        return ""
    change = f"{goal.change_percent}%" if goal.change_percent else ""
    reach = with_unit(state.target_words, state.measure.unit) if state.target_words else change
    way = f"{pgettext('plan', '目標')} {reach}"
    return f"{state.baseline_words} → {way}" if state.baseline_words else way


def until(first: str, last: str) -> str:
    """`令和8年度〜令和11年度`, `FY2026 – FY2029`."""
    return f"{first} – {last}" if get_language() == "en" else f"{first}〜{last}"


def listed(words: list[str]) -> str:
    """Words one after the other, with the comma of the reader's language."""
    return (", " if get_language() == "en" else "、").join(words)


def joined(sentences: list[str]) -> str:
    """Sentences one after the other; those in English stand apart."""
    return (" " if get_language() in ("en", "ja-easy") else "").join(sentences)


_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def is_untranslated(text: object) -> bool:
    """Whether a text is Japanese on a page that is not."""
    return get_language() not in (None, "ja", "ja-easy") and bool(_JAPANESE.search(str(text)))


def in_its_language(text: object) -> SafeString:
    """The text, escaped; Japanese on a page that is not Japanese says so to screen readers."""
    if is_untranslated(text):
        return format_html('<span lang="ja">{}</span>', text)
    return conditional_escape(str(text))


def brackets() -> tuple[str, str]:
    """The brackets of the page's language, with the space English puts before them."""
    return (" (", ")") if get_language() == "en" else ("（", "）")


def in_brackets(text: object) -> SafeString:
    """The text in the brackets of the page's language, escaped; ` (…)` in English, `（…）` in Japanese."""
    before, after = brackets()
    return format_html("{}{}{}", before, in_its_language(text), after)
