"""The forms that come with the house: brought in as drafts, put to their procedures, opened when they go live."""

from __future__ import annotations

import json

from yakuba.kernel.access.api import Person, system_person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.catalogue.api import Channel, ChannelKind, Procedure, correct_channel, open_channel, prepare_channel
from yakuba.kernel.forms.api import FormWentLive, change_draft, create_form
from yakuba.kernel.forms.library import LibraryForm, library_folder
from yakuba.kernel.forms.models import Form, FormVersion
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.values.api import Clock


def numbers_of_forms() -> dict[str, int]:
    """Which procedure (by its number in the catalogue) each form of the library is for."""
    listed = json.loads((library_folder() / "_procedures.json").read_text(encoding="utf-8"))
    return {one["form"]: int(one["no"]) for one in listed}


@verb("procedures.bring_form", label="備え付けの様式を取り込む")
def bring_form(*, by: Person, form: LibraryForm, procedure: Procedure | None, clock: Clock) -> FormVersion | None:
    """Bring a form of the library in as a draft with the ground it proposes, and put it to its procedure.

    ``None`` when the town has a form of that key already: what clerks made of it is never touched.
    """
    definition = form.definition
    if Form.objects.filter(key=definition.key).exists():
        return None
    version = create_form(by=by, definition=definition, section=procedure.section if procedure else None, clock=clock)
    version = change_draft(by=by, version=version, seen_edition=version.edition, ground=form.ground, clock=clock)
    if procedure is not None:
        _put_to(procedure, definition.key, by, clock)
    return version


def open_channels_of_form(event: FormWentLive) -> None:
    """A form went live: the procedures that wait for it are received online from today, by the same decision."""
    clock = town_clock()
    waiting = Channel.objects.select_related("procedure").filter(
        kind=ChannelKind.YAKUBA_FORM.value,
        target=event.form_key,
        live_since__isnull=True,
        closed_on__isnull=True,
        procedure__is_shown=True,
    )
    for channel in waiting:
        open_channel(
            by=system_person("forms"),
            procedure=channel.procedure,
            kind=ChannelKind.YAKUBA_FORM,
            target=event.form_key,
            decision=event.decision,
            decision_ref=f"forms.version:{event.version_public_id}",
            live_since=clock.today(),
            clock=clock,
        )


def _put_to(procedure: Procedure, form_key: str, by: Person, clock: Clock) -> None:
    """The procedure's way by form of the town leads to this form: a way that waits for one, else a further one."""
    ways = list(procedure.channels.filter(kind=ChannelKind.YAKUBA_FORM.value, closed_on__isnull=True))
    if any(one.target == form_key for one in ways):
        return
    waiting = next((one for one in ways if not one.target and one.live_since is None), None)
    if waiting is None:
        prepare_channel(
            by=by, procedure=procedure, kind=ChannelKind.YAKUBA_FORM, target=form_key, note=None, clock=clock
        )
    else:
        correct_channel(
            by=by, channel=waiting, seen_edition=waiting.edition, target=form_key, note=waiting.note_text, clock=clock
        )
