"""Every change of a draft can be undone and done again; what was done stands in words with who and when."""

from __future__ import annotations

from typing import Any

import pytest

from yakuba.kernel.access.api import NotAllowed
from yakuba.kernel.approval.tests.town_hall import CLOCK, acting
from yakuba.kernel.forms.fillings import TRIAL
from yakuba.kernel.forms.models import FormVersion
from yakuba.kernel.forms.rules.definition import read_definition
from yakuba.kernel.forms.rules.lifecycle import VersionState
from yakuba.kernel.forms.services import (
    archive_version,
    assign_form,
    begin_filling,
    change_draft,
    close_version,
    undo_draft,
)
from yakuba.kernel.forms.services.draft_steps import MOST_STEPS_KEPT
from yakuba.kernel.forms.services.versions import EditedMeanwhile
from yakuba.kernel.forms.tests.example import example
from yakuba.kernel.forms.tests.test_versions import author, draft, hall, published  # noqa: F401  (fixtures)
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.values.api import Refusal


def titled(hall: Any, version: FormVersion, title: str) -> FormVersion:  # noqa: F811
    given = example()
    given["title"] = title
    return change_draft(
        by=author(hall),
        version=version,
        seen_edition=version.edition,
        definition=read_definition(given),
        label=f"題名を「{title}」に",
        clock=CLOCK,
    )


def undone(hall: Any, version: FormVersion, steps: int = -1) -> FormVersion:  # noqa: F811
    return undo_draft(by=author(hall), version=version, seen_edition=version.edition, steps=steps, clock=CLOCK)


def test_changes_are_undone_and_done_again(hall, draft) -> None:  # noqa: F811
    two = titled(hall, titled(hall, draft, "一"), "二")
    back = undone(hall, two)
    assert back.read().title.ja == "一" and back.form.title == "一"
    first = undone(hall, back)
    assert first.read().title.ja == "学童の申込"
    assert undone(hall, first, 2).read().title.ja == "二"


def test_the_history_says_who_did_what(hall, draft) -> None:  # noqa: F811
    version = titled(hall, draft, "一")
    assert [(one.label, one.made_name, one.is_current) for one in version.steps.all()] == [
        ("題名を「一」に", "行政 主事", True),
        ("はじめの状態", "", False),
    ]


def test_a_change_after_undoing_forgets_what_was_undone(hall, draft) -> None:  # noqa: F811
    version = titled(hall, undone(hall, titled(hall, draft, "一")), "三")
    with pytest.raises(Refusal, match="やり直せる"):
        undone(hall, version, 1)
    assert undone(hall, version).read().title.ja == "学童の申込"


def test_saving_without_a_change_makes_no_step(hall, draft) -> None:  # noqa: F811
    titled(hall, titled(hall, draft, "一"), "一")
    assert draft.steps.count() == 2


def test_only_the_latest_states_are_kept(hall, draft) -> None:  # noqa: F811
    version = draft
    for number in range(MOST_STEPS_KEPT + 5):
        version = titled(hall, version, f"題{number}")
    assert version.steps.count() == MOST_STEPS_KEPT
    with pytest.raises(Refusal, match="残っていません"):
        undone(hall, version, -MOST_STEPS_KEPT)


def test_undoing_what_another_has_changed_is_refused(hall, draft) -> None:  # noqa: F811
    version = titled(hall, draft, "一")
    titled(hall, version, "二")
    with pytest.raises(EditedMeanwhile):
        undone(hall, version)


def test_another_section_undoes_nothing(hall, draft) -> None:  # noqa: F811
    version = titled(hall, draft, "一")
    with pytest.raises(NotAllowed):
        undo_draft(
            by=acting(hall.staff["教長 三郎"]), version=version, seen_edition=version.edition, steps=-1, clock=CLOCK
        )


def test_the_steps_are_forgotten_when_the_version_goes_live(hall, draft) -> None:  # noqa: F811
    version = published(hall, titled(hall, draft, "一"))
    assert not version.steps.exists()


def test_a_closed_version_is_put_away_when_nothing_can_be_sent_any_more(hall, draft) -> None:  # noqa: F811
    version = published(hall, draft)
    by = author(hall)
    begun = begin_filling(by=by, version=version, about="x", language="ja", facts={}, known={}, clock=CLOCK)
    begin_filling(by=by, version=version, about=TRIAL, language="ja", facts={}, known={}, clock=CLOCK, is_trial=True)
    closed = close_version(by=by, version=version, clock=CLOCK)
    with pytest.raises(Refusal, match="書きかけの申請が1件"):
        archive_version(by=by, version=closed, clock=CLOCK)
    from yakuba.kernel.forms.services import give_up_filling

    give_up_filling(by=by, filling=begun.filling, clock=CLOCK)
    assert archive_version(by=by, version=closed, clock=CLOCK).life is VersionState.ARCHIVED


def test_a_draft_nobody_wants_is_put_away(hall, draft) -> None:  # noqa: F811
    assert archive_version(by=author(hall), version=draft, clock=CLOCK).life is VersionState.ARCHIVED


def test_a_form_is_given_to_another_section_by_those_who_keep_it(hall, draft) -> None:  # noqa: F811
    other = Section.objects.get(name="財政課")
    with pytest.raises(NotAllowed):
        assign_form(by=acting(hall.staff["教長 三郎"]), form=draft.form, section=other)
