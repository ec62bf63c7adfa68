"""Before the decision the drafter may take a draft back into hand (引戻し), mend it and send it out again (修正)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.approval.access import drafters_of
from yakuba.kernel.approval.models import DecisionRequest, FormerContent
from yakuba.kernel.approval.on_the_way import Day, stages_of
from yakuba.kernel.approval.rules.canonical import canonical, sha256_of, texts_in
from yakuba.kernel.approval.rules.flow import Act, words_of_act
from yakuba.kernel.approval.services.ask_decision import checked_file
from yakuba.kernel.approval.services.closing import AlreadyClosed, words_of_the_end
from yakuba.kernel.approval.services.recording import record_act
from yakuba.kernel.approval.services.routing import (
    agreed_before,
    check_layout,
    facts_of,
    keep_route,
    layout_for,
    reset_route,
    sitting_now,
)
from yakuba.kernel.approval.services.subjects import fingerprint
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock, Refusal


@verb("approval.pull_back", label="決裁伺いの引戻し")
def pull_back(*, by: Person, request: DecisionRequest, reason: str, clock: Clock) -> DecisionRequest:
    """Take a waiting draft back into hand; until it is sent out again nobody can act on it.

    Raises ``AlreadyClosed``, ``NotAllowed`` for who did not draft it, ``Refusal`` without a reason.
    """
    kept = _own_draft(by, request)
    words = words_of_act(Act.PULL_BACK, reason)
    if kept.pulled_back_at is not None:
        raise Refusal("すでに引き戻しています。", hint="内容を直して出し直すか、取り下げてください。")
    kept.pulled_back_at = clock.now()
    kept.save(update_fields=["pulled_back_at"])
    record_act(Act.PULL_BACK, by=by, request=kept, clock=clock, words=words)
    return kept


@verb("approval.amend_request", label="決裁伺いの修正")
def amend_request(
    *,
    by: Person,
    request: DecisionRequest,
    content: Mapping[str, Any],
    content_text: str,
    reason: str,
    clock: Clock,
    title: str = "",
    files: Sequence[Ref] = (),
    facts: Mapping[str, Any] | None = None,
) -> DecisionRequest:
    """Send a draft out with another content: its route is laid out anew, and everybody is asked again from the first.

    What was agreed to stays beside what it was about (`FormerContent`), and counts no more. Called by the app that owns
    the subject. Raises ``AlreadyClosed``, ``NotAllowed``, ``Refusal`` when nothing changed or nobody could decide.
    """
    kept = _own_draft(by, request)
    words = words_of_act(Act.AMEND, reason)
    written = canonical(content)
    subject = fingerprint(kept.subject)
    named = [checked_file(one, texts_in(content)) for one in files]
    if (sha256_of(written), sha256_of(content_text), subject, named) == (
        kept.content_sha256,
        kept.text_sha256,
        kept.subject_sha256,
        kept.files,
    ):
        raise Refusal("内容が前と同じです。", hint="直すところがないときは、そのまま出し直してください。")
    FormerContent.objects.create(
        request=kept,
        edition=kept.edition,
        title=kept.title,
        content=kept.content,
        content_text=kept.content_text,
        content_sha256=kept.content_sha256,
        text_sha256=kept.text_sha256,
        files=kept.files,
        replaced_at=clock.now(),
    )
    kept.title = title.strip()[:200] or kept.title
    kept.content, kept.content_text, kept.files = written, content_text, named
    kept.content_sha256, kept.text_sha256, kept.subject_sha256 = sha256_of(written), sha256_of(content_text), subject
    kept.edition += 1
    kept.pulled_back_at = None
    kept.facts = facts_of(kept.kind, kept.section, content, facts if facts is not None else _said(kept.facts, content))
    layout = layout_for(kept, kept.section, Day.of(clock.today()))
    check_layout(layout, kept.section)
    kept.route_title = layout.title[:80]
    kept.save()
    reset_route(kept)
    keep_route(kept, layout, clock=clock)
    record_act(Act.AMEND, by=by, request=kept, clock=clock, words=words, subject_sha256=subject)
    return kept


@verb("approval.send_again", label="引き戻した決裁伺いの出し直し")
def send_again(*, by: Person, request: DecisionRequest, clock: Clock) -> DecisionRequest:
    """Send a draft out again as it was: what was agreed to still counts."""
    kept = _own_draft(by, request)
    if kept.pulled_back_at is None:
        raise Refusal("引き戻していません。", hint="画面を開き直して、今の状態を確かめてください。")
    if fingerprint(kept.subject) != kept.subject_sha256:
        raise Refusal(
            "引き戻しているあいだに、対象の内容が変わっています。",
            hint="元の画面から、直した内容で出し直してください。同意は初めから求めます。",
        )
    kept.pulled_back_at = None
    kept.save(update_fields=["pulled_back_at"])
    return kept


def dropped_from(request: DecisionRequest, *, on: date) -> list[Staff]:
    """Who agreed to an earlier edition and is on the route no more: they are to be told (合議先を外したとき)."""
    stages = stages_of([request], Day.of(on))[request.pk]
    return list(Staff.objects.filter(pk__in=agreed_before(request) - sitting_now(stages)).order_by("number"))


def _own_draft(by: Person, request: DecisionRequest) -> DecisionRequest:
    kept = (
        DecisionRequest.objects.select_for_update(of=("self",))
        .select_related("section", "authority")
        .get(pk=request.pk)
    )
    if by.staff_id not in drafters_of(kept) and by.id != kept.asked_by:
        raise NotAllowed("引き戻したり直したりできるのは、起案した人と今の担当者だけです。")
    if not kept.is_waiting:
        raise AlreadyClosed(words_of_the_end(kept), hint="今の状態を確かめてください。")
    return kept


def _said(facts: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    """The facts said when it was drafted, without those the content itself tells."""
    own = {"matter", "section", *content}
    return {key: value for key, value in facts.items() if key not in own}
