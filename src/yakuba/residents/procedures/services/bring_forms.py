"""The forms that come with the house: brought in as drafts, put to their procedures, opened when they go live."""

from __future__ import annotations

import json

from django.db.models import Q

from yakuba.kernel.access.api import Person, system_person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.catalogue.api import (
    Channel,
    ChannelKind,
    Procedure,
    close_channel,
    correct_channel,
    open_channel,
    prepare_channel,
)
from yakuba.kernel.forms.api import FormClosed, FormWentLive, change_draft, create_form
from yakuba.kernel.forms.library import LibraryForm, library_folder
from yakuba.kernel.forms.models import Form, FormVersion
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.values.api import Clock

FORM_CLOSED = "様式の受付を終えたため"
"""Why a way was closed together with its form; it opens again with the form."""


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
    """A form went live: the procedures it is for are received online from today, by the same decision.

    These are procedures whose way waits for the form, and those whose way was closed when the form was.
    """
    clock = town_clock()
    ways = Channel.objects.filter(kind=ChannelKind.YAKUBA_FORM.value, target=event.form_key)
    if ways.filter(live_since__isnull=False, closed_on__isnull=True).exists():
        return  # a newer version of a form that is open already
    waiting = ways.filter(Q(live_since__isnull=True, closed_on__isnull=True) | Q(closing_reason=FORM_CLOSED))
    for procedure in Procedure.objects.filter(is_shown=True, channels__in=waiting).distinct():
        open_channel(
            by=system_person("forms"),
            procedure=procedure,
            kind=ChannelKind.YAKUBA_FORM,
            target=event.form_key,
            decision=event.decision,
            decision_ref=f"forms.version:{event.version_public_id}",
            live_since=clock.today(),
            clock=clock,
        )


def close_channels_of_form(event: FormClosed) -> None:
    """A form takes nothing any more: its procedures are no longer online by it, and no longer counted as such."""
    clock = town_clock()
    open_ways = Channel.objects.filter(
        kind=ChannelKind.YAKUBA_FORM.value, target=event.form_key, live_since__isnull=False, closed_on__isnull=True
    )
    for channel in open_ways:
        close_channel(by=system_person("forms"), channel=channel, on=clock.today(), reason=FORM_CLOSED, clock=clock)


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
