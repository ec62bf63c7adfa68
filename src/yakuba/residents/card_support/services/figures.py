"""Holder figures by hand."""

from __future__ import annotations

from datetime import date

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.residents.card_support.access import require_work
from yakuba.residents.card_support.models import HolderFigure


@verb("card.figure", label="カードの保有枚数の入力")
def enter_figure(
    *, by: Person, on: date, cards: int, population: int | None, source: str, clock: Clock
) -> HolderFigure:
    """Enter how many cards are held on a day, with its source; a second entry for the day corrects the first."""
    require_work(by)
    if on > clock.today():
        raise Refusal("未来の日付です。", field="on", hint="いつ現在の数かを入れてください。")
    if not source.strip():
        raise Refusal("出典が空です。", field="source", hint="どこが公表した数かを書いてください。")
    if population is not None and cards > population:
        raise Refusal("保有枚数が人口より多くなっています。", field="cards", hint="数を確かめてください。")
    return HolderFigure.objects.create(
        on=on,
        cards=cards,
        population=population,
        source=source.strip()[:200],
        entered_by_id=by.staff_id,
        entered_at=clock.now(),
        is_sample=is_sample_town(),
    )
