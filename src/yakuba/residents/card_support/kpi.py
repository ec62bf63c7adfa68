"""The measures the card support offers to the plan board."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from yakuba.kernel.kpi.api import Direction, Reading, measure
from yakuba.kernel.values.api import Text
from yakuba.residents.card_support.queries.counts import figure_on, kept_appointments, supported_people


@measure(
    "card.supported_people",
    title=Text(
        "マイナンバーカードの取得・更新を支援した人数（年度の初めから）",
        easy="マイナンバーカードを 手伝（てつだ）った 人（ひと）の 数（かず）",
        en="People helped with getting or renewing a My Number Card (since 1 April)",
    ),
    definition=Text(
        "窓口の予約と訪問・出張で、申請・交付・更新をした人数を、4月1日からその日まで足したもの。",
        easy="4月（がつ）1日（ついたち）から 手伝（てつだ）った 人（ひと）の 数（かず）です。",
        en="Applications, issues and renewals at appointments and support visits, added up since 1 April.",
    ),
    unit="人",
    direction=Direction.UP,
    how="カードの予約と訪問の結果の記録",
    initiative="1-①",
    drill_down="office-card-counts",
    counts_people=True,
)
def supported(on: date) -> Reading | None:
    """People supported in the fiscal year so far; nothing while nothing is recorded."""
    found = supported_people(on)
    return None if found is None else Reading(found[0], n=found[1])


@measure(
    "card.appointments_kept",
    title=Text(
        "カードの予約のうち来庁した割合",
        easy="カードの 予約（よやく）で 来（き）た 人（ひと）の 割合（わりあい）",
        en="Share of card appointments people came to",
    ),
    definition=Text(
        "前の月の予約（取り消されたものを除く）のうち、本人が来て受け付けたものの割合。",
        easy="前（まえ）の 月（つき）の 予約（よやく）で、来（き）た 人（ひと）の 割合（わりあい）です。",
        en="Of the appointments of the month before that were not cancelled, the share people came to.",
    ),
    unit="%",
    direction=Direction.UP,
    how="カードの予約の来庁・完了・不在の記録",
    initiative="1-①",
    drill_down="office-card-counts",
)
def appointments_kept(on: date) -> Reading | None:
    """The share of the month before; nothing for a month without appointments."""
    last = on.replace(day=1) - timedelta(days=1)
    came, whole = kept_appointments(last.replace(day=1), last)
    return None if not whole else Reading((Decimal(came * 100) / whole).quantize(Decimal("0.1")), n=whole)


@measure(
    "card.holders_share",
    title=Text(
        "マイナンバーカードの保有率",
        easy="マイナンバーカードを もって いる 人（ひと）の 割合（わりあい）",
        en="Share of people holding a My Number Card",
    ),
    definition=Text(
        "公表された保有枚数を人口で割ったもの。職員が日付と出典を付けて入力した、いちばん新しい数。",
        easy="カードの 数（かず）を 町（まち）の 人（ひと）の 数（かず）で わった ものです。",
        en="Published number of cards held divided by the population; the newest figure entered with day and source.",
    ),
    unit="%",
    direction=Direction.UP,
    how="保有枚数の手入力（日付と出典つき）",
    initiative="1-①",
    drill_down="office-card-figures",
)
def holders_share(on: date) -> Reading | None:
    """The newest share; nothing while no figure with a population was entered."""
    found = figure_on(on)
    if found is None or not found.population:
        return None
    return Reading((Decimal(found.cards * 100) / found.population).quantize(Decimal("0.1")), n=found.cards)
