"""Satisfaction against importance."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from yakuba.plan.rules.survey import Answers, Item, Quadrant, place_in_quadrants

D = Decimal


def item(key, satisfaction, importance, answered=500):
    return Item(key, key, D(satisfaction), D(importance), answered)


def test_the_share_counts_the_two_best_steps_over_all_who_answered():
    answers = Answers((120, 323, 300, 157, 100), blank=77)
    assert answers.answered == 1000
    assert answers.share == D("44.3")


def test_nobody_answering_gives_no_share():
    assert Answers((0, 0, 0, 0, 0), blank=9).share is None


def test_items_fall_into_the_quadrants_around_the_means():
    chart = place_in_quadrants(
        [item("手続き", "44.3", "76.9"), item("水道", "80", "80"), item("広報", "70", "40"), item("観光", "30", "30")]
    )
    assert chart is not None
    assert {one.item.key: one.quadrant for one in chart.placed} == {
        "手続き": Quadrant.IMPROVE_FIRST,
        "水道": Quadrant.KEEP,
        "広報": Quadrant.ENOUGH,
        "観光": Quadrant.WATCH,
    }
    assert (chart.satisfaction_border, chart.importance_border) == (D("56.075"), D("56.725"))


def test_the_gap_is_what_people_want_and_do_not_have():
    assert item("手続き", "44.3", "76.9").gap == D("32.6")


def test_a_share_of_few_people_is_not_public():
    assert not item("x", 50, 50, answered=9).may_be_public
    assert item("x", 50, 50, answered=10).may_be_public


def test_no_items_make_no_chart():
    assert place_in_quadrants([]) is None


_shares = st.decimals(0, 100, places=1)


@given(st.lists(st.tuples(_shares, _shares), min_size=1, max_size=30))
def test_every_item_is_placed_once_and_the_best_one_is_never_to_be_improved_first(pairs):
    items = [item(str(n), *pair) for n, pair in enumerate(pairs)]
    chart = place_in_quadrants(items)
    assert chart is not None and [one.item for one in chart.placed] == items
    best = max(chart.placed, key=lambda one: one.item.satisfaction)
    assert best.quadrant in (Quadrant.KEEP, Quadrant.ENOUGH)
