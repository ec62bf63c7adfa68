"""The town's districts are brought in as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.notify.access import keeps_districts
from yakuba.kernel.notify.models import District


@dataclass(frozen=True, slots=True)
class DistrictEntry:
    """One district of the list."""

    code: str
    name: str
    order: int
    areas: tuple[str, ...]


@verb("notify.replace_districts", label="行政区の一覧の入れ替え")
def replace_districts(*, by: Person, entries: Sequence[DistrictEntry]) -> int:
    """Make this list the town's districts; letters already written keep theirs. Raises ``NotAllowed``."""
    if by.kind is not PersonKind.SYSTEM and not keeps_districts.allows(by):
        raise NotAllowed(f"行政区の一覧を変えられるのは「{keeps_districts.words}」です。")
    District.objects.exclude(code__in=[one.code for one in entries]).delete()
    # Names may wander between codes: free them first.
    for district in District.objects.all():
        district.name = f"~{district.pk}"
        district.save(update_fields=["name"])
    for entry in entries:
        District.objects.update_or_create(
            code=entry.code, defaults={"name": entry.name, "order": entry.order, "areas": list(entry.areas)}
        )
    return len(entries)
