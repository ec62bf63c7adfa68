"""A self-built app in the town hall of the trial: lending with a process, a button that needs a decision, automations.

`python -m tests.crash.ledger.lending_app` makes it, with the people who use it.
"""

from __future__ import annotations

from typing import Any

import django

CLERK, COLLEAGUE, HEAD = "1004", "1002", "1001"
"""Numbers of the staff: who writes and asks, who hands out, who decides."""
ROWS = 60
"""Of one import."""
OTHER_APP = "控え"
LENDING_APP = "備品貸出"
TEXTS = {"added": "加わったら控える", "moved": "貸し出したら印を付ける"}


def main() -> None:
    django.setup()
    from yakuba.kernel.audit.api import unaudited_writes
    from yakuba.kernel.identity.models import Account, AccountKind
    from yakuba.kernel.organisation.tests.town_hall import open_town_hall
    from yakuba.kernel.values.api import SystemClock
    from yakuba.office.appbuilder.queries import checking
    from yakuba.office.appbuilder.services import publish_version, save_definition
    from yakuba.office.appbuilder.tests.lending import lending
    from yakuba.office.appbuilder.tests.world import acting, lookable, open_app

    checking.why_checked = lambda *_, **__: ()  # nobody else is there to look at it first
    clock = SystemClock()
    hall = open_town_hall()
    staff = hall.staff["行政 主事"]
    by = acting(staff)
    with unaudited_writes("tests"):
        Account.objects.create(
            staff=staff, kind=AccountKind.STAFF, sign_in_name=staff.number, display_name=staff.name, public_id=by.id
        )
    other = open_app(by, [{"key": "what", "label": "何", "type": "short_text", "filterable": True}], OTHER_APP)
    app = open_app(by, [{"key": "item", "label": "品名", "type": "short_text"}], LENDING_APP)
    definition = lending(automations=_automations(other.public_id))
    saved = save_definition(by=by, app=app, definition=definition, edition=0, clock=clock)
    publish_version(by=by, app=app, edition=saved.edition, apps=lookable(), clock=clock)


def _automations(other: str) -> list[dict[str, Any]]:
    """Each leaves three traces for one cause: a notice, a record elsewhere, a field set."""
    copy = {"does": "create", "app": other, "fields": [{"to": "what", "given": "field", "value": "item"}]}
    mark = {"does": "set", "sets": [{"field": "secret", "to": "constant", "value": "控えた"}]}
    stamp = {"does": "set", "sets": [{"field": "due_on", "to": "today"}]}
    return [
        {
            "key": "added",
            "name": TEXTS["added"],
            "when": "added",
            "actions": [{"does": "notify", "maker": True, "text": "「品名」が加わりました。"}, copy, mark],
        },
        {
            "key": "moved",
            "name": TEXTS["moved"],
            "when": "reached",
            "field": "state",
            "state": "out",
            "actions": [stamp],
        },
    ]


if __name__ == "__main__":
    main()
