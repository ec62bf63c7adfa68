"""The organisation's own open work: standing in for somebody passes on when the deputy moves or leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import F, Q

from yakuba.kernel.access.api import Person
from yakuba.kernel.organisation.models import Deputy, Posting, Staff
from yakuba.kernel.organisation.models.validity import not_over_on, valid_on
from yakuba.kernel.organisation.open_work import OpenWork, open_work_source
from yakuba.kernel.organisation.services.appoint_deputy import appoint_deputy
from yakuba.kernel.organisation.services.transfer_staff import end_row
from yakuba.kernel.things.api import Ref, ref_of


def pass_on_deputyship(*, ref: Ref, from_staff_id: int, to_staff_id: int, on: date, by: Person) -> None:
    """Name the heir in the old deputy's place in the order, as long as the old one would have stood in."""
    old = Deputy.objects.select_related("staff").filter(public_id=ref.public_id, deputy_id=from_staff_id).first()
    if old is None or old.starts_on >= on or _is_filled(old, on):
        return
    was_cut = old.ends_on is not None and old.ends_on <= on
    until = None if was_cut else old.ends_on
    if not was_cut:
        end_row(old, on)
    appoint_deputy(
        by=by,
        staff=old.staff,
        deputy=Staff.objects.get(pk=to_staff_id),
        order=old.order,
        starts_on=on,
        ends_on=until,
    )


@open_work_source("organisation.deputies", hand_over=pass_on_deputyship)
def deputyships(staff_ids: frozenset[int], on: date) -> Iterator[OpenWork]:
    """Every place as deputy that is empty from ``on``, also one that was cut at the end of the deputy's service."""
    rows = (
        Deputy.objects.filter(
            not_over_on(on) | Q(ends_on=F("deputy__leaves_on")), deputy_id__in=staff_ids, starts_on__lt=on
        )
        .exclude(staff_id__in=staff_ids)
        .filter(valid_on(on, start="staff__joined_on", end="staff__leaves_on"))
        .select_related("staff", "deputy")
    )
    main_section = dict(
        Posting.objects.filter(valid_on(on), is_main=True, staff_id__in=[row.staff_id for row in rows]).values_list(
            "staff_id", "section_id"
        )
    )
    standing: dict[int, list[Deputy]] = {}
    for other in Deputy.objects.filter(not_over_on(on), staff_id__in={row.staff_id for row in rows}):
        standing.setdefault(other.staff_id, []).append(other)
    for row in rows:
        others = [other for other in standing.get(row.staff_id, []) if other.pk != row.pk]
        was_cut = row.ends_on is not None and row.ends_on <= on
        if was_cut and any(other.order == row.order and other.starts_on <= on for other in others):
            continue
        yield OpenWork(
            kind="代決者の指定",
            ref=ref_of(row),
            title=f"{row.staff.name}の第{row.order}順位の代決者",
            holder_id=row.deputy_id,
            section_id=main_section.get(row.staff_id),
            not_for=frozenset({row.staff_id, *(other.deputy_id for other in others)}),
        )


def _is_filled(row: Deputy, on: date) -> bool:
    return Deputy.objects.filter(valid_on(on), staff_id=row.staff_id, order=row.order).exclude(pk=row.pk).exists()
