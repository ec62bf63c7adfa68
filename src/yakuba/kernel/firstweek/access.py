"""Who may see uploaded workbooks: those who keep the organisation's records."""

from __future__ import annotations

from django.db.models import QuerySet

from yakuba.kernel.access.api import NotVisible, Person
from yakuba.kernel.firstweek.models import Upload
from yakuba.kernel.organisation.api import may_edit


def visible_to(person: Person) -> QuerySet[Upload]:
    """Uploads a person may see, newest first, without the heavy columns."""
    if not may_edit(person):
        return Upload.objects.none()
    return Upload.objects.defer("content", "lines").order_by("-uploaded_at")


def get_for(person: Person, public_id: str) -> Upload:
    """One upload. Raises ``NotVisible``."""
    found = Upload.objects.filter(public_id=public_id).first() if may_edit(person) else None
    if found is None:
        raise NotVisible
    return found
