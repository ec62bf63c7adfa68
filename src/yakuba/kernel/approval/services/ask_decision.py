"""Asking for a decision (起案、決裁伺い)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.approval.access import deciders_of, has_seat
from yakuba.kernel.approval.house import house_on
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.rules.canonical import canonical, sha256_of, texts_in
from yakuba.kernel.approval.rules.states import Decider, RequestState
from yakuba.kernel.approval.services.subjects import fingerprint
from yakuba.kernel.audit.api import verb
from yakuba.kernel.files.models import StoredFile
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
) -> DecisionRequest:
    """Ask for a decision about ``subject``.

    ``content`` is what exactly is decided (see `rules.canonical`), ``content_text`` the same for readers; ``files``
    are shown beside it and must stand in ``content`` as ``str(ref)``, so that the hash covers them. ``kind`` is the
    kind of decision in words (「申請の処分」). ``decider`` says whether the head of ``section`` decides (専決) or the
    head of ``authority``. A request for the same subject and kind that was sent back or withdrawn is followed by this
    one.

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
    request = DecisionRequest(
        subject_kind=subject.kind,
        subject_id=subject.public_id,
        kind=kind.strip()[:40],
        title=title.strip()[:200],
        content=written,
        content_text=content_text,
        content_sha256=sha256_of(written),
        text_sha256=sha256_of(content_text),
        files=[_file(one, texts_in(content)) for one in files],
        subject_sha256=subject_sha256,
        authority=authority,
        section=section,
        decider=Decider(decider).value,
        asked_by=by.id,
        asked_name=by.name,
        asked_title=f"{by.section} {by.title}".strip(),
        asked_staff_id=by.staff_id,
        holder_id=by.staff_id,
        asked_at=clock.now(),
        due=due,
        follows=earlier,
        is_sample=is_sample_town(),
    )
    if not deciders_of(request, house_on(clock.today())):
        raise Refusal(
            f"「{section.name}」の決裁をできる人がいません。",
            hint="所属長が発令されているか、起案した人のほかに決裁できる人がいるかを、人事担当に確かめてください。",
        )
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError as fault:  # two asked at the same moment: the database lets one of them wait
        raise _waits_already(request.title) from fault
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


def _file(ref: Ref, texts: frozenset[str]) -> dict[str, str]:
    if str(ref) not in texts:
        raise ValueError(f"{ref} is not in the content, so the hash would not cover it")
    file = StoredFile.objects.filter(public_id=ref.public_id).first() if ref.kind == "files.file" else None
    if file is None:
        raise Refusal(
            "添えたファイルが見つかりません。", field="files", hint="ファイルを添え直してから、もう一度出してください。"
        )
    return {"ref": str(ref), "name": file.name, "sha256": file.sha256}
