"""Asking for a decision (起案、決裁伺い)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.approval.access import has_seat
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.on_the_way import Day
from yakuba.kernel.approval.rules.canonical import canonical, sha256_of, texts_in
from yakuba.kernel.approval.rules.flow import Act
from yakuba.kernel.approval.rules.states import Decider, RequestState
from yakuba.kernel.approval.services.recording import named_file, record_act
from yakuba.kernel.approval.services.routing import check_layout, facts_of, keep_route, layout_for
from yakuba.kernel.approval.services.subjects import fingerprint
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.models import Authority, Section
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.things.api import Ref
from yakuba.kernel.values.api import Clock, Refusal


@verb("approval.ask_decision", label="決裁を求める")
def ask_decision(
    *,
    by: Person,
    subject: Ref,
    title: str,
    content: Mapping[str, Any],
    content_text: str,
    authority: Authority,
    section: Section,
    kind: str,
    clock: Clock,
    decider: Decider = Decider.SECTION_HEAD,
    files: Sequence[Ref] = (),
    due: date | None = None,
    facts: Mapping[str, Any] | None = None,
    drafter: Person | None = None,
) -> DecisionRequest:
    """Ask for a decision about ``subject``.

    ``content`` is what exactly is decided (see `rules.canonical`), ``content_text`` the same for readers; ``files``
    are shown beside it and must stand in ``content`` as ``str(ref)``, so that the hash covers them. ``kind`` is the
    kind of decision in words (「申請の処分」). ``decider`` says whether the head of ``section`` decides (専決) or the
    head of ``authority``, where neither the town's route for this kind nor its 専決 table says otherwise. ``facts`` are
    what these may ask (`rules.routes.FACTS`); what is not said is read from keys of that name in ``content``. ``drafter``
    is whose draft it is when somebody else enters it (代理起案). A request for the same subject and kind that was sent
    back or withdrawn is followed by this one.

    Raises ``Refusal`` when one is waiting already, when the subject or a file is gone, when nobody could decide;
    ``NotAllowed`` for who has no seat; ``TypeError`` or ``ValueError`` for a content that cannot be hashed.
    """
    if not has_seat(by):
        raise NotAllowed("決裁を求められるのは職員だけです。")
    if not title.strip() or not content_text.strip() or not kind.strip():
        raise ValueError("a request needs a title, a kind and a text to read")
    written = canonical(content)
    subject_sha256 = fingerprint(subject)
    earlier = _earlier(subject, kind)
    drafts = drafter or by
    if not has_seat(drafts):
        raise NotAllowed("起案者になれるのは職員だけです。")
    request = DecisionRequest(
        subject_kind=subject.kind,
        subject_id=subject.public_id,
        kind=kind.strip()[:40],
        title=title.strip()[:200],
        content=written,
        content_text=content_text,
        content_sha256=sha256_of(written),
        text_sha256=sha256_of(content_text),
        files=[checked_file(one, texts_in(content)) for one in files],
        subject_sha256=subject_sha256,
        authority=authority,
        section=section,
        decider=Decider(decider).value,
        asked_by=drafts.id,
        asked_name=drafts.name,
        asked_title=f"{drafts.section} {drafts.title}".strip(),
        asked_staff_id=drafts.staff_id,
        holder_id=drafts.staff_id,
        proxy_name=by.name[:80] if drafter is not None and drafter.id != by.id else "",
        proxy_staff_id=by.staff_id if drafter is not None and drafter.id != by.id else None,
        asked_at=clock.now(),
        due=due,
        facts=facts_of(kind.strip()[:40], section, content, facts),
        follows=earlier,
        is_sample=is_sample_town(),
    )
    layout = layout_for(request, section, Day.of(clock.today()))
    check_layout(layout, section)
    request.route_title = layout.title[:80]
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError as fault:  # two asked at the same moment: the database lets one of them wait
        raise _waits_already(request.title) from fault
    keep_route(request, layout, clock=clock)
    record_act(Act.DRAFT, by=by, request=request, clock=clock, subject_sha256=subject_sha256)
    return request


def _earlier(subject: Ref, kind: str) -> DecisionRequest | None:
    """The latest request of the same kind about the subject. Raises ``Refusal`` while it waits."""
    earlier = (
        DecisionRequest.objects.select_for_update()
        .filter(subject_kind=subject.kind, subject_id=subject.public_id, kind=kind.strip()[:40])
        .order_by("-id")
        .first()
    )
    if earlier is not None and earlier.state == RequestState.WAITING:
        raise _waits_already(earlier.title)
    return earlier


def _waits_already(title: str) -> Refusal:
    return Refusal(
        f"「{title}」は、すでに決裁を待っています。",
        hint="内容を変えて出し直すときは、先に決裁の画面で取り下げてください。",
    )


def checked_file(ref: Ref, texts: frozenset[str]) -> dict[str, str]:
    """A file as it stands beside a content that names it."""
    if str(ref) not in texts:
        raise ValueError(f"{ref} is not in the content, so the hash would not cover it")
    return named_file(ref)
