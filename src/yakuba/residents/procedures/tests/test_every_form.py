"""Every form of the house can be filled in page by page, sent, and gives exactly the answers that were meant."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.harness.sample import TODAY
from yakuba.kernel.cases.api import GrantStage
from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.rules.grants import stage_of_form
from yakuba.kernel.catalogue.models import Channel
from yakuba.kernel.forms.api import evaluate_form, evaluation_of_answers, library_forms
from yakuba.kernel.forms.library import library_folder
from yakuba.kernel.identity.api import IdentityLevel, IdentityProof
from yakuba.residents.procedures import doors
from yakuba.residents.procedures.tests.filling import walk, without_files
from yakuba.residents.procedures.tests.townspeople import town_does

STAGES = list(GrantStage)


@pytest.fixture
def card_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody has just shown their card: how that is done is tested where it is made."""
    proof = IdentityProof(IdentityLevel.PUBLIC_AUTH, datetime(2026, 11, 23, tzinfo=UTC), "card")
    monkeypatch.setattr(doors, "proof_of", lambda request: proof)
    monkeypatch.setattr(doors, "way_to_prove", lambda onward: "/my/")


DIFFERENT = (
    "after-school-club", "bulky-waste", "child-medical-refund", "resident-record-copy", "septic-subsidy",
)  # fmt: skip
"""Those that differ most; the rest are walked in the full proof."""


@pytest.mark.slow
@pytest.mark.usefixtures("sample_town", "card_shown")
def test_forms_that_differ_most_can_be_filled_in_and_sent() -> None:
    walk_forms(DIFFERENT)


@pytest.mark.slow
@pytest.mark.usefixtures("sample_town", "card_shown")
def test_every_live_form_is_offered_at_the_door_of_its_procedure() -> None:
    """Later stages of a subsidy alone are begun from the case."""
    channels = Channel.objects.filter(kind="yakuba_form", live_since__isnull=False).select_related("procedure")
    hidden = []
    for channel in channels:
        if channel.procedure.kind == "subsidy" and stage_of_form(channel.target, {}) is not GrantStage.APPLY:
            continue
        page = Client().get(f"/my/apply/{channel.procedure.key}/", {"form": channel.target})
        if page.status_code != 200 or page.context["version"].form.key != channel.target:
            hidden.append(channel.target)
    assert len(channels) >= 50 and not hidden


@pytest.mark.prove
@pytest.mark.usefixtures("sample_town", "card_shown")
def test_every_form_can_be_filled_in_and_sent() -> None:
    walk_forms(None)


def next_stage(browser: Client, before: Case, form: str) -> tuple[Client, str]:
    """The browser that sent the stage before, and where its next stage begins once the town has decided."""
    case = town_does(before, "notified")
    assert case.state == "notified", f"the town could not decide on {before.title}: {case.state}"
    stage = stage_of_form(form, {}).value
    start = f"/my/cases/{case.public_id}/next/{stage}/"
    assert start in browser.get(f"/my/cases/{case.public_id}/").content.decode()
    return browser, start


def walk_forms(only: tuple[str, ...] | None) -> None:
    """Fill in and send each live form; all failures are told at once."""
    failures: list[str] = []
    stages: dict[int, tuple[Client, Case]] = {}
    forms = {one.definition.key: one.definition for one in library_forms()}
    channels = sorted(
        Channel.objects.filter(kind="yakuba_form", live_since__isnull=False).select_related("procedure"),
        key=lambda one: STAGES.index(stage_of_form(one.target, {})),
    )
    assert len({one.procedure_id for one in channels}) >= 45
    for channel in channels:
        if only is not None and channel.target not in only:
            continue
        definition = forms[channel.target]
        answers = json.loads((library_folder() / "examples" / f"{channel.target}.complete.json").read_text("utf-8"))
        try:
            client = Client()
            start = f"/my/apply/{channel.procedure.key}/"
            if channel.procedure.kind == "subsidy" and channel.target.endswith(("-report", "-claim", "-change")):
                client, start = next_stage(*stages[channel.procedure_id], channel.target)
            page = walk(client, start, definition, answers)
            if page.context["must_sign"]:
                continue  # signatures have tests of their own
            receipt = client.post(page.request["PATH_INFO"], follow=True)
            assert receipt.status_code == 200, receipt.content.decode()[-2000:]
            case = Case.objects.get(pk=receipt.context["case"].pk)
            meant = evaluate_form(definition, answers, today=TODAY, facts=case.answers.facts)
            assert without_files(evaluation_of_answers(case.answers)) == without_files(meant)
            assert case.number in receipt.content.decode()
            stages[channel.procedure_id] = (client, case)
            again = client.post(page.request["PATH_INFO"], follow=True)
            assert again.context["case"].pk == case.pk, "sent twice it is one case"
            own = client.get(f"/my/cases/{case.public_id}/")
            assert own.status_code == 200
        except AssertionError as failure:
            failures.append(f"{channel.target}: {failure}")
    assert not failures, "\n\n".join(failures)
