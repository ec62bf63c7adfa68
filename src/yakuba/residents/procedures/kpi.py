"""The measures online procedures offer to the plan board."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.catalogue.queries.counting import MEASURE, count_on
from yakuba.kernel.catalogue.queries.yearly import table_of
from yakuba.kernel.kpi.api import Direction, Reading, measure
from yakuba.kernel.values.api import FiscalYear, Text


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
