"""What this installation asks of staff who sign in."""

from __future__ import annotations

from django.conf import settings

from yakuba.kernel.identity.models import SignInMethod
from yakuba.kernel.identity.rules.steps import is_session_enough
from yakuba.kernel.identity.session_state import SessionState
from yakuba.kernel.parameters.api import is_sample_town


def is_second_factor_required() -> bool:
    """Whether staff need a second factor: wherever real data are, so not in the sample town."""
    return bool(settings.YAKUBA_SECOND_FACTOR_REQUIRED) and not is_sample_town()


def is_enough_for_the_office(state: SessionState) -> bool:
    """Whether a session may act in the office; one of a sample town's people only while there is a sample town."""
    if state.method == SignInMethod.PERSONA:
        return is_sample_town()
    return is_session_enough(
        method=state.method,
        showed_second_factor=bool(state.second_factor),
        is_required=is_second_factor_required(),
    )
