"""Pressing a button at a record: at once, or after its own small form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.approval.api import Decider, Preview, preview_route
from yakuba.kernel.audit.api import record_view, viewing
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, app_for, record_for
from yakuba.office.appbuilder.forms.posted import posted_number
from yakuba.office.appbuilder.forms.record_form import RecordForm
from yakuba.office.appbuilder.models import Record
from yakuba.office.appbuilder.queries.buttons import buttons_for
from yakuba.office.appbuilder.queries.deciding import deciding_about
from yakuba.office.appbuilder.queries.names import MOST_OFFERED, names_to_choose
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.permissions import Sight
from yakuba.office.appbuilder.rules.process import Button
from yakuba.office.appbuilder.services import AlreadyPressed, RecordFault, press_button
from yakuba.office.appbuilder.services.press import ChangedSinceSeen, asked_of, deciding_section
from yakuba.office.appbuilder.views.records import is_ready, parts_of

_PRESSING = viewing("appbuilder.pressing", label="アプリの記録のボタンの画面の閲覧")


@page(Face.OFFICE, may=MAY_USE)
@require_http_methods(["GET", "HEAD", "POST"])
def press(request: HttpRequest, public_id: str, record_id: str, key: str) -> HttpResponse:
    """The button's own form, and the press. What does not stand at the record (any more) leads back to it."""
    asking: Any = request
    app, definition, sight = app_for(asking.person, public_id)
    today = asking.clock.today()
    found = record_for(asking.person, app, definition, sight, record_id, today=today)
    back = redirect("office-app-record", public_id=public_id, record_id=record_id)
    now = Shapes(app).of(found, today=today)
    process = definition.process
    button = process.button(key) if process else None
    if process is None or button is None or process.field not in sight.visible:
        messages.error(request, "このボタンは、いまのアプリにはありません。ページを開き直してください。")
        return back
    is_sent = request.method == "POST"
    small = _asked_alone(definition, asked_of(button, definition, sight))
    names = names_to_choose(asking.person, small, request.POST, today=today, values=now.values)
    form = RecordForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        definition=small,
        editable=small.by_hand,
        names=names,
        values=now.values,
    )
    changed: list[str] | None = None
    version = max(0, posted_number(request, "version")) if is_sent else found.version
    is_offered = button in buttons_for(asking.person, found, now.values, definition, sight, today=today)
    is_free = deciding_about(asking.person, found) is None
    # Nobody stores a file by a button that does not stand there for them; the verb says why it does not.
    if is_sent and (is_ready(form, asking) if is_offered and is_free else form.is_valid()):
        try:
            press_button(
                by=asking.person, record=found, button=key, values=form.values, version=version, clock=asking.clock
            )
        except RecordFault as fault:
            form.show_faults(fault.faults)
            if not button.asks and not form.fields:
                messages.error(request, fault.message)
                return back
        except AlreadyPressed as refusal:
            messages.info(request, refusal.message)
            return back
        except Refusal as refusal:
            if not (isinstance(refusal, ChangedSinceSeen) and is_offered and form.asked):
                messages.error(request, f"{refusal.message}{refusal.hint or ''}")
                return back
            # What was typed and sent stays; who presses again says yes to the record as it is now.
            changed, version = _changed_since(found, version, definition, sight), found.version
        else:
            messages.success(
                request,
                f"「{button.label}」の決裁を求めました。" if button.approval else f"「{button.label}」を押しました。",
            )
            return back
    elif not is_sent and not (is_offered and is_free):
        messages.error(request, f"いまは「{button.label}」を押せません。")
        return back
    record_view(by=asking.person, subjects=[found], what=_PRESSING)
    field = definition.field(process.field)
    state = process.state_of(now.values)
    shown = {
        "app": app,
        "record": found,
        "button": button,
        "form": form,
        "parts": parts_of(small, form, asking.person, now.values),
        "most": MOST_OFFERED,
        "version": version,
        "changed": changed,
        "state": field.choice_label(state) if field else state,
        "to": field.choice_label(button.to) if field else button.to,
        "preview": _preview(asking, found, button, now.values),
    }
    status = 409 if changed is not None else 422 if form.errors else 200
    return render(request, "appbuilder/press.html", shown, status=status)


def _changed_since(record: Record, version: int, definition: AppDefinition, sight: Sight) -> list[str]:
    """The names of the fields others changed since a version, as far as the person sees them."""
    keys = {key for entry in record.history.filter(version__gt=version) for key in (*entry.before, *entry.after)}
    return [one.label for one in definition.fields if one.key in keys & sight.visible]


def _asked_alone(definition: AppDefinition, asked: frozenset[str]) -> AppDefinition:
    """The definition with nothing but the fields a button asks for, each of which must be filled."""
    fields = tuple(one.model_copy(update={"required": True}) for one in definition.fields if one.key in asked)
    return definition.model_copy(update={"fields": fields})


def _preview(asking: Any, record: Record, button: Button, values: dict[str, Any]) -> Preview | None:
    """Who would see the draft; nothing where the house cannot say yet."""
    if button.approval is None:
        return None
    try:
        section = deciding_section(asking.person, record, button.approval, asking.clock)
    except Refusal:
        return None
    amount = values.get(button.approval.amount)
    return preview_route(
        kind=button.approval.kind,
        section=section,
        authority=section.authority,
        on=asking.clock.today(),
        drafter=asking.person.staff_id,
        facts={"amount": amount} if isinstance(amount, int) else None,
        decider=Decider(button.approval.decider),
    )
