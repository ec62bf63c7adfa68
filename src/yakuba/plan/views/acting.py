"""From a filled form to a verb: what a rule refuses is shown at its field, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from yakuba.kernel.values.api import Refusal


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, even if every field was left empty; `None` when the page was only opened."""
    return request.POST if request.method == "POST" else None


def attempt(form: forms.Form, act: Callable[[], Any]) -> Any:
    """Run `act` if the form is valid. A refusal becomes an error of the form and `None` is returned."""
    if not form.is_valid():
        return None
    try:
        return act()
    except Refusal as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, " ".join(part for part in (refusal.message, refusal.hint) if part))
        return None


def status_of(form: forms.Form) -> int:
    """422 for a form with errors, else 200."""
    return 422 if form.is_bound and form.errors else 200
