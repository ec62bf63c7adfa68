"""The apps somebody is to be told of, and who."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from yakuba.kernel.access.api import Role
from yakuba.kernel.organisation.api import head_of, sections_on, staff_on, successors_on, valid_on
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.office.appbuilder.models import App
from yakuba.office.appbuilder.queries.ledger import entries, is_orphan, with_counts
from yakuba.office.appbuilder.queries.told import keepers_of


def to_tell(today: date) -> Iterator[tuple[App, list[Staff], str]]:
    """Each orphan with the heads to tell and why, and each unused app with its keepers and ""."""
    apps = list(with_counts(App.objects.filter(closed_at__isnull=True, is_sample=False).select_related("section")))
    known = entries(apps, today=today)
    for app in apps:
        entry = known.get(app.pk)
        if entry is None:
            continue
        if is_orphan(entry):
            yield app, heads_for(app, today), "、".join(entry.problems)
        elif "12か月使われていない" in entry.problems:
            yield app, keepers_of(app, today), ""


def heads_for(app: App, today: date) -> list[Staff]:
    """The head of the owning section, of what stands for it by now, or else the information systems staff."""
    found: list[Staff] = []
    if app.section_id is not None:
        standing = [app.section_id] if sections_on(today).filter(pk=app.section_id).exists() else None
        ids = standing or successors_on([app.section_id], today).get(app.section_id, [])
        heads = [head_of(section, today) for section in Section.objects.filter(pk__in=ids)]
        found = [one for one in heads if one is not None]
    if found:
        return found
    granted = valid_on(today, start="role_grants__starts_on", end="role_grants__ends_on")
    return list(staff_on(today).filter(granted, role_grants__role=Role.IT.value).distinct())
