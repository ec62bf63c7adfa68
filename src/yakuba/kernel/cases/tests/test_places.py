"""Places of a 申込."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.access.api import system_person
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.models import Case, Draw, Handling
from yakuba.kernel.cases.rules.places import Lot, drawn_order, lot_of
from yakuba.kernel.cases.services import apply_draw, cancel_place, decide_place, draw_lots, move_up, withdraw_case
from yakuba.kernel.cases.tests.world import CLOCK, HANAKO
from yakuba.kernel.values.api import Refusal, TransitionRefused


def places(world, count: int, mode: str) -> Handling:
    with unaudited_writes("test"):
        return Handling.objects.create(
            procedure=world.procedures["sign_up"],
            act_kind="other",
            places=count,
            sign_up_mode=mode,
            changed_at=CLOCK.now(),
            changed_name="x",
        )


def states() -> list[str]:
    return list(Case.objects.order_by("number").values_list("state", flat=True))


def test_first_come_first_served_and_then_the_waiting_list_in_order(world) -> None:
    places(world, 2, "first_come")
    cases = [world.submit("sign_up") for _ in range(4)]
    assert states() == ["confirmed", "confirmed", "waitlisted", "waitlisted"]
    assert [one.queue_rank for one in Case.objects.order_by("number")] == [None, None, 1, 2]
    clerk = world.clerk()
    assert move_up(by=clerk, procedure=cases[0].procedure, clock=CLOCK) is None
    withdraw_case(by=HANAKO, case=cases[0], reason="", clock=CLOCK)
    assert world.submit("sign_up").state == "waitlisted"  # a free place belongs to who waits
    assert move_up(by=clerk, procedure=cases[0].procedure, clock=CLOCK) == cases[2]
    assert states() == ["declined", "confirmed", "confirmed", "waitlisted", "waitlisted"]


def test_a_clerk_never_confirms_more_than_there_are_places(world) -> None:
    places(world, 1, "by_clerk")
    one, two = world.submit("sign_up"), world.submit("sign_up")
    decide_place(by=world.clerk(), case=one, lot=Lot.CONFIRMED, clock=CLOCK)
    with pytest.raises(Refusal, match="定員"):
        decide_place(by=world.clerk(), case=two, lot=Lot.CONFIRMED, clock=CLOCK)
    decide_place(by=world.clerk(), case=two, lot=Lot.WAITLISTED, clock=CLOCK)
    assert states() == ["confirmed", "waitlisted"]
    with pytest.raises(TransitionRefused):
        decide_place(by=world.clerk(), case=one, lot=Lot.LOST, clock=CLOCK)


def test_a_draw_is_stored_with_its_order_and_told_case_by_case(world) -> None:
    places(world, 2, "lottery")
    cases = [world.submit("sign_up") for _ in range(5)]
    assert states() == ["received"] * 5
    withdraw_case(by=HANAKO, case=cases[4], reason="", clock=CLOCK)
    draw = draw_lots(by=world.clerk(), procedure=cases[0].procedure, reserves=1, clock=CLOCK)
    assert set(draw.order) == {one.public_id for one in cases[:4]}
    assert tuple(draw.order) == drawn_order(draw.seed, reversed(draw.order))
    with pytest.raises(Refusal, match="反映している"):
        draw_lots(by=world.clerk(), procedure=cases[0].procedure, reserves=1, clock=CLOCK)
    apply_draw(by=system_person("jobs"), draw=draw, clock=CLOCK)
    apply_draw(by=system_person("jobs"), draw=draw, clock=CLOCK)
    by_id = {one.public_id: one.state for one in Case.objects.all()}
    assert [by_id[one] for one in draw.order] == ["confirmed", "confirmed", "waitlisted", "lost"]
    assert Draw.objects.get().applied == 4


def test_only_the_section_draws(world) -> None:
    places(world, 2, "lottery")
    case = world.submit("sign_up")
    for by in (HANAKO, world.clerk("財政 主事")):
        with pytest.raises(PermissionDenied):
            draw_lots(by=by, procedure=case.procedure, reserves=0, clock=CLOCK)


def test_the_town_cancels_with_a_reason_that_is_told(world) -> None:
    case = world.submit("sign_up")
    with pytest.raises(Refusal):
        cancel_place(by=world.clerk(), case=case, reason=" ", clock=CLOCK)
    cancel_place(by=world.clerk(), case=case, reason="大雪のため中止", clock=CLOCK)
    assert Case.objects.get().events.last().resident_words.endswith("大雪のため中止")


@given(st.text(max_size=8), st.sets(st.text(min_size=1, max_size=4), max_size=20), st.integers(0, 9), st.integers(0, 5))
def test_a_draw_gives_every_place_once(seed, ids, count, reserves) -> None:
    order = drawn_order(seed, ids)
    assert set(order) == ids
    assert drawn_order(seed, sorted(ids)) == order
    lots = [lot_of(rank, places=count, reserves=reserves) for rank in range(len(order))]
    assert lots.count(Lot.CONFIRMED) == min(count, len(ids))
    assert lots.count(Lot.WAITLISTED) == min(reserves, max(len(ids) - count, 0))
