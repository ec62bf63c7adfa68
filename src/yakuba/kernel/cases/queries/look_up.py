"""Looking a case up without an account: number and password."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password, make_password

from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.rules.numbers import read_number

_LONGEST = 128


def case_of_number(number: str, password: str) -> Case | None:
    """The case if number and password are right. The view throttles; right or wrong takes the same time."""
    written = read_number(number)
    found = (
        Case.objects.select_related("procedure", "section").filter(number=written).exclude(password_hash="").first()
        if written and len(password) <= _LONGEST
        else None
    )
    if found is None:
        make_password(password[:_LONGEST])
        return None
    return found if check_password(password, found.password_hash) else None
