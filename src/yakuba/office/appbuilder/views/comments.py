"""Comments at a record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from yakuba.kernel.access.api import Face, NotVisible, page
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.access import MAY_USE, record_for
from yakuba.office.appbuilder.forms.comment import CommentForm
from yakuba.office.appbuilder.models import Record, RecordComment
from yakuba.office.appbuilder.services import add_comment, delete_comment
from yakuba.office.appbuilder.views.records import opened, record_page


def _record(asking: Any, public_id: str, record_id: str) -> Record:
    app, definition, sight = opened(asking, public_id)
    return record_for(asking.person, app, definition, sight, record_id, today=asking.clock.today())


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def comment(request: HttpRequest, public_id: str, record_id: str) -> HttpResponse:
    """Say something; what was wrong stands at the form, on the page of the record."""
    asking: Any = request
    found = _record(asking, public_id, record_id)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            add_comment(by=asking.person, record=found, text=form.words(), clock=asking.clock)
        except Refusal as refusal:
            form.add_error("text", f"{refusal.message}{refusal.hint or ''}")
        else:
            messages.success(request, "コメントを書き込みました。")
            return redirect(f"{reverse('office-app-record', args=[public_id, record_id])}#comments")
    return record_page(asking, public_id, record_id, comment_form=form)


@page(Face.OFFICE, may=MAY_USE)
@require_POST
def take_back(request: HttpRequest, public_id: str, record_id: str, comment_id: str) -> HttpResponse:
    """Delete a comment; a trace stays."""
    asking: Any = request
    found = _record(asking, public_id, record_id)
    said = (
        RecordComment.objects.select_related("record__app__section").filter(record=found, public_id=comment_id).first()
    )
    if said is None:
        raise NotVisible
    delete_comment(by=asking.person, comment=said, clock=asking.clock)
    messages.success(request, "コメントを削除しました。")
    return redirect(f"{reverse('office-app-record', args=[public_id, record_id])}#comments")
