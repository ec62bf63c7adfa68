"""Large bundles and mailings stay within the time of one transaction and one job."""

from __future__ import annotations

import pytest

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.identity.tests.people import a_section
from yakuba.kernel.notify import jobs
from yakuba.kernel.notify.models import Bundle, BundlePart, Letter
from yakuba.kernel.notify.rules.letters import BundleOrder, Service
from yakuba.kernel.notify.services.bundles import make_bundle, post_bundle
from yakuba.kernel.notify.tests.arranged import CLOCK, TODAY, section_staff

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def many_letters(count: int) -> None:
    with unaudited_writes("arrangement of the test"):
        Letter.objects.bulk_create(
            Letter(
                key=f"load:{number}", kind="x", section=a_section(), name=f"見本　{number}", postal_code="9696547",
                address_lines=[f"会津坂下町塔寺{number}"], dated_on=TODAY, title="件名",
                parts=[{"lang": "ja", "title": "", "paragraphs": ["本文"]}], made_by="x", made_at=CLOCK.now(),
            )
            for number in range(count)
        )  # fmt: skip


def test_two_thousand_letters_are_sorted_and_posted_in_short_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness fails a test in which a transaction took too long."""
    many_letters(2_050)
    bundle = make_bundle(
        by=section_staff(), section=a_section(), order=BundleOrder.DISTRICT, service=Service.ORDINARY, clock=CLOCK
    )
    while not Bundle.objects.get().is_sorted:
        jobs.sort_bundle(bundle=bundle.public_id)
    assert BundlePart.objects.count() == 40 and Letter.objects.filter(state="bundled").count() == 2_000
    with unaudited_writes("arrangement of the test"):
        BundlePart.objects.update(is_done=True)
        Bundle.objects.update(state="ready")
        Letter.objects.filter(state="bundled").update(sheets=1)
    posted = post_bundle(by=section_staff(), bundle=bundle, posted_on=TODAY, clock=CLOCK)
    assert (posted.letters, posted.yen) == (2_000, 220_000)
    assert Letter.objects.filter(state="waiting").count() == 50, "the rest goes into the next bundle"
