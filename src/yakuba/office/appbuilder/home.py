"""What self-built apps put into the office's menu and search."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from yakuba.kernel.access.api import Person, PersonKind, Role, role
from yakuba.kernel.home.api import ResidentItem, SearchHit, menu_item, public_door, resident_source, search_source
from yakuba.kernel.organisation.api import open_work_source
from yakuba.kernel.values.api import TOKYO, Clock, Text
from yakuba.office.appbuilder.access import MAY_USE, visible_apps
from yakuba.office.appbuilder.models import Arrival
from yakuba.office.appbuilder.rules.door_states import STANDING
from yakuba.office.appbuilder.services.handing_over import apps_without_keepers, give_to_heir

menu_item(group="庁内", title="アプリ", url_name="office-apps", may=MAY_USE, order=40)
menu_item(
    group="運用",
    title="アプリの送り先の許可",
    url_name="office-app-hosts",
    may=role(Role.IT, Role.AUDITOR),
    order=60,
)

public_door(
    title=Text("申込み・アンケート", easy="もうしこみ・アンケート", en="Sign up and surveys"), url_name="join", order=60
)


@resident_source("appbuilder")
def own_sign_ups(person: Person, clock: Clock) -> Sequence[ResidentItem]:
    """What a resident has signed up for, while it stands; the last day to answer an offer."""
    if person.kind is not PersonKind.RESIDENT:
        return []
    rows = Arrival.objects.filter(account=person.id, state__in=STANDING, erased_on__isnull=True)
    return [
        ResidentItem(
            title=one.entrance.door.title.text("申込み") or Text("申込み"),
            url=reverse("join-own", args=[one.public_id]),
            group="bookings",
            due=one.answer_by.astimezone(TOKYO).date() if one.answer_by else None,
            note=one.standing.text,
        )
        for one in rows.select_related("entrance__app").order_by("-pk")[:20]
    ]


menu_item(
    group="庁内",
    title="アプリ台帳",
    url_name="office-apps-ledger",
    may=role(Role.IT, Role.SECRETARIAT, Role.AUDITOR, Role.SECTION_HEAD),
    order=41,
)

open_work_source("appbuilder.keepers", hand_over=give_to_heir)(apps_without_keepers)


@search_source("appbuilder")
def found(person: Person, words: str) -> Sequence[SearchHit]:
    """Apps by their name; records are searched within their app."""
    asked = words.casefold().split()
    return [
        SearchHit(app.title, app.get_absolute_url(), "アプリ", str(app.section or ""))
        for app, _ in visible_apps(person)
        if asked and all(word in app.title.casefold() for word in asked)
    ][:20]
