"""One page for every act: a form, what it does, and the refusal at the field it names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from yakuba.kernel.organisation.forms import ActForm
from yakuba.kernel.values.api import Refusal


@dataclass(frozen=True)
class Act:
    """An act as its page shows it.

    ``lead`` says what happens; ``run`` does it with the form's values and gives the address to go to; ``done`` is said
    afterwards; ``now`` are (term, value) pairs of the record as it stands, shown beside a refused form.
    """

    title: str
    submit: str
    lead: str
    run: Callable[[Any], str]
    done: str
    back: str
    back_title: str
    danger: bool = False
    now: Sequence[tuple[str, object]] = field(default=())


def answer(request: HttpRequest, act: Act, form: ActForm) -> HttpResponse:
    """The page of an act: the empty form, the form with what is wrong (422), or on to the record."""
    if request.method == "POST" and form.is_valid():
        try:
            address = act.run(form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, act.done)
            return HttpResponseRedirect(address)
    return render(
        request,
        "organisation/act.html",
        {
            "act": act,
            "form": form,
            "now": [{"term": term, "value": value} for term, value in act.now] if form.errors else [],
            "crumbs": [
                {"title": "組織と職員", "url": "/office/organisation/"},
                {"title": act.back_title, "url": act.back},
                {"title": act.title},
            ],
        },
        status=422 if form.errors else 200,
    )
