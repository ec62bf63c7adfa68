"""Taking an older version of an app as the new draft."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.models import App, AppEvent, AppVersion
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.services.caring import note_event
from yakuba.office.appbuilder.services.define import save_definition


@verb("appbuilder.take_version_back", label="アプリの以前の版を下書きにする")
def take_version_back(*, by: Person, app: App, number: int, edition: int, clock: Clock) -> AppVersion:
    """The draft becomes what the app was in a version; what is in use stays until the draft is put to use.

    `edition` as in `save_definition`, with its refusals. Values of fields that come back were never lost.
    """
    version = AppVersion.objects.filter(app=app, number=number).exclude(state=VersionState.DRAFT).first()
    if version is None:
        raise Refusal("この版は見つかりません。", hint="ページを開き直してください。")
    draft = save_definition(by=by, app=app, definition=version.content, edition=edition, clock=clock)
    note_event(app, AppEvent.Kind.TOOK_BACK, f"第{number}版を下書きにした", by, clock)
    return draft
