"""Charts of several series, and of one value after the other."""

from __future__ import annotations

from typing import Any

import pytest

from yakuba.kernel.ui.charts import Stack, stack_chart, trend_chart


def stacked(*stacks: Stack, series: tuple[str, ...] = ("貸出中", "返却済"), **more: Any) -> Any:
    return stack_chart(title="月ごと", unit="件", series=series, stacks=stacks, total_words="合計", **more)


def test_a_stack_says_every_part_and_the_whole() -> None:
    chart = stacked(Stack("4月", (3, 4)), Stack("5月", (0, 2)))
    assert chart.heads == ("項目", "貸出中", "返却済", "合計（件）")
    assert chart.rows == (("4月", "3", "4", "7"), ("5月", "0", "2", "2"))
    assert len(chart.legend) == 2 and "7件" in chart.wide and "<desc>4月 7件、5月 2件</desc>" in chart.narrow


def test_a_stack_escapes_what_people_wrote() -> None:
    chart = stacked(Stack("<script>", (1, 1)), series=("<b>", "&"))
    assert "<script>" not in chart.wide and "&lt;script&gt;" in chart.wide


@pytest.mark.parametrize(
    "stacks", [(Stack("4月", (1,)),), (Stack("4月", (-1, 2)),), (Stack("4月", (float("nan"), 1)),)]
)
def test_a_stack_refuses_what_makes_up_no_whole(stacks: tuple[Stack, ...]) -> None:
    with pytest.raises(ValueError):
        stacked(*stacks)


def test_nothing_to_stack_is_an_empty_chart() -> None:
    assert "項目はありません。" in stacked(series=()).wide


def test_a_trend_leaves_a_gap_where_nothing_was_counted() -> None:
    chart = trend_chart(title="月ごと", unit="件", points=[("4月", 3), ("5月", None), ("6月", 5)], value_words="件数")
    assert chart.rows == (("4月", "3"), ("5月", "—"), ("6月", "5"))
    assert chart.heads == ("項目", "件数（件）") and chart.wide.count("<path") == 2 and "5月 未計測" in chart.wide


@pytest.mark.parametrize("points", [[], [("4月", 3)], [(f"{n}", n) for n in range(60)]])
def test_a_trend_is_drawn_for_any_number_of_points(points: list[tuple[str, int]]) -> None:
    assert "<svg" in trend_chart(title="月ごと", unit="", points=points, language="en").narrow
