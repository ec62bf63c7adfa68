"""The sample town's worklists are alive on the first day, and everybody in them is made up."""

from __future__ import annotations

import pytest

from yakuba.kernel.cases.models import Case, CaseParty, Notice
from yakuba.kernel.identity.models import Persona


@pytest.mark.slow
@pytest.mark.usefixtures("sample_town")
def test_the_sample_town_has_cases_in_every_state_of_a_worklist() -> None:
    cases = Case.objects.all()
    assert 35 <= cases.count() <= 60
    assert all(one.is_sample for one in cases)
    names = set(CaseParty.objects.values_list("name", flat=True))
    assert all(
        name.startswith(("見本", "例示", "（匿名）")) or "株式会社" in name or name in _residents() for name in names
    )
    states = set(cases.values_list("state", flat=True))
    assert {
        "received", "examining", "correcting", "overdue", "deciding", "approved", "refused", "notified", "withdrawn",
        "completed", "confirmed", "waitlisted",
    } <= states  # fmt: skip
    clerk = Persona.objects.select_related("account__staff").get(label="担当者").account.staff
    assert cases.filter(assignee=clerk).exclude(phase="closed").count() >= 3
    assert cases.filter(section__in=clerk.postings.values("section"), assignee=None).exists()
    assert {"online", "counter", "phone", "post"} <= set(cases.values_list("arrival", flat=True))
    assert Notice.objects.filter(state="sent").exists()


def _residents() -> set[str]:
    return set(Persona.objects.filter(label="町民").values_list("account__display_name", flat=True))
