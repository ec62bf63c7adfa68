"""What may change in a correction, and what did."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.cases.rules.corrections import changes, file_ids, merged

keys = st.sampled_from(["a", "b", "c", "rows"])
simple = st.one_of(st.none(), st.integers(0, 3), st.text(max_size=3), st.lists(st.text(max_size=2), max_size=2))
row = st.dictionaries(st.sampled_from(["x", "y"]), simple, max_size=2)
answers = st.dictionaries(keys, st.one_of(simple, st.lists(row, min_size=1, max_size=3)), max_size=4)
paths = st.sets(st.sampled_from(["a", "b", "rows", "rows.0.x", "rows.1.y", "rows.9.x", "rows.x", "c.0.x"]), max_size=4)


@given(answers, answers, paths)
def test_nothing_changes_outside_of_what_was_asked(before, given_answers, allowed) -> None:
    after = merged(before, given_answers, allowed)
    heads = {path.partition(".")[0] for path in allowed}
    for one in changes(before, after):
        head = one.path.partition(".")[0]
        assert head.removesuffix("_other") in heads
        if head not in allowed:
            assert one.path.removesuffix("_other") in allowed


@given(answers, answers)
def test_nothing_asked_nothing_changed(before, given_answers) -> None:
    assert merged(before, given_answers, ()) == before


@given(answers)
def test_equal_answers_do_not_differ(before) -> None:
    assert changes(before, dict(before)) == ()


@given(answers, answers)
def test_a_difference_is_always_found(before, after) -> None:
    # An answer that is empty counts as none, in a row as well.
    def filled(answers: dict) -> dict:
        return {
            key: [one for row in value if isinstance(row, dict) and (one := filled(row))]
            if isinstance(value, list) and any(isinstance(one, dict) for one in value)
            else value
            for key, value in answers.items()
            if value not in (None, [], 0, "")
        }

    gone, come = filled(before), filled(after)
    gone, come = filled(gone), filled(come)
    if gone != come:
        assert changes(gone, come)


def test_the_answers_before_are_left_alone() -> None:
    before = {"rows": [{"x": 1}]}
    after = merged(before, {"rows": [{"x": 2}]}, {"rows.0.x"})
    assert before == {"rows": [{"x": 1}]}
    assert after == {"rows": [{"x": 2}]}


def test_files_are_found_at_their_places_only() -> None:
    first, second = "0123456789abcdef", "abcdef0123456789"
    answers = {"a": [first], "rows": [{"f": [second], "n": "x"}, {}], "choices": ["sixteen-letters1"], "b": "no list"}
    assert file_ids(answers, {"a", "b", "rows.f", "rows.n", "nothing"}) == [first, second]
    assert file_ids(answers, ()) == []
