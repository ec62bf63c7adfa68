"""Every form of the house can be filled in page by page, sent, and gives exactly the answers that were meant."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.harness.sample import TODAY
from yakuba.kernel.cases.models import Case
from yakuba.kernel.catalogue.models import Channel
from yakuba.kernel.forms.api import evaluate_form, evaluation_of_answers, library_forms
from yakuba.kernel.forms.library import library_folder
from yakuba.kernel.identity.api import IdentityLevel, IdentityProof
from yakuba.residents.procedures import doors
from yakuba.residents.procedures.tests.filling import walk, without_files


@pytest.fixture
def card_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody has just shown their card: how that is done is tested where it is made."""
    proof = IdentityProof(IdentityLevel.PUBLIC_AUTH, datetime(2026, 11, 23, tzinfo=UTC), "card")
    monkeypatch.setattr(doors, "proof_of", lambda request: proof)
    monkeypatch.setattr(doors, "way_to_prove", lambda onward: "/my/")


TWELVE = (
    "after-school-club", "bulky-waste", "child-medical-refund", "compost-subsidy", "disaster-certificate",
    "dog-registration", "event-registration", "income-tax-certificate", "resident-record-copy", "septic-subsidy",
    "vaccination-slip-reissue", "water-start",
)  # fmt: skip
"""Those that differ most; the rest are walked in the full proof."""


@pytest.mark.slow
@pytest.mark.usefixtures("sample_town", "card_shown")
def test_twelve_forms_can_be_filled_in_and_sent() -> None:
    walk_forms(TWELVE)


@pytest.mark.prove
@pytest.mark.usefixtures("sample_town", "card_shown")
def test_every_form_can_be_filled_in_and_sent() -> None:
    walk_forms(None)


def walk_forms(only: tuple[str, ...] | None) -> None:
    """Fill in and send each live form; all failures are told at once."""
    failures: list[str] = []
    forms = {one.definition.key: one.definition for one in library_forms()}
    channels = Channel.objects.filter(kind="yakuba_form", live_since__isnull=False).select_related("procedure")
    assert len({one.procedure_id for one in channels}) >= 45
    for channel in channels:
        if only is not None and channel.target not in only:
            continue
        definition = forms[channel.target]
        if channel.target.endswith(("-report", "-claim", "-change")) and channel.procedure.kind == "subsidy":
            continue  # later stages are begun from the case
        answers = json.loads((library_folder() / "examples" / f"{channel.target}.complete.json").read_text("utf-8"))
        try:
            client = Client()
            page = walk(client, f"/my/apply/{channel.procedure.key}/", definition, answers)
            if page.context["must_sign"]:
                continue  # signatures have tests of their own
            receipt = client.post(page.request["PATH_INFO"], follow=True)
            assert receipt.status_code == 200, receipt.content.decode()[-2000:]
            case = Case.objects.get(pk=receipt.context["case"].pk)
            meant = evaluate_form(definition, answers, today=TODAY, facts=case.answers.facts)
            assert without_files(evaluation_of_answers(case.answers)) == without_files(meant)
            assert case.number in receipt.content.decode()
            again = client.post(page.request["PATH_INFO"], follow=True)
            assert again.context["case"].pk == case.pk, "sent twice it is one case"
            own = client.get(f"/my/cases/{case.public_id}/")
            assert own.status_code == 200
        except AssertionError as failure:
            failures.append(f"{channel.target}: {failure}")
    assert not failures, "\n\n".join(failures)
