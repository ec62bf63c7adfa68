"""The views of an app one person may open, and the one the app opens with."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from yakuba.kernel.access.api import NotVisible, Person
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.models import App, SavedView
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.permissions import Sight
from yakuba.office.appbuilder.rules.view_check import hidden_behind
from yakuba.office.appbuilder.rules.views import AppView


@dataclass(frozen=True, slots=True)
class Offered:
    """A view with its address; `saved` for one somebody saved."""

    view: AppView
    url: str
    is_current: bool = False
    saved: SavedView | None = None


def me_of(person: Person) -> str:
    """The public id of the person's staff row; what no field holds for everybody else."""
    rows = Staff.objects.filter(pk=person.staff_id) if person.staff_id else Staff.objects.none()
    return rows.values_list("public_id", flat=True).first() or "-"


def offered_views(
    person: Person, app: App, definition: AppDefinition, sight: Sight, *, current: str = ""
) -> list[Offered]:
    """The views the person may open: those of the app, then saved ones, own and shared.

    Views that depend on a field the person does not see are left out, names and all.
    """
    found = [
        Offered(one, reverse("office-app-view", args=[app.public_id, one.key]), one.key == current)
        for one in definition.views
        if not hidden_behind(one, definition, sight.visible)
    ]
    for saved in visible_saved(person, app):
        try:
            view = saved.content
        except Refusal:
            continue  # written under rules that are no longer understood
        if not hidden_behind(view, definition, sight.visible):
            found.append(Offered(view, saved.get_absolute_url(), saved.public_id == current, saved))
    return found


def visible_saved(person: Person, app: App) -> list[SavedView]:
    """Saved views of an app: the person's own and those shared."""
    own = SavedView.objects.filter(app=app, made_by=person.id)
    return list((own | SavedView.objects.filter(app=app, is_shared=True)).select_related("app"))


def saved_for(person: Person, app: App, public_id: str) -> SavedView:
    """One saved view. Raises `NotVisible`."""
    found = next((one for one in visible_saved(person, app) if one.public_id == public_id), None)
    if found is None:
        raise NotVisible
    return found
