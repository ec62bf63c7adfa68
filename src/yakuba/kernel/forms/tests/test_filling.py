"""What a person types is kept from page to page, and sending it twice gives one set of answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from yakuba.kernel.access.api import VISITOR, Person, PersonKind
from yakuba.kernel.approval.tests.town_hall import CLOCK
from yakuba.kernel.files.api import Limits, receive_file
from yakuba.kernel.forms.api import (
    AlreadySent,
    ChangedMeanwhile,
    Incomplete,
    NotOpen,
    add_file,
    add_row,
    answer_page,
    begin_filling,
    evaluation_of,
    find_filling,
    finish_filling,
    give_up_filling,
    remove_file,
    remove_row,
    typed_of,
)
from yakuba.kernel.forms.fillings import answers_of
from yakuba.kernel.forms.models import AnswerSet, Filling, FillingState
from yakuba.kernel.forms.services import close_version, forget_fillings
from yakuba.kernel.forms.tests.example import complete_answers
from yakuba.kernel.forms.tests.test_versions import author, draft, hall, published  # noqa: F401  (fixtures)
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.values.api import FixedClock, Refusal

ME = Person(id="resident1", name="見本 花子", kind=PersonKind.RESIDENT)
GUARDIAN = complete_answers()["guardian"]


@pytest.fixture
def live(hall, draft) -> Any:  # noqa: F811
    return published(hall, draft)


def begun(version, by=VISITOR, **known: Any):
    return begin_filling(
        by=by, version=version, about="child-care", language="ja", facts={"channel": "online"}, known=known, clock=CLOCK
    )


def typed(**values: Any) -> dict[str, list[str]]:
    return {name.replace("__", "."): value if isinstance(value, list) else [value] for name, value in values.items()}


def answer(filling: Filling, step: str, by=VISITOR, **values: Any):
    filling.refresh_from_db()
    return answer_page(
        by=by,
        filling=filling,
        seen_edition=filling.edition,
        steps=(step,),
        typed=typed(**values),
        position=step,
        clock=CLOCK,
    )


WHO = {
    "guardian__family": "見本",
    "guardian__given": "花子",
    "guardian__family_kana": "みほん",
    "guardian__given_kana": "はなこ",
    "works": "no",
}


def filled(version) -> Filling:
    filling = begun(version).filling
    answer(filling, "who", **WHO)
    filling = add_row(by=VISITOR, filling=filling, group="children", clock=CLOCK)
    answer(
        filling,
        "children",
        children__rows="1",
        children__0__name="一郎",
        children__0__birth="H30.5.1",
        children__0__allergy="no",
    )
    account = {f"account__{part}": value for part, value in complete_answers()["account"].items()}
    answer(filling, "money", **account)
    filling.refresh_from_db()
    return filling


def test_answers_come_together_page_by_page_and_are_sent(live) -> None:
    filling = filled(live)
    assert evaluation_of(filling, clock=CLOCK).is_complete
    answer_set = finish_filling(by=VISITOR, filling=filling, clock=CLOCK)
    assert answer_set.every_answer()["children"] == [{"name": "一郎", "birth": "2018-05-01", "allergy": False}]
    assert answer_set.fee == 4000
    assert answer_set.sources["works"] == "typed"


def test_sensitive_answers_and_accounts_lie_sealed(live) -> None:
    answer_set = finish_filling(by=VISITOR, filling=filled(live), clock=CLOCK)
    assert "account" not in answer_set.answers and "children" not in answer_set.answers
    assert "見本銀行" not in answer_set.sealed
    filling = Filling.objects.get(answer_set=answer_set)
    assert (filling.answers, filling.typed) == ("", "")


def test_sending_twice_gives_the_same_set(live) -> None:
    filling = filled(live)
    once = finish_filling(by=VISITOR, filling=filling, clock=CLOCK)
    assert finish_filling(by=VISITOR, filling=filling, clock=CLOCK) == once
    assert AnswerSet.objects.count() == 1


def test_what_was_typed_wrongly_is_kept_as_typed(live) -> None:
    filling = begun(live).filling
    reading = answer(filling, "who", **{**WHO, "guardian__given_kana": "123"})
    assert [one.code for one in reading.faults["guardian"]] == ["name_kana"]
    filling.refresh_from_db()
    assert typed_of(filling)["guardian.family"] == ["見本"]
    assert answers_of(filling) == {"works": False}
    answer(filling, "who", **WHO)
    filling.refresh_from_db()
    assert not typed_of(filling)


def test_a_my_number_is_neither_accepted_nor_kept_in_the_open(live) -> None:
    filling = begun(live).filling
    reading = answer(filling, "who", **{**WHO, "guardian__family": "123456789018"})
    assert "my_number" in [one.code for one in reading.faults["guardian"]]
    filling.refresh_from_db()
    assert "123456789018" not in str(typed_of(filling))


def test_names_the_form_does_not_know_are_not_kept(live) -> None:
    filling = begun(live).filling
    answer(filling, "who", **{**WHO, "guardian__given_kana": "1", "evil": "x" * 100, "children__0__name": "y"})
    filling.refresh_from_db()
    assert not {"evil", "children.0.name"} & set(typed_of(filling))


def test_a_page_from_another_window_is_not_taken(live) -> None:
    filling = begun(live).filling
    old = filling.edition
    answer(filling, "who", **WHO)
    with pytest.raises(ChangedMeanwhile):
        answer_page(
            by=VISITOR, filling=filling, seen_edition=old, steps=("who",), typed={}, position="who", clock=CLOCK
        )


def test_rows_come_and_go_and_keep_their_files(live) -> None:
    filling = begun(live).filling
    for _ in range(3):
        filling = add_row(by=VISITOR, filling=filling, group="children", clock=CLOCK)
    with pytest.raises(Refusal, match="3件まで"):
        add_row(by=VISITOR, filling=filling, group="children", clock=CLOCK)
    file = receive_file(
        by=VISITOR,
        stream=b"\x89PNG\r\n\x1a\n" + _png(),
        filename="a.png",
        clock=CLOCK,
        owner=ref_of(filling),
        limits=Limits(),
    )
    add_file(by=VISITOR, filling=filling, path="children.2.certificate", file=file, clock=CLOCK)
    filling = remove_row(by=VISITOR, filling=filling, group="children", number=0, clock=CLOCK)
    assert answers_of(filling)["children"][1] == {"certificate": [file.public_id]}
    filling = remove_file(
        by=VISITOR, filling=filling, path="children.1.certificate", file_id=file.public_id, clock=CLOCK
    )
    assert answers_of(filling)["children"] == [{}, {}]


def _png() -> bytes:
    from io import BytesIO

    from PIL import Image

    kept = BytesIO()
    Image.new("RGB", (4, 4), "red").save(kept, "PNG")
    return kept.getvalue()[8:]


def test_a_file_of_another_filling_is_refused(live) -> None:
    mine, other = begun(live).filling, begun(live).filling
    mine = add_row(by=VISITOR, filling=mine, group="children", clock=CLOCK)
    file = receive_file(
        by=VISITOR,
        stream=b"\x89PNG\r\n\x1a\n" + _png(),
        filename="a.png",
        clock=CLOCK,
        owner=ref_of(other),
        limits=Limits(),
    )
    with pytest.raises(Refusal, match="この入力のものではありません"):
        add_file(by=VISITOR, filling=mine, path="children.0.certificate", file=file, clock=CLOCK)
    for path in ("guardian", "children.9.certificate", "nothing", "children.x.certificate", "children.0.name"):
        with pytest.raises(Refusal):
            remove_file(by=VISITOR, filling=mine, path=path, file_id=file.public_id, clock=CLOCK)


def test_known_values_fill_the_form_and_say_where_they_come_from(live) -> None:
    filling = begun(live, **{"profile.name": (GUARDIAN, "profile")}).filling
    assert answers_of(filling) == {"guardian": GUARDIAN}
    assert filling.sources == {"guardian": "profile"}
    answer(filling, "who", **WHO)
    filling.refresh_from_db()
    assert filling.sources["guardian"] == "profile", "the same answer keeps its source"
    answer(filling, "who", **{**WHO, "guardian__family": "別"})
    filling.refresh_from_db()
    assert filling.sources["guardian"] == "typed"


def test_a_known_value_of_the_wrong_shape_is_left_out(live) -> None:
    assert not answers_of(begun(live, **{"profile.name": ("太郎", "profile")}).filling)


def test_only_key_or_account_lead_back(live) -> None:
    made = begun(live)
    assert find_filling(made.filling.public_id, key=made.key) == made.filling
    assert find_filling(made.filling.public_id, key="wrong") is None
    assert find_filling(made.filling.public_id) is None
    mine = begun(live, by=ME)
    assert find_filling(mine.filling.public_id, account_id=ME.id) == mine.filling
    assert find_filling(mine.filling.public_id, account_id="other") is None


def test_what_is_incomplete_is_not_sent(live) -> None:
    filling = begun(live).filling
    with pytest.raises(Incomplete) as refusal:
        finish_filling(by=VISITOR, filling=filling, clock=CLOCK)
    assert refusal.value.field == "guardian"


def test_what_was_begun_before_the_end_may_still_be_sent(hall, live) -> None:  # noqa: F811
    filling = filled(live)
    close_version(by=author(hall), version=live, clock=CLOCK)
    with pytest.raises(NotOpen):
        begun(live)
    filling.refresh_from_db()
    assert finish_filling(by=VISITOR, filling=filling, clock=CLOCK)


def test_a_full_form_takes_nothing_more(hall, draft) -> None:  # noqa: F811
    live = published(hall, draft, capacity=1)
    first, second = filled(live), filled(live)
    finish_filling(by=VISITOR, filling=first, clock=CLOCK)
    with pytest.raises(NotOpen, match="定員"):
        finish_filling(by=VISITOR, filling=second, clock=CLOCK)


def test_given_up_is_gone(live) -> None:
    made = begun(live, by=ME)
    answer(made.filling, "who", by=ME, **WHO)
    give_up_filling(by=ME, filling=made.filling, clock=CLOCK)
    kept = Filling.objects.get(pk=made.filling.pk)
    assert (kept.answers, kept.account_id, kept.key_digest, kept.state) == ("", "", "", FillingState.GIVEN_UP)
    assert find_filling(kept.public_id, key=made.key, account_id=ME.id) is None
    with pytest.raises(AlreadySent):
        answer(made.filling, "who", **WHO)


def test_after_three_months_nothing_personal_is_left(live) -> None:
    made = begun(live, by=ME)
    answer(made.filling, "who", by=ME, **WHO)
    later = FixedClock(CLOCK.today() + timedelta(days=91))
    assert forget_fillings(by=ME, clock=later) == 1
    assert Filling.objects.get(pk=made.filling.pk).answers == ""
    assert forget_fillings(by=ME, clock=later) == 0
