"""Decisions of notify: channels, retries, order of letters, postage, districts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yakuba.kernel.notify.rules.channels import ByPost, NobodyReached, Reach, chosen_channels
from yakuba.kernel.notify.rules.deliveries import (
    DELIVERY_STATES,
    RETRY_MINUTES,
    DeliveryState,
    masked_mail,
    next_attempt,
)
from yakuba.kernel.notify.rules.districts import DistrictAreas, district_of
from yakuba.kernel.notify.rules.letters import (
    LETTER_STATES,
    BundleOrder,
    LetterState,
    Postage,
    Service,
    Sortable,
    parts_of,
    postage_of,
    sorted_letters,
)
from yakuba.kernel.values.api import Refusal

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TARIFF = Postage(up_to_50=110, up_to_100=180, recorded=210, registered=350)


@pytest.mark.parametrize(
    ("account", "mail", "address", "wishes_post", "by_post", "channels"),
    [
        (True, True, True, False, ByPost.IF_WISHED, ("inbox", "mail")),
        (True, True, True, True, ByPost.IF_WISHED, ("inbox", "mail", "post")),
        (True, True, True, False, ByPost.ALWAYS, ("inbox", "mail", "post")),
        (True, True, True, True, ByPost.NEVER, ("inbox", "mail")),
        (True, False, False, True, ByPost.ALWAYS, ("inbox",)),
        (False, True, True, False, ByPost.IF_WISHED, ("mail",)),
        (False, False, True, False, ByPost.IF_WISHED, ("post",)),
        (False, False, True, False, ByPost.ALWAYS, ("post",)),
    ],
)
def test_channels_follow_wish_possibility_and_kind(
    account: bool, mail: bool, address: bool, wishes_post: bool, by_post: ByPost, channels: tuple[str, ...]
) -> None:
    reach = Reach(account, mail, address, wishes_mail=True, wishes_post=wishes_post)
    assert chosen_channels(reach, by_post) == channels


def test_who_wants_no_mail_gets_none_unless_it_is_the_only_way() -> None:
    assert chosen_channels(Reach(True, True, False, wishes_mail=False), ByPost.NEVER) == ("inbox",)
    assert chosen_channels(Reach(False, True, False, wishes_mail=False), ByPost.NEVER) == ("mail",)
    assert chosen_channels(Reach(True, False, False, others=("line",)), ByPost.NEVER) == ("inbox", "line")


@pytest.mark.parametrize("by_post", [ByPost.NEVER, ByPost.IF_WISHED, ByPost.ALWAYS])
def test_nobody_is_told_into_the_void(by_post: ByPost) -> None:
    with pytest.raises(NobodyReached):
        chosen_channels(Reach(False, False, False), by_post)
    with pytest.raises(NobodyReached):
        chosen_channels(Reach(False, False, True), ByPost.NEVER)


def test_a_delivery_is_tried_for_about_three_days() -> None:
    waits = [next_attempt(attempts=n, now=NOW) - NOW for n in range(1, len(RETRY_MINUTES) + 1)]
    assert waits == sorted(waits) and timedelta(days=2) < sum(waits, timedelta()) < timedelta(days=4)
    assert next_attempt(attempts=len(RETRY_MINUTES) + 1, now=NOW) is None


def test_nothing_leads_out_of_a_bounce_and_a_posted_letter_never_waits_again() -> None:
    assert DELIVERY_STATES.final == {DeliveryState.BOUNCED, DeliveryState.CANCELLED}
    assert not LETTER_STATES.allows(LetterState.POSTED, LetterState.WAITING)
    assert not LETTER_STATES.allows(LetterState.BY_HAND, LetterState.BUNDLED)


@pytest.mark.parametrize(
    ("mail", "masked"), [("hanako@example.jp", "h…@example.jp"), ("x", "—"), ("@example.jp", "—"), ("", "—")]
)
def test_a_log_shows_no_whole_mail_address(mail: str, masked: str) -> None:
    assert masked_mail(mail) == masked


def letter(key: int, district: str = "", code: str = "9696547", address: str = "", name: str = "") -> Sortable:
    return Sortable(key, district, code, address, name)


def test_letters_lie_in_the_order_of_districts_and_along_the_street() -> None:
    districts = {"塔寺": 0, "坂下": 1}
    letters = [
        letter(1, "坂下", address="字市中二番"), letter(2, "", address="福島市"), letter(3, "塔寺", address="乙"),
        letter(4, "知らない区"), letter(5, "坂下", address="字市中一番"), letter(6, "塔寺", "9696511"),
    ]  # fmt: skip
    order = [one.key for one in sorted_letters(letters, BundleOrder.DISTRICT, districts)]
    assert order == [6, 3, 5, 1, 4, 2], "unknown districts behind, letters without any last"
    by_code = [one.postal_code for one in sorted_letters([*letters, letter(7, code="")], BundleOrder.POSTAL_CODE, {})]
    assert by_code == [*sorted(by_code[:-1]), ""]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(["塔寺", "坂下", ""]), max_size=60),
    st.integers(1, 7),
    st.sampled_from(BundleOrder),
)
def test_every_letter_is_in_exactly_one_part_and_under_one_heading(
    districts: list[str], per_part: int, order: BundleOrder
) -> None:
    letters = sorted_letters([letter(key, name) for key, name in enumerate(districts)], order, {"塔寺": 0, "坂下": 1})
    parts = parts_of(letters, order, per_part=per_part)
    assert [key for part in parts for key in part.letters] == [one.key for one in letters]
    assert all(0 < len(part.letters) <= per_part for part in parts)
    for part in parts:
        if order is BundleOrder.DISTRICT:
            assert sum(count for _, _, count in part.separators) == len(part.letters)
            places = [place for place, _, _ in part.separators]
            assert places[0] == 0 and places == sorted(set(places))
        else:
            assert part.separators == ()


def test_a_heading_that_goes_on_is_said_again() -> None:
    parts = parts_of([letter(key, "塔寺") for key in range(3)], BundleOrder.DISTRICT, per_part=2)
    assert [part.separators for part in parts] == [((0, "塔寺", 2),), ((0, "塔寺（つづき）", 1),)]


@pytest.mark.parametrize(
    ("sheets", "service", "yen"),
    [
        (1, Service.ORDINARY, 110),
        (11, Service.ORDINARY, 110),
        (12, Service.ORDINARY, 180),
        (23, Service.ORDINARY, 180),
        (1, Service.RECORDED, 320),
        (1, Service.REGISTERED, 460),
    ],
)
def test_postage_follows_weight_and_service(sheets: int, service: Service, yen: int) -> None:
    assert postage_of(sheets, service, TARIFF) == yen


def test_a_letter_too_heavy_for_its_envelope_is_refused() -> None:
    with pytest.raises(Refusal, match="長形3号"):
        postage_of(24, Service.ORDINARY, TARIFF)


DISTRICTS = [
    DistrictAreas("塔寺", ("塔寺", "大字気多宮")),
    DistrictAreas("一区", ("字市中一番甲",)),
    DistrictAreas("全体", ("字市中",)),
]


@pytest.mark.parametrize(
    ("address", "district"),
    [
        ("福島県河沼郡会津坂下町塔寺字見本1番地", "塔寺"),
        ("会津坂下町大字塔寺1", "塔寺"),
        ("河沼郡会津坂下町気多宮字見本3", "塔寺"),
        ("会津坂下町字市中一番甲3662", "一区"),
        ("会津坂下町市中二番甲1", "全体"),
        ("会津坂下町勝大1", ""),
        ("福島市塔寺1", ""),
        ("", ""),
    ],
)
def test_the_longest_area_wins_and_other_towns_have_none(address: str, district: str) -> None:
    assert district_of(address, DISTRICTS, town="会津坂下町") == district
