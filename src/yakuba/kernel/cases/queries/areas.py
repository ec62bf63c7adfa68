"""Counting cases by area (地区), protected people left out."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from yakuba.kernel.cases.access import protected_cases
from yakuba.kernel.cases.models import Case, CaseParty
from yakuba.kernel.parameters.api import whole_on

ELSEWHERE, UNKNOWN = "町外", "不明"
_AT_ONCE = 500
_TAIL = re.compile(r"[0-9０-９].*$")


def counts_by_area(cases: QuerySet[Case], *, on: date) -> dict[str, int]:
    """How many of the cases came from each area of the town, by the address they bear.

    Cases of protected people are counted nowhere, not even as unknown; areas with few cases (``kpi.small_count``) are
    put together, so that a number never points at a house. ``cases`` comes from `visible_to` or `counted_by`.
    """
    found: Counter[str] = Counter()
    rows = list(cases.order_by("pk").only("pk"))
    for start in range(0, len(rows), _AT_ONCE):
        chunk = rows[start : start + _AT_ONCE]
        hidden = protected_cases(chunk, on=on)
        shown = [one.pk for one in chunk if one.pk not in hidden]
        addresses = CaseParty.objects.filter(case_id__in=shown, role="applicant").values_list("address", flat=True)
        found.update(area_of(one) for one in addresses)
    least = whole_on("kpi.small_count", on)
    small = sum(count for area, count in found.items() if count < least)
    counted = {area: count for area, count in found.items() if count >= least}
    if small >= least:
        counted["その他"] = small
    return counted


def area_of(address: str) -> str:
    """The area (大字・町) of an address of this town without its house number; 町外 for others, 不明 without one."""
    if not address.strip():
        return UNKNOWN
    _, found, rest = address.partition(settings.TOWN.name)
    if not found:
        return ELSEWHERE
    return _TAIL.sub("", rest.partition("　")[0].strip()) or UNKNOWN
