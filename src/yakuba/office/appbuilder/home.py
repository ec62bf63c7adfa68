"""What self-built apps put into the office's menu and search."""

from __future__ import annotations

from collections.abc import Sequence

from yakuba.kernel.access.api import Person, Role, role
from yakuba.kernel.home.api import SearchHit, menu_item, search_source
from yakuba.office.appbuilder.access import MAY_USE, visible_apps

menu_item(group="庁内", title="アプリ", url_name="office-apps", may=MAY_USE, order=40)
menu_item(
    group="運用",
    title="アプリの送り先の許可",
    url_name="office-app-hosts",
    may=role(Role.IT, Role.AUDITOR),
    order=60,
)


@search_source("appbuilder")
def found(person: Person, words: str) -> Sequence[SearchHit]:
    """Apps by their name; records are searched within their app."""
    asked = words.casefold().split()
    return [
        SearchHit(app.title, app.get_absolute_url(), "アプリ", str(app.section or ""))
        for app, _ in visible_apps(person)
        if asked and all(word in app.title.casefold() for word in asked)
    ][:20]
