"""The measures online procedures offer to the plan board."""

from __future__ import annotations

from datetime import date, timedelta

from yakuba.kernel.cases.queries.measures import abandoned_at, correction_rate, handling_days
from yakuba.kernel.catalogue.queries.counting import MEASURE, count_on
from yakuba.kernel.catalogue.queries.yearly import table_of
from yakuba.kernel.kpi.api import Direction, Reading, measure
from yakuba.kernel.values.api import FiscalYear, Text
from yakuba.residents.procedures.queries.opinions import FEWEST, contentment


@measure(
    MEASURE,
    title=Text(
        "オンラインで行える手続き数", easy="インターネットで できる 手続きの 数", en="Procedures available online"
    ),
    definition=Text(
        "住民が実際にオンラインで出せる状態にある手続きの数。方法がいくつあっても一つと数え、見本は数えない。"
        "基準値の内訳が取り込まれていれば一覧を数え、なければ基準値に、その後オンラインになった手続きの数を足す。",
        easy="インターネットで 出せる 手続きの 数です。見本は 数えません。",
        en="Procedures residents can really submit online; several channels count once, samples never. With the list behind "
        "the baseline imported the list is counted, else those that came online since are added to the baseline figure.",
    ),
    unit="手続き",
    direction=Direction.UP,
    how="数えた手続きの一覧（手続き・方法・オンラインになった日・公開の決裁・最初の受付日）",
    initiative="1-①",
    drill_down="office-procedures-counting",
)
def online_live(on: date) -> Reading | None:
    """Distinct procedures online on a day; nothing while neither baseline nor list is there."""
    counted = count_on(on)
    return None if counted.total is None else Reading(counted.total, n=len(counted.listed))


@measure(
    "procedures.online_share",
    title=Text(
        "オンラインで行われた手続きの割合",
        easy="インターネットで した 手続きの 割合",
        en="Share of procedures done online",
    ),
    definition=Text(
        "前年度に行われた手続きの総件数のうち、オンラインで行われたものの割合。件数を数えている手続きだけから求める。",
        easy="前の 年度の 手続きの うち、インターネットで した ものの 割合です。",
        en="Of all cases of the previous fiscal year, the part that was done online; only procedures that are counted.",
    ),
    unit="%",
    direction=Direction.UP,
    how="年度の件数（システムの受付と手入力の合計）",
    initiative="1-①",
    drill_down="office-procedures-yearly",
)
def online_share(on: date) -> Reading | None:
    """The share of the last fiscal year that is over; nothing while no cases are counted."""
    table = table_of(FiscalYear.of(on).previous)
    return None if table.share is None else Reading(table.share, n=table.total)


@measure(
    "procedures.handling_days",
    title=Text(
        "手続きの処理日数（中央値）", easy="手続きに かかった 日数（まん中の 数）", en="Days a procedure takes (median)"
    ),
    definition=Text(
        "前の月に結論の出た案件の、受付から結論までの開庁日の中央値。補正を待った日は数えない。",
        easy="前の 月に おわった 手続きに、役場が 何日 かかったか。いちばん まん中の 数です。",
        en="Median of open days from arrival to conclusion, of the cases concluded in the month before; days of waiting for "
        "the applicant's correction do not count.",
    ),
    unit="日",
    direction=Direction.DOWN,
    how="案件の受付日と結論の出た日",
    initiative="1-①",
)
def median_handling_days(on: date) -> Reading | None:
    """Median open days of the month before; nothing for a month without a conclusion."""
    found = handling_days(*_month_before(on))
    return None if found.median is None else Reading(found.median, n=found.count)


@measure(
    "procedures.correction_rate",
    title=Text(
        "補正になった割合", easy="直して もらった 手続きの 割合", en="Share of procedures that had to be corrected"
    ),
    definition=Text(
        "前の月に届いた案件のうち、一度でも補正を求めたものの割合。相談は数えない。",
        easy="前の 月に 届いた 手続きの うち、直して もらった ものの 割合です。",
        en="Of the cases that arrived in the month before, the share that was sent back for correction at least once; "
        "enquiries do not count.",
    ),
    unit="%",
    direction=Direction.DOWN,
    how="案件の補正の依頼",
    initiative="1-①",
)
def share_corrected(on: date) -> Reading | None:
    """The share of corrected cases of the month before; nothing for a month without cases."""
    found = correction_rate(*_month_before(on))
    return None if found.value is None else Reading(found.value, n=found.whole)


@measure(
    "procedures.abandoned",
    title=Text("途中でやめた割合", easy="とちゅうで やめた 割合", en="Share of forms left unfinished"),
    definition=Text(
        "前の月に始められたオンラインの入力のうち、送信されずに終わったものの割合。だれの入力かは記録しない。",
        easy="前の 月に 書き始めて、出さなかった ものの 割合です。だれが 書いたかは 調べません。",
        en="Of the online forms begun in the month before, the share that was never sent; whose they were is not recorded.",
    ),
    unit="%",
    direction=Direction.DOWN,
    how="記入の開始と送信の数",
    initiative="1-①",
)
def share_abandoned(on: date) -> Reading | None:
    """The share of forms left in the month before; nothing for a month without forms."""
    _, found = abandoned_at(*_month_before(on))
    return None if found.value is None else Reading(found.value, n=found.whole)


@measure(
    "procedures.satisfaction",
    title=Text(
        "手続きに満足した人の割合", easy="手続きが「よかった」人の 割合", en="Share of people content with a procedure"
    ),
    definition=Text(
        "前の月までの1年間に、終わった手続きについて「とてもよかった」「よかった」と答えた割合。一件の手続きに一回だけたずね、"
        "だれが答えたかは記録しない。5件に満たないときは出さない。",
        easy="1年の 間に、おわった 手続きを「よかった」と 答えた 人の 割合です。だれが 答えたかは 調べません。",
        en="Over the year up to the month before, the share of answers “good” or “very good” about procedures that were "
        "concluded. Asked once per case; who answered is not recorded. Not shown below five answers.",
    ),
    unit="%",
    direction=Direction.UP,
    how="手続きの終わりの質問への答え",
    initiative="1-①",
    drill_down="office-case-voices",
)
def share_content(on: date) -> Reading | None:
    """The share of the twelve months before; nothing below five answers."""
    _, last = _month_before(on)
    found = contentment(last.replace(year=last.year - 1, day=1) + timedelta(days=31), last)
    return None if found.value is None or found.whole < FEWEST else Reading(found.value, n=found.whole)


def _month_before(on: date) -> tuple[date, date]:
    """First and last day of the month before a day."""
    last = on.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last
