"""The plain page around a form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yakuba.plan.views.acting import status_of


def form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    back: tuple[str, str],
    lead: str = "",
    submit: str = "登録する",
    danger: bool = False,
    upload: bool = False,
    template: str = "plan/office/form.html",
    trail: Sequence[tuple[str, str]] = (),
    **context: Any,
) -> HttpResponse:
    """A page with one form. `back` is (words, address) of where giving up leads."""
    shown = {
        "form": form,
        "title": title,
        "lead": lead,
        "submit": submit,
        "danger": danger,
        "upload": upload,
        "back_words": back[0],
        "back_url": back[1],
        "trail": trail,
        **context,
    }
    return render(request, template, shown, status=status_of(form))
