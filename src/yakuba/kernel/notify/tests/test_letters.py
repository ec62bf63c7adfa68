"""Letters: bundled once, printed for the window, posted with their cost, brought back and sent again."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connections
from pypdf import PdfReader

from yakuba.kernel.access.api import NotAllowed, Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.files.api import read_content
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.identity.tests.people import a_section
from yakuba.kernel.jobs.models import Job
from yakuba.kernel.notify import jobs
from yakuba.kernel.notify.models import Bundle, BundlePart, District, Letter
from yakuba.kernel.notify.prints.letters import letters_pdf, sheets_by_mark
from yakuba.kernel.notify.recipients import PostalTo
from yakuba.kernel.notify.rules.letters import BundleOrder, ReturnReason, Service, parts_of
from yakuba.kernel.notify.services.bundles import cancel_bundle, make_bundle, post_bundle
from yakuba.kernel.notify.services.districts import DistrictEntry, replace_districts
from yakuba.kernel.notify.services.write_letter import (
    cancel_letter,
    close_letter,
    hand_letter,
    note_return,
    resend_letter,
)
from yakuba.kernel.notify.tests.arranged import (
    CLOCK,
    IVS,
    PAPER,
    TODAY,
    a_letter,
    by_post,
    protected_now,
    section_staff,
    told,
)
from yakuba.kernel.parameters.models import ParameterValue, ValueState
from yakuba.kernel.values.api import Refusal, TransitionRefused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path) -> Iterator[None]:
    settings.YAKUBA_HOME = tmp_path
    yield


def make(order: BundleOrder = BundleOrder.DISTRICT, service: Service = Service.ORDINARY) -> Bundle:
    return make_bundle(by=section_staff(), section=a_section(), order=order, service=service, clock=CLOCK)


def worked() -> None:
    """Run what was queued for letters, as the worker would."""
    for _ in range(20):
        waiting = list(Job.objects.filter(state="queued", name__in=("notify.sort_bundle", "notify.print_part")))
        if not waiting:
            return
        for work in waiting:
            {"notify.sort_bundle": jobs.sort_bundle, "notify.print_part": jobs.print_part}[work.name](**work.arguments)
            with unaudited_writes("test"):
                Job.objects.filter(pk=work.pk).update(state="done")


def printed(order: BundleOrder = BundleOrder.DISTRICT) -> Bundle:
    bundle = make(order)
    worked()
    bundle.refresh_from_db()
    return bundle


def text_of(part: BundlePart) -> list[str]:
    assert part.file is not None
    return [page.extract_text() for page in PdfReader(io.BytesIO(read_content(part.file))).pages]


@pytest.mark.database
def test_letters_are_bundled_in_the_order_of_districts_with_separator_sheets() -> None:
    replace_districts(
        by=section_staff(None, Role.SECTION_HEAD),
        entries=[DistrictEntry("1", "塔寺区", 1, ("塔寺",)), DistrictEntry("2", "坂下区", 2, ("字市中",))],
    )
    a_letter(1, address="福島県河沼郡会津坂下町字市中一番甲1")
    a_letter(2, address="福島県河沼郡会津坂下町塔寺字見本2")
    a_letter(3, address="福島県見本市見本町1-1")
    a_letter(4, address="福島県河沼郡会津坂下町塔寺字見本1")
    assert list(Letter.objects.order_by("pk").values_list("district", flat=True)) == ["坂下区", "塔寺区", "", "塔寺区"]
    bundle = printed()
    assert bundle.state == "ready"
    (part,) = bundle.parts.all()
    pages = text_of(part)
    assert len(pages) == part.pages == 7, "three separators, four letters"
    assert "塔寺区" in pages[0] and "2通" in pages[0] and "1-001 〜 1-002" in pages[0] and "仕切り紙" in pages[0]
    assert "塔寺字見本1" in pages[1] and "塔寺字見本2" in pages[2]
    assert "坂下区" in pages[3] and "行政区の登録なし" in pages[5]
    marks = list(Letter.objects.order_by("place").values_list("place", "sheets", "state"))
    assert marks == [(place, 1, "bundled") for place in (1, 2, 3, 4)]


def test_by_postal_code_nothing_separates() -> None:
    a_letter(1), a_letter(2)
    (part,) = printed(BundleOrder.POSTAL_CODE).parts.all()
    assert len(text_of(part)) == 2


@pytest.mark.database
def test_a_letter_shows_name_and_address_exactly_where_the_window_is() -> None:
    letter = a_letter(1)
    pdf = letters_pdf([letter], title="見本", printed_at=CLOCK.now())
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    seen: list[tuple[float, float, str]] = []

    def visit(text: str, around: Any, matrix: Any, _font: Any, _size: Any) -> None:
        if text.strip():
            x = matrix[4] * around[0] + matrix[5] * around[2] + around[4]
            y = matrix[4] * around[1] + matrix[5] * around[3] + around[5]
            seen.append((x * 25.4 / 72, 297 - y * 25.4 / 72, text))

    page.extract_text(visitor_text=visit)
    whole = page.extract_text()
    assert f"{IVS}　花子" in whole and "〒969-6547" in whole and "見本荘101号" in whole
    in_window = [(x, y) for x, y, text in seen if 19 <= x <= 106 and 17 <= y <= 51]
    assert len(in_window) >= 4, "postal code, two lines, name"
    assert all(y > 52 for x, y, text in seen if "件名" in text or "本文" in text)
    assert not [text for x, y, text in seen if y < 56 and x < 110 and (x, y) not in in_window], "nothing else shows"


LONG = "福島県河沼郡会津坂下町大字見本" + "見本" * 40 + "12345番地"


def test_a_long_address_is_set_smaller_and_never_cut() -> None:
    name = "Maximilian Alexander Friedrich von und zu Musterhausen 三世 " * 2
    letter = told(
        by_post(name=name[:120].strip(), address=f"{LONG}　見本マンション{'見本' * 30}1234号室"), kind=PAPER
    ).letters.get()
    text = PdfReader(io.BytesIO(letters_pdf([letter], title="x", printed_at=CLOCK.now()))).pages[0].extract_text()
    flat = "".join(text.split())
    assert "12345番地" in flat and "1234号室" in flat and "三世様" in flat.replace("三世三世", "三世")


def test_each_letter_counts_its_own_sheets() -> None:
    told(by_post(), kind=PAPER, key="letter:1", values={"title": "長い", "text": "\n".join(["本文です。" * 20] * 40)})
    a_letter(2)
    (part,) = printed(BundleOrder.POSTAL_CODE).parts.all()
    assert part.file is not None
    assert sorted(sheets_by_mark(read_content(part.file)).values())[0] == 1
    assert sorted(Letter.objects.values_list("sheets", flat=True))[1] > 1
    assert any("/ 1" in page for page in text_of(part))


@pytest.mark.database
def test_posting_gives_each_letter_its_day_and_its_cost(settings) -> None:
    with unaudited_writes("test"):
        ParameterValue.objects.create(
            key="notify.postage_50", value=130, valid_from=TODAY, source="見本の改定", proposed_by="a",
            proposed_name="a", proposed_at=CLOCK.now(), state=ValueState.APPROVED, decided_by="b",
        )  # fmt: skip
    a_letter(1), a_letter(2)
    bundle = printed()
    before = post_bundle(by=section_staff(), bundle=bundle, posted_on=TODAY, clock=CLOCK)
    assert (before.letters, before.yen, before.to_take_out) == (2, 260, ())
    assert set(Letter.objects.values_list("state", "posted_on", "postage")) == {("posted", TODAY, 130)}
    with pytest.raises(TransitionRefused):
        post_bundle(by=section_staff(), bundle=bundle, posted_on=TODAY, clock=CLOCK)


def test_an_earlier_day_costs_what_it_cost_then() -> None:
    with unaudited_writes("test"):
        ParameterValue.objects.create(
            key="notify.postage_50", value=130, valid_from=TODAY, source="見本の改定", proposed_by="a",
            proposed_name="a", proposed_at=CLOCK.now(), state=ValueState.APPROVED, decided_by="b",
        )  # fmt: skip
    a_letter(1)
    posted = post_bundle(by=section_staff(), bundle=printed(), posted_on=TODAY - timedelta(days=1), clock=CLOCK)
    assert posted.yen == 110


@pytest.mark.parametrize("days", [1, -32])
def test_posting_has_a_sensible_day(days: int) -> None:
    a_letter(1)
    with pytest.raises(Refusal, match="発送日"):
        post_bundle(by=section_staff(), bundle=printed(), posted_on=TODAY + timedelta(days=days), clock=CLOCK)


@pytest.mark.database
def test_who_becomes_protected_meanwhile_goes_into_no_bundle_and_out_of_one() -> None:
    for number, name in enumerate(("一郎", "二郎", "三郎"), start=1):
        a_letter(number, name=f"見本　{name}", address=f"福島県河沼郡会津坂下町塔寺{number}")
    protected_now(name="見本　一郎", born_on=None)
    bundle = printed()
    first = Letter.objects.get(name="見本　一郎")
    assert (first.state, first.address_lines, first.part) == ("by_hand", [], None)
    assert "一郎" not in "".join(text_of(bundle.parts.get()))
    protected_now(name="見本　二郎", born_on=None)
    posted = post_bundle(by=section_staff(), bundle=bundle, posted_on=TODAY, clock=CLOCK)
    assert (posted.letters, posted.to_take_out) == (1, ("1-001",))
    second = Letter.objects.get(name="見本　二郎")
    assert second.state == "by_hand" and second.posted_on is None and second.address_lines == []


def test_a_name_no_font_draws_is_left_to_hands_and_the_others_go() -> None:
    a_letter(1, name="見本　\U0010ffff子")
    a_letter(2, name="見本　花子")
    bundle = printed()
    assert bundle.state == "ready"
    odd, plain = Letter.objects.order_by("pk")
    assert (odd.state, plain.state) == ("by_hand", "bundled")
    assert "印刷できない文字" in odd.hand_reason and odd.address_lines, "only of protected people the place goes"
    assert "〓" not in "".join(text_of(bundle.parts.get()))


def test_a_bundle_of_nothing_but_undrawable_names_ends_empty() -> None:
    a_letter(1, name="見本　\U0010ffff子")
    bundle = printed()
    assert bundle.state == "ready" and bundle.parts.get().file is None


def test_a_given_up_bundle_lets_its_letters_wait_again() -> None:
    a_letter(1)
    bundle = printed()
    cancel_bundle(by=section_staff(), bundle=bundle)
    letter = Letter.objects.get()
    assert (letter.state, letter.part, letter.sheets) == ("waiting", None, 0)
    assert printed().pk != bundle.pk and Letter.objects.get().state == "bundled"


def test_one_bundle_at_a_time_and_never_an_empty_one() -> None:
    with pytest.raises(Refusal, match="待っている郵便がありません"):
        make()
    a_letter(1)
    make()
    a_letter(2)
    with pytest.raises(Refusal, match="作っているところ"):
        make()
    with pytest.raises(Refusal, match="待っている郵便がありません"):
        make(service=Service.REGISTERED)


def test_only_the_section_in_charge_bundles_and_posts() -> None:
    a_letter(1)
    stranger = section_staff(a_section("99", "別の課"))
    with pytest.raises(NotAllowed):
        make_bundle(by=stranger, section=a_section(), order=BundleOrder.DISTRICT, service=Service.ORDINARY, clock=CLOCK)
    bundle = printed()
    with pytest.raises(NotAllowed):
        post_bundle(by=stranger, bundle=bundle, posted_on=TODAY, clock=CLOCK)
    with pytest.raises(NotAllowed):
        cancel_bundle(by=stranger, bundle=bundle)


def posted_letter(number: int = 1, **more: Any) -> Letter:
    a_letter(number, **more)
    post_bundle(by=section_staff(), bundle=printed(), posted_on=TODAY, clock=CLOCK)
    return Letter.objects.get(key=f"letter:{number}#post")


@pytest.mark.database
def test_a_returned_letter_is_sent_again_and_stays_linked_to_the_first() -> None:
    letter = posted_letter()
    returned = note_return(
        by=section_staff(), letter=letter, returned_on=TODAY, reason=ReturnReason.MOVED, note="転送不要",
        new_address=PostalTo.of("960-0000", "福島県見本市見本町9　見本荘"), clock=CLOCK,
    )  # fmt: skip
    assert (returned.state, returned.new_address) == ("returned", "福島県見本市見本町9　見本荘")
    again = resend_letter(
        by=section_staff(), letter=returned, address=PostalTo.of("960-0000", "福島県見本市見本町9"),
        service=Service.RECORDED, clock=CLOCK,
    )  # fmt: skip
    assert (again.first, again.title, again.parts) == (letter, letter.title, letter.parts)
    assert (again.state, again.service, again.district) == ("waiting", "recorded", "")
    assert Letter.objects.get(pk=letter.pk).state == "resent"
    with pytest.raises(TransitionRefused):
        resend_letter(
            by=section_staff(), letter=letter, address=PostalTo.of("", "x"), service=Service.ORDINARY, clock=CLOCK
        )
    bundle = make(service=Service.RECORDED)
    worked()
    assert post_bundle(by=section_staff(), bundle=bundle, posted_on=TODAY, clock=CLOCK).yen == 320
    third = note_return(
        by=section_staff(), letter=again, returned_on=TODAY, reason=ReturnReason.UNKNOWN, note="", new_address=None,
        clock=CLOCK,
    )  # fmt: skip
    last = resend_letter(
        by=section_staff(), letter=third, address=PostalTo.of("", "見本市1"), service=Service.ORDINARY, clock=CLOCK
    )
    assert last.first == letter, "always the first one"


def test_a_letter_to_a_protected_person_is_resent_by_hand_only() -> None:
    letter = posted_letter(name="見本　花子")
    note_return(
        by=section_staff(), letter=letter, returned_on=TODAY, reason=ReturnReason.MOVED, note="", new_address=None,
        clock=CLOCK,
    )  # fmt: skip
    protected_now(name="見本　花子", born_on=None)
    letter.refresh_from_db()
    again = resend_letter(
        by=section_staff(), letter=letter, address=PostalTo.of("", "避難先1"), service=Service.ORDINARY, clock=CLOCK
    )
    assert again.state == "by_hand" and "避難先" not in repr(Letter.objects.values().get(pk=again.pk))
    handed = hand_letter(by=section_staff(), letter=again, reason="窓口で渡した", clock=CLOCK)
    assert handed.state == "handed"


def test_every_end_of_a_letter_has_its_reason() -> None:
    waiting = a_letter(1)
    with pytest.raises(Refusal, match="理由"):
        cancel_letter(by=section_staff(), letter=waiting, reason=" ", clock=CLOCK)
    with pytest.raises(NotAllowed):
        cancel_letter(by=section_staff(a_section("99", "別の課")), letter=waiting, reason="x", clock=CLOCK)
    assert cancel_letter(by=section_staff(), letter=waiting, reason="取下げ", clock=CLOCK).state == "cancelled"
    letter = posted_letter(2)
    with pytest.raises(TransitionRefused):
        close_letter(by=section_staff(), letter=letter, reason="x", clock=CLOCK)
    with pytest.raises(Refusal, match="返戻の日"):
        note_return(
            by=section_staff(), letter=letter, returned_on=TODAY - timedelta(days=1), reason=ReturnReason.KEPT,
            note="", new_address=None, clock=CLOCK,
        )  # fmt: skip
    note_return(
        by=section_staff(), letter=letter, returned_on=TODAY, reason=ReturnReason.REFUSED, note="", new_address=None,
        clock=CLOCK,
    )  # fmt: skip
    assert close_letter(by=section_staff(), letter=letter, reason="公示送達", clock=CLOCK).state == "closed"


def killed_in(function: str, ready_prints: dict[int, bytes]) -> None:
    """Run the jobs of letters in a process of its own that is killed where ``function`` would be called.

    The typesetter cannot live through a fork; the process gets prints that were made before, by their first letter.
    """
    connections.close_all()
    child = os.fork()
    if child == 0:

        def die(*args: Any, **kwargs: Any) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        jobs.letters_pdf = lambda letters, **_: ready_prints[letters[0].pk]
        setattr(jobs, function, die)
        worked()
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
@pytest.mark.parametrize("where", ["finish_sorting", "letters_pdf", "keep_print"])
def test_killed_at_any_step_every_letter_is_printed_once(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "parts_of", partial(parts_of, per_part=2))
    for number in range(1, 6):
        a_letter(number, address=f"福島県河沼郡会津坂下町塔寺{number}")
    bundle = make()
    prints: dict[int, bytes] = {}
    if where == "keep_print":
        jobs.sort_bundle(bundle=bundle.public_id)
        for part in bundle.parts.all():
            letters = list(Letter.objects.filter(part=part).select_related("part").order_by("place"))
            prints[letters[0].pk] = letters_pdf(letters, title="x", printed_at=bundle.made_at)
    killed_in(where, prints)
    worked()
    bundle.refresh_from_db()
    assert bundle.state == "ready" and bundle.parts.count() == 3
    pages = [text for part in bundle.parts.all() for text in text_of(part)]
    for number in range(1, 6):
        assert sum(f"塔寺{number}" in text for text in pages) == 1, "no letter twice, none lost"
    assert StoredFile.objects.filter(state="stored").count() == 3, "no print was left over"
    posted = post_bundle(by=section_staff(), bundle=bundle, posted_on=TODAY, clock=CLOCK)
    assert (posted.letters, Letter.objects.filter(state="posted").count()) == (5, 5)


def test_districts_change_names_between_codes() -> None:
    by = section_staff(None, Role.SECTION_HEAD)
    replace_districts(by=by, entries=[DistrictEntry("1", "甲", 1, ("a",)), DistrictEntry("2", "乙", 2, ("b",))])
    replace_districts(by=by, entries=[DistrictEntry("2", "甲", 1, ("b",)), DistrictEntry("3", "乙", 2, ("c",))])
    assert list(District.objects.values_list("code", "name")) == [("2", "甲"), ("3", "乙")]
    with pytest.raises(NotAllowed):
        replace_districts(by=section_staff(), entries=[])
