"""Applications: the form of a door in the hands of `kernel.forms`, and the record of each case that arrives by it."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.cases.access import is_protected_case
from yakuba.kernel.cases.api import Case, CaseReceived
from yakuba.kernel.catalogue.api import Channel, ChannelKind, prepare_channel, procedure_of
from yakuba.kernel.forms.api import FormClosed, FormWentLive, change_draft, create_form
from yakuba.kernel.forms.models import FormVersion
from yakuba.kernel.forms.rules.lifecycle import LegalGround, VersionState
from yakuba.kernel.japan.api import find_my_numbers
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.models import App, Arrival, Cell, Entrance
from yakuba.office.appbuilder.models.doors import door_content
from yakuba.office.appbuilder.queries.door_questions import APPLICANT, fitting_values, form_of
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppField, FieldType
from yakuba.office.appbuilder.rules.door_check import door_problems
from yakuba.office.appbuilder.rules.door_states import ArrivalState, EntranceState
from yakuba.office.appbuilder.rules.doors import DoorKind
from yakuba.office.appbuilder.rules.values import cells_of, is_shaped
from yakuba.office.appbuilder.services.define import NotReady, locked, main_section
from yakuba.office.appbuilder.services.door_arrivals import door_person, hold_entrance, stored_sending
from yakuba.office.appbuilder.services.door_openings import (
    asked_fields,
    count_one_more,
    entrance_of,
    kept_until,
    require_manager,
)
from yakuba.office.appbuilder.services.records import keep_new

_PLACES = (FieldType.ADDRESS, FieldType.PHONE, FieldType.MAIL)


@verb("appbuilder.make_door_form", label="電子申請の入口の様式を作る")
def make_door_form(*, by: Person, app: App, key: str, clock: Clock) -> FormVersion:
    """Make the form of an application door, or bring its draft up to the door, and put it to the procedure.

    From here on it is a form like any other: its legal ground, the check by somebody else and the decision to publish
    it stand in `kernel.forms`; the door opens when the form goes live. Raises `NotReady`, `Refusal`, `NotAllowed`.
    """
    app = locked(app)
    require_manager(by, app)
    version = app.versions.filter(state="in_use").first()
    definition = version.content if version is not None else None
    door = definition.door(key) if definition is not None else None
    if definition is None or door is None or door.kind is not DoorKind.APPLICATION:
        raise Refusal(
            "この電子申請の入口は、使用中の版にありません。", hint="先に、下書きを確かめて使い始めてください。"
        )
    problems = tuple(one for one in door_problems(definition) if f"「{door.name or door.key}」" in one.place)
    if problems:
        raise NotReady(problems)
    procedure = procedure_of(door.procedure)
    if procedure is None:
        raise Refusal("選んだ手続きが、カタログにありません。", hint="「文章と決まり」で選び直してください。")
    kept = entrance_of(app, key)
    fields = asked_fields(door, definition)
    kept.form_key = f"app-door-{kept.number}"
    written = form_of(door, fields, key=kept.form_key)
    latest = FormVersion.objects.filter(form__key=kept.form_key).select_related("form").order_by("-number").first()
    if latest is None:
        made = create_form(by=by, definition=written, section=main_section(by, clock.today()), clock=clock)
    elif latest.life is VersionState.DRAFT:
        made = change_draft(
            by=by, version=latest, seen_edition=latest.edition, definition=written, label="入口から", clock=clock
        )
    else:
        raise Refusal(
            f"様式の第{latest.number}版は{latest.life.label}です。",
            hint="「様式」の画面で新しい版の下書きを作ってから、もう一度押してください。",
        )
    ground = LegalGround(
        law=made.law, online=made.online_ground, signature=made.signature_rule, purpose=door.purpose.ja.strip()
    )
    made = change_draft(by=by, version=made, seen_edition=made.edition, ground=ground, clock=clock)
    ways = Channel.objects.filter(procedure=procedure, kind=ChannelKind.YAKUBA_FORM.value, closed_on__isnull=True)
    if not ways.filter(target=kept.form_key).exists():
        prepare_channel(
            by=by, procedure=procedure, kind=ChannelKind.YAKUBA_FORM, target=kept.form_key, note=None, clock=clock
        )
    kept.waiting, kept.asked_by, kept.procedure = door_content(door, fields), by.id, procedure.key
    if kept.standing is EntranceState.DRAFT:
        kept.state = EntranceState.CHECKING
    kept.save()
    return made


def hear_form_live(event: FormWentLive) -> None:
    """The form was decided and went live: so does its door."""
    for kept in Entrance.objects.select_for_update().filter(form_key=event.form_key):
        if kept.waiting:
            kept.content, kept.waiting = kept.waiting, {}
        if kept.content:
            kept.state, kept.closed_at, kept.decision = EntranceState.OPEN, None, event.decision[:120]
            kept.opened_at = kept.opened_at or town_clock().now()
        kept.save()


def hear_form_closed(event: FormClosed) -> None:
    """The form takes nothing new: the door is closed."""
    for kept in Entrance.objects.select_for_update().filter(form_key=event.form_key, state=EntranceState.OPEN):
        kept.state, kept.closed_at = EntranceState.CLOSED, town_clock().now()
        kept.save()


def hear_case_received(event: CaseReceived) -> None:
    """A case arrived by the form of a door: it gets its record, in the transaction of its arrival."""
    case = Case.objects.select_related("answers__version__form").get(public_id=event.case_public_id)
    entrance = (
        Entrance.objects.select_related("app")
        .filter(form_key=case.answers.version.form.key, app__closed_at__isnull=True)
        .exclude(content={})
        .first()
    )
    if entrance is not None:
        take_case(by=door_person(entrance.door), entrance=entrance, case=case, clock=town_clock())


@verb("appbuilder.take_case", label="電子申請からの記録の作成")
def take_case(*, by: Person, entrance: Entrance, case: Case, clock: Clock) -> None:
    """The record of a case: what the app can hold of its answers. Nothing in the app ever keeps a case from arriving.

    Of protected people no place and no contact is copied: these stay sealed with the case.
    """
    kept = hold_entrance(entrance)
    if Arrival.objects.filter(case=case.public_id).exists():
        return
    shapes = Shapes(kept.app)
    definition, door = shapes.definition, kept.door
    answers = case.answers.answers
    values = fitting_values(kept.fields, answers)
    name = answers.get(APPLICANT)
    if door.name_field and isinstance(name, dict):
        values[door.name_field] = "　".join(filter(None, (name.get("family"), name.get("given"))))[:200]
    if is_protected_case(case, on=clock.today()):
        hidden = {one.key for one in kept.fields if one.type in _PLACES}
        values = {key: value for key, value in values.items() if key not in hidden}
    given = {one.key: one.default for one in definition.fields if one.default is not None and one.type.is_typed}
    given |= {key: value for key, value in values.items() if _may_hold(kept.app, definition.field(key), value)}
    if definition.process is not None:
        given[definition.process.field] = definition.process.start
    count_one_more(kept, most=0)
    record = keep_new(
        by=by,
        app=kept.app,
        definition=definition,
        shape=shapes.number,
        given=given,
        section=kept.app.section,
        clock=clock,
    )
    Arrival.objects.create(
        entrance=kept,
        record=record,
        number=case.number[:12],
        sending=stored_sending(f"case:{case.public_id}"),
        state=ArrivalState.THERE,
        case=case.public_id,
        arrived_at=clock.now(),
        kept_until=kept_until(door, clock.today()),
    )


def _may_hold(app: App, one: AppField | None, value: object) -> bool:
    """Whether the app as it is now can hold a value: of the field's shape, no My Number, no duplicate."""
    if one is None or not one.type.is_typed or not is_shaped(one, value):
        return False
    if isinstance(value, str) and find_my_numbers(value):
        return False
    if not one.unique:
        return True
    written = cells_of(one, value)[0].written
    return not Cell.objects.filter(app=app, key=one.key, unique_text=written).exists()


__all__ = ["hear_case_received", "hear_form_closed", "hear_form_live", "make_door_form", "take_case"]
