"""How other apps may point at self-built apps and their records."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from yakuba.kernel.access.api import NotVisible, Person
from yakuba.kernel.things.api import describe
from yakuba.office.appbuilder.access import app_for
from yakuba.office.appbuilder.models import App


def _sees(person: Person, app: Any) -> bool:
    try:
        app_for(person, app.public_id)
    except NotVisible:
        return False
    return True


describe(
    kind="appbuilder.app",
    label="アプリ",
    model=App,
    title=str,
    url=lambda app: reverse("office-app", args=[app.public_id]),
    gate=_sees,
)
