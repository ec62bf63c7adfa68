"""The decisions of the organisation, without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.organisation.rules import appointments, employment, heirs, postings, sections
from yakuba.kernel.organisation.rules.days import check_day
from yakuba.kernel.values.api import Period, Refusal

APRIL = date(2027, 4, 1)
SINCE = Period(date(2020, 4, 1))


def held(key: int, start: date, end: date | None = None, *, main: bool = True, section: int = 1, post: int = 1):
    return postings.HeldPosting(
        key=key, section=section, post=post, period=Period(start, end), is_main=main, where="総務課 主事"
    )


def refused(field: str | None = None):
    return pytest.raises(Refusal, check=lambda refusal: refusal.field == field and bool(refusal.hint))


@given(
    first=st.dates(date(2021, 1, 1), date(2030, 1, 1)),
    length=st.integers(1, 900),
    second=st.dates(date(2021, 1, 1), date(2030, 1, 1)),
    other_length=st.one_of(st.none(), st.integers(1, 900)),
)
def test_two_main_postings_never_share_a_day(first, length, second, other_length):
    known = held(1, first, first + timedelta(days=length), section=1)
    new = held(None, second, None if other_length is None else second + timedelta(days=other_length), section=2)
    days = {first + timedelta(days=n) for n in range(length)}
    shared = any(second <= day and (new.period.end is None or day < new.period.end) for day in days)
    check = lambda: postings.check_posting(  # noqa: E731
        new, [known], service=SINCE, section_life=SINCE, section_name="産業課"
    )
    if shared:
        with refused("starts_on"):
            check()
    else:
        check()


def test_a_concurrent_posting_may_stand_beside_the_main_one_but_not_twice():
    main = held(1, APRIL, section=1)
    concurrent = held(None, APRIL, main=False, section=2)
    postings.check_posting(concurrent, [main], service=SINCE, section_life=SINCE, section_name="産業課")
    with refused("section"):
        postings.check_posting(
            concurrent,
            [main, held(2, APRIL, main=False, section=2)],
            service=SINCE,
            section_life=SINCE,
            section_name="産業課",
        )


@pytest.mark.parametrize(
    ("service", "life", "field"),
    [
        (Period(date(2020, 4, 1), APRIL), SINCE, "starts_on"),
        (SINCE, Period(APRIL + timedelta(days=1)), "section"),
        (SINCE, Period(date(2020, 4, 1), date(2028, 4, 1)), "section"),
    ],
)
def test_a_posting_stays_inside_the_service_and_the_life_of_the_section(service, life, field):
    with refused(field):
        postings.check_posting(held(None, APRIL), [], service=service, section_life=life, section_name="総務課")


def test_a_transfer_ends_the_main_posting_on_the_day_the_new_one_begins():
    plan = postings.transfer(main=[held(7, date(2020, 4, 1))], section=2, post=1, on=APRIL, service=SINCE)
    assert (plan.ends, plan.period) == (7, Period(APRIL))


@pytest.mark.parametrize(
    ("main", "section", "field"),
    [
        ([held(1, date(2020, 4, 1), section=2)], 2, "section"),
        ([held(1, date(2020, 4, 1), APRIL), held(2, APRIL, section=3)], 2, "on"),
        ([held(1, date(2020, 4, 1), date(2028, 4, 1)), held(2, date(2028, 4, 1), section=3)], 2, "on"),
    ],
)
def test_a_transfer_that_changes_nothing_or_meets_a_later_posting_is_refused(main, section, field):
    with refused(field):
        postings.transfer(main=main, section=section, post=1, on=APRIL, service=SINCE)


def test_a_posting_that_only_continues_an_older_one_gives_way_to_a_transfer_on_the_same_day():
    carried = postings.HeldPosting(key=2, section=9, post=1, period=Period(APRIL), is_main=True, is_carried=True)
    plan = postings.transfer(
        main=[held(1, date(2020, 4, 1), APRIL), carried], section=2, post=1, on=APRIL, service=SINCE
    )
    assert plan.ends == 2


def test_only_a_concurrent_posting_is_ended_by_itself_and_only_earlier_than_known():
    period = Period(APRIL, date(2028, 4, 1))
    assert postings.check_end(is_main=False, period=period, last_day=date(2027, 9, 30)) == date(2027, 10, 1)
    for is_main, last_day in ((True, date(2027, 9, 30)), (False, date(2028, 3, 31)), (False, date(2027, 3, 31))):
        with refused("last_day"):
            postings.check_end(is_main=is_main, period=period, last_day=last_day)


@pytest.mark.parametrize(("text", "number"), [("１０２４", "1024"), (" A-12 ", "A-12"), ("0007", "0007")])
def test_a_staff_number_is_tidied_and_keeps_its_zeros(text, number):
    assert employment.tidy_number(text) == number


@pytest.mark.parametrize("text", ["", "１２ ３", "=1+1", "1" * 21, "十", "<b>", "12\x00"])
def test_what_is_no_staff_number_is_refused(text):
    with refused("number"):
        employment.tidy_number(text)


def test_a_name_keeps_its_exact_characters():
    assert employment.tidy_name("　髙\U000e0100橋　花子 ") == "髙\U000e0100橋　花子"
    for text in ("", "　", "a" * 81, "山田\n太郎"):
        with refused("name"):
            employment.tidy_name(text)


def test_fiscal_year_staff_have_a_term_inside_one_fiscal_year():
    with refused("last_day"):
        employment.check_service(employment="fiscal_year", joined_on=APRIL, leaves_on=None)
    employment.check_first_term(employment="fiscal_year", joined_on=APRIL, leaves_on=date(2028, 4, 1))
    with refused("last_day"):
        employment.check_first_term(employment="fiscal_year", joined_on=APRIL, leaves_on=date(2028, 4, 2))
    assert employment.renewal(employment="fiscal_year", leaves_on=date(2028, 4, 1), last_day=date(2029, 3, 31)) == date(
        2029, 4, 1
    )
    with refused("last_day"):
        employment.renewal(employment="fiscal_year", leaves_on=date(2028, 4, 1), last_day=date(2029, 4, 1))


@pytest.mark.parametrize(
    ("leaves_on", "last_day"), [(None, date(2020, 3, 31)), (APRIL, APRIL), (APRIL, date(2028, 3, 31))]
)
def test_a_leaving_before_the_service_or_after_its_known_end_is_refused(leaves_on, last_day):
    with refused("last_day"):
        employment.check_leaving(joined_on=date(2020, 4, 1), leaves_on=leaves_on, last_day=last_day)


@pytest.mark.parametrize("known_end", [None, APRIL, date(2028, 4, 1)])
def test_the_first_day_out_of_service_follows_the_last_day(known_end):
    last_day = date(2027, 3, 31)
    assert employment.check_leaving(joined_on=date(2020, 4, 1), leaves_on=known_end, last_day=last_day) == APRIL


@pytest.mark.parametrize(
    ("kind", "parent", "fits"),
    [
        ("unit", "section", True),
        ("unit", "facility", True),
        ("section", "department", True),
        ("section", None, True),
        ("facility", "section", True),
        ("unit", None, False),
        ("department", "department", False),
        ("section", "section", False),
        ("facility", "unit", False),
    ],
)
def test_which_kind_of_section_stands_below_which(kind, parent, fits):
    if fits:
        sections.check_kind_under(kind, parent)
    else:
        with refused("parent"):
            sections.check_kind_under(kind, parent)


def standing(key: int, code: str, name: str, *, parent: int | None = None, kind: str = "section", period=SINCE):
    return sections.StandingSection(key=key, code=code, name=name, kind=kind, parent=parent, period=period)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (standing(9, "01", "新しい課"), "code"),
        (standing(9, "09", "総 務 課"), "name"),
        (standing(9, "09", "新しい班", kind="unit", parent=77), "parent"),
        (standing(9, "09", "新しい班", kind="unit", parent=1, period=Period(date(2019, 4, 1))), "parent"),
    ],
)
def test_a_section_needs_a_free_code_a_free_name_and_a_parent_that_exists_all_the_time(new, field):
    with refused(field):
        sections.check_standing(new, [standing(1, "01", "総務課"), standing(2, "02", "財政課")])


def test_code_and_name_are_free_again_once_their_section_has_ended():
    ended = standing(1, "01", "総務課", period=Period(date(2020, 4, 1), APRIL))
    sections.check_standing(standing(9, "01", "総務課", period=Period(APRIL)), [ended])


def test_walking_up_never_comes_back():
    with refused("parent"):
        sections.check_no_circle(1, {1: 2, 2: 3, 3: 1})
    sections.check_no_circle(1, {1: 2, 2: 3, 3: None})


def test_a_split_names_a_successor_for_everybody():
    sections.check_split(staff=[1, 2], units=[-5], goes={1: 0, 2: 1, -5: 0}, count=2)
    for goes, count, field in (
        ({1: 0}, 2, "goes"),
        ({1: 0, 2: 2, -5: 0}, 2, "goes"),
        ({1: 0, 2: 0, -5: 0}, 1, "successors"),
    ):
        with refused(field):
            sections.check_split(staff=[1, 2], units=[-5], goes=goes, count=count)


def grant(key, role, start=APRIL, end=None):
    return appointments.Held(key=key, what=role, period=Period(start, end), words=role)


def test_a_role_needs_a_ground_and_is_not_given_twice_or_to_oneself():
    appointments.check_grant(grant(None, "it"), [grant(1, "personnel")], service=SINCE, ground="辞令")
    for new, known, ground, oneself, field in (
        (grant(None, "it"), [], "　", False, "ground"),
        (grant(None, "it"), [], "根" * 201, False, "ground"),
        (grant(None, "it"), [grant(1, "it")], "辞令", False, "role"),
        (grant(None, "it"), [], "辞令", True, "role"),
        (grant(None, "staff"), [], "辞令", False, "role"),
        (grant(None, "auditor"), [grant(1, "it")], "辞令", False, "role"),
        (grant(None, "it"), [grant(1, "auditor")], "辞令", False, "role"),
    ):
        with refused(field):
            appointments.check_grant(new, known, service=SINCE, ground=ground, is_for_oneself=oneself)


def test_deputies_are_other_people_each_place_once():
    def deputy(order, whom, key=None):
        return appointments.Held(key=key, what=order, period=Period(APRIL), whom=whom, words="だれか")

    appointments.check_deputy(deputy("2", 3), [deputy("1", 2, 1)], own_key=1, service=SINCE, deputy_service=SINCE)
    for new, known, service, field in (
        (deputy("1", 1), [], SINCE, "deputy"),
        (deputy("1", 3), [deputy("1", 2, 1)], SINCE, "order"),
        (deputy("2", 2), [deputy("1", 2, 1)], SINCE, "deputy"),
        (deputy("0", 2), [], SINCE, "order"),
        (deputy("1", 2), [], Period(date(2020, 4, 1), APRIL), "deputy"),
    ):
        with refused(field):
            appointments.check_deputy(new, known, own_key=1, service=SINCE, deputy_service=service)


def test_the_last_keeper_of_the_records_cannot_go():
    with refused("last_day"):
        appointments.check_not_the_last(role="personnel", label="人事担当", others=0)
    appointments.check_not_the_last(role="personnel", label="人事担当", others=1)
    appointments.check_not_the_last(role="dx_leader", label="DX推進リーダー", others=0)


def seat(staff, section, post, *, head=False, new=False, rank=10, main=True):
    return heirs.Seat(staff=staff, section=section, post=post, rank=rank, is_head=head, is_main=main, is_new=new)


HOUSE = [
    seat(11, 1, 60, head=True, rank=60),
    seat(12, 1, 10),
    seat(13, 1, 10, new=True),
    seat(21, 2, 60, head=True, rank=60),
    seat(31, 3, 40, rank=40),
]


@pytest.mark.parametrize(
    ("task", "stands_for", "staff", "ground"),
    [
        # who newly came into the same post is first
        (heirs.Task(holder=99, section=1, post=10), {1: [1]}, 13, heirs.SAME_POST),
        # nobody has the post any more: the head
        (heirs.Task(holder=99, section=1, post=30), {1: [1]}, 11, heirs.SECTION_HEAD),
        # the section was merged into 2
        (heirs.Task(holder=99, section=8, post=60), {8: [2]}, 21, heirs.SAME_POST),
        # a unit without head: the head of the section above
        (heirs.Task(holder=99, section=3, post=10), {3: [3], 1: [1]}, 11, heirs.HEAD_ABOVE),
        # closed without successor: the head above
        (heirs.Task(holder=99, section=4, post=10), {4: [], 1: [1]}, 11, heirs.HEAD_ABOVE),
        # nobody deputises for oneself
        (heirs.Task(holder=99, section=1, post=10, not_for=frozenset({12, 13})), {1: [1]}, 11, heirs.SECTION_HEAD),
        # closed, and nothing above
        (heirs.Task(holder=99, section=5, post=10), {5: []}, None, heirs.NOBODY),
        # what belongs to the person has no section to ask
        (heirs.Task(holder=99, section=None, post=10), {}, None, heirs.NOBODY),
        # the holder is never the heir
        (heirs.Task(holder=11, section=1, post=60), {1: [1]}, None, heirs.NOBODY),
    ],
)
def test_who_takes_over(task, stands_for, staff, ground):
    parent_of = {1: None, 2: None, 3: 1, 4: 1, 5: None}
    assert heirs.propose_heir(task, seats=HOUSE, stands_for=stands_for, parent_of=parent_of) == heirs.Heir(
        staff, ground
    )


def test_among_equals_the_least_laden_takes_over():
    seats = [seat(12, 1, 10), seat(14, 1, 10)]
    task = heirs.Task(holder=99, section=1, post=10)
    chosen = heirs.propose_heir(task, seats=seats, stands_for={1: [1]}, parent_of={}, load={12: 2, 14: 1})
    assert chosen.staff == 14


@pytest.mark.parametrize("day", [date(1949, 12, 31), date(2200, 1, 1), date.max])
def test_days_that_are_slips_of_the_keyboard_are_refused(day):
    with refused("on"):
        check_day(day, field="on", what="日付")
