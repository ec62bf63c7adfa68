"""Drafts in hand pass on when their drafter moves or leaves (年度替わりの引継ぎ)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.queries.requests import in_hand_of
from yakuba.kernel.audit.api import verb
from yakuba.kernel.organisation.api import OpenWork, may_edit, open_work_source
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.things.api import Ref, ref_of


@verb("approval.hand_over_request", label="決裁伺いの引継ぎ")
def hand_over_request(*, by: Person, request: DecisionRequest, to: Staff) -> DecisionRequest:
    """From now on ``to`` answers for the draft; who drafted it stays written and can still never decide it."""
    if by.kind is not PersonKind.SYSTEM and not may_edit(by):
        raise NotAllowed("仕事を引き継がせられるのは、人事担当と情報システム担当です。")
    kept = DecisionRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    kept.holder = to
    kept.save(update_fields=["holder"])
    return kept


def _hand_over(*, ref: Ref, from_staff_id: int, to_staff_id: int, on: date, by: Person) -> object:
    request = DecisionRequest.objects.filter(public_id=ref.public_id, holder_id=from_staff_id).first()
    return hand_over_request(by=by, request=request, to=Staff.objects.get(pk=to_staff_id)) if request else None


@open_work_source("approval.requests", hand_over=_hand_over)
def drafts_in_hand(staff_ids: frozenset[int], on: date) -> Iterator[OpenWork]:
    """Drafts that wait for a decision or were sent back, of people who move or leave.

    Who decides needs no heir: the head is found anew on every day.
    """
    for request in in_hand_of(staff_ids):
        if request.holder_id is not None:
            yield OpenWork(
                kind="決裁待ちの起案" if request.is_waiting else "差し戻された起案",
                ref=ref_of(request),
                title=request.title,
                holder_id=request.holder_id,
                section_id=request.section_id,
                due=request.due,
            )
