"""What stands between a right password and the office."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.identity.rules.steps import Step, is_session_enough, next_step


@pytest.mark.parametrize(
    ("method", "has", "showed", "must_change", "required", "step"),
    [
        ("password", False, False, False, False, Step.ENTER),
        ("password", False, False, False, True, Step.SET_UP_SECOND_FACTOR),
        ("password", True, False, False, False, Step.SHOW_SECOND_FACTOR),
        ("password", True, False, True, True, Step.SHOW_SECOND_FACTOR),
        ("password", True, True, True, True, Step.CHANGE_PASSWORD),
        ("password", False, False, True, True, Step.CHANGE_PASSWORD),
        ("password", True, True, False, True, Step.ENTER),
        ("directory", False, False, False, True, Step.SET_UP_SECOND_FACTOR),
        ("passkey", True, True, False, True, Step.ENTER),
        ("passkey", True, True, True, True, Step.CHANGE_PASSWORD),
        ("passkey", False, True, False, True, Step.SET_UP_SECOND_FACTOR),
        ("pin", True, False, False, True, Step.ENTER),
        ("pin", True, False, True, False, Step.BEGIN_AGAIN),
        ("pin", False, False, False, True, Step.BEGIN_AGAIN),
        ("persona", False, False, False, False, Step.ENTER),
    ],
)
def test_the_next_step(method: str, has: bool, showed: bool, must_change: bool, required: bool, step: Step) -> None:
    assert (
        next_step(
            method=method,
            has_second_factor=has,
            showed_second_factor=showed,
            must_change_password=must_change,
            is_required=required,
        )
        is step
    )


@given(st.sampled_from(["password", "directory"]), st.booleans(), st.booleans(), st.booleans())
def test_where_it_is_required_no_password_alone_ever_enters(
    method: str, has: bool, showed: bool, must_change: bool
) -> None:
    step = next_step(
        method=method,
        has_second_factor=has,
        showed_second_factor=showed,
        must_change_password=must_change,
        is_required=True,
    )
    assert step is not Step.ENTER or (has and showed)
    assert is_session_enough(method=method, showed_second_factor=showed, is_required=True) == showed
