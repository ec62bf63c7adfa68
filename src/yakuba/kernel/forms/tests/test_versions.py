"""A form goes live only with its legal ground, another person's look and a decision."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.databases import made_once
from yakuba.kernel.access.api import NotAllowed
from yakuba.kernel.approval.api import Outcome, decide, waiting_for
from yakuba.kernel.approval.tests.town_hall import CLOCK, acting, open_hall
from yakuba.kernel.forms.models import FormVersion
from yakuba.kernel.forms.rules.definition import read_definition
from yakuba.kernel.forms.rules.lifecycle import LegalGround, VersionState
from yakuba.kernel.forms.services import (
    ask_for_publication,
    change_draft,
    close_version,
    create_form,
    draft_version,
    reopen_version,
)
from yakuba.kernel.forms.services.versions import EditedMeanwhile
from yakuba.kernel.forms.tests.example import example, example_form
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.values.api import Refusal

GROUND = LegalGround("○○条例第1条", "デジタル手続法第6条", "署名の定めなし", "学童の申込の処理")


@pytest.fixture
@made_once("forms_hall")
def hall(db: None) -> Any:
    return open_hall()


@pytest.fixture
def draft(hall) -> FormVersion:
    section = Section.objects.get(name="行政管理班")
    return create_form(by=author(hall), definition=example_form(), section=section, clock=CLOCK)


def author(hall):
    return acting(hall.staff["行政 主事"])


def reviewer(hall):
    return acting(hall.staff["行政 班長"])


def head(hall):
    return acting(hall.staff["総務 課長"])


def published(hall, draft, capacity: int | None = None) -> FormVersion:
    draft = change_draft(
        by=author(hall),
        version=draft,
        seen_edition=draft.edition,
        ground=GROUND,
        opening=(None, None, capacity),
        clock=CLOCK,
    )
    version = ask_for_publication(by=reviewer(hall), version=draft, authority=hall.mayor, clock=CLOCK)
    request = waiting_for(head(hall), on=CLOCK.today())[0]
    decide(by=head(hall), request=request, outcome=Outcome.APPROVED, comment="", clock=CLOCK)
    version.refresh_from_db()
    return version


def test_a_version_goes_live_by_the_decision_and_keeps_it(hall, draft) -> None:
    version = published(hall, draft)
    assert version.life is VersionState.LIVE
    assert "決裁" in version.decision
    assert version.live_at is not None


def test_without_ground_nothing_is_asked(hall, draft) -> None:
    with pytest.raises(Refusal, match="根拠がそろっていません"):
        ask_for_publication(by=reviewer(hall), version=draft, authority=hall.mayor, clock=CLOCK)


def test_the_author_cannot_look_over_the_own_form(hall, draft) -> None:
    draft = change_draft(by=author(hall), version=draft, seen_edition=1, ground=GROUND, clock=CLOCK)
    with pytest.raises(NotAllowed):
        ask_for_publication(by=author(hall), version=draft, authority=hall.mayor, clock=CLOCK)


def test_a_form_with_a_broken_rule_is_not_published(hall, draft) -> None:
    wrong = example()
    wrong["steps"][0]["questions"][0]["when"] = {"var": "discount"}
    draft = change_draft(
        by=author(hall), version=draft, seen_edition=1, definition=read_definition(wrong), ground=GROUND, clock=CLOCK
    )
    with pytest.raises(Refusal, match="直すところが1件"):
        ask_for_publication(by=reviewer(hall), version=draft, authority=hall.mayor, clock=CLOCK)


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.RETURNED])
def test_what_is_not_approved_is_a_draft_again(hall, draft, outcome) -> None:
    draft = change_draft(by=author(hall), version=draft, seen_edition=1, ground=GROUND, clock=CLOCK)
    ask_for_publication(by=reviewer(hall), version=draft, authority=hall.mayor, clock=CLOCK)
    decide(
        by=head(hall),
        request=waiting_for(head(hall), on=CLOCK.today())[0],
        outcome=outcome,
        comment="直す",
        clock=CLOCK,
    )
    draft.refresh_from_db()
    assert draft.life is VersionState.DRAFT


def test_a_new_version_takes_the_place_of_the_old_one(hall, draft) -> None:
    first = published(hall, draft)
    second = draft_version(
        by=author(hall), form=first.form, definition=example_form(), note="説明を直した", clock=CLOCK
    )
    assert second.law == GROUND.law
    second = published(hall, second)
    first.refresh_from_db()
    assert (first.life, second.life) == (VersionState.CLOSED, VersionState.LIVE)


def test_a_live_version_cannot_be_changed_and_a_second_draft_is_refused(hall, draft) -> None:
    live = published(hall, draft)
    with pytest.raises(Refusal, match="公開中"):
        change_draft(by=author(hall), version=live, seen_edition=live.edition, ground=GROUND, clock=CLOCK)
    draft_version(by=author(hall), form=live.form, definition=example_form(), note="", clock=CLOCK)
    with pytest.raises(Refusal, match="下書き"):
        draft_version(by=author(hall), form=live.form, definition=example_form(), note="", clock=CLOCK)


def test_two_clerks_do_not_overwrite_each_other(hall, draft) -> None:
    change_draft(by=author(hall), version=draft, seen_edition=1, ground=GROUND, clock=CLOCK)
    with pytest.raises(EditedMeanwhile):
        change_draft(by=reviewer(hall), version=draft, seen_edition=1, definition=example_form(), clock=CLOCK)


def test_a_closed_version_opens_again_under_its_decision(hall, draft) -> None:
    live = published(hall, draft)
    closed = close_version(by=author(hall), version=live, clock=CLOCK)
    assert reopen_version(by=author(hall), version=closed, clock=CLOCK).life is VersionState.LIVE


def test_another_section_cannot_touch_the_form(hall, draft) -> None:
    stranger = acting(hall.staff["教長 三郎"])
    with pytest.raises(NotAllowed):
        change_draft(by=stranger, version=draft, seen_edition=1, ground=GROUND, clock=CLOCK)
