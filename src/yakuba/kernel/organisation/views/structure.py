"""Authorities, posts and outside organisations on one page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yakuba.kernel.access.api import Face, NotVisible, Role, office_seat, page
from yakuba.kernel.organisation import forms
from yakuba.kernel.organisation import services as verbs
from yakuba.kernel.organisation.access import editors, may_edit
from yakuba.kernel.organisation.models import Authority, OutsideOrganisation, Post
from yakuba.kernel.organisation.views.acting import Act, answer
from yakuba.kernel.organisation.views.staff_acts import after


@page(Face.OFFICE, may=office_seat)
def structure(request: HttpRequest) -> HttpResponse:
    """What the house is made of besides sections and people."""
    asking: Any = request
    return render(
        request,
        "organisation/structure.html",
        {
            "authorities": Authority.objects.all(),
            "posts": Post.objects.all(),
            "outside": [
                {"organisation": one, "last_day": one.ends_on and one.ends_on - timedelta(days=1)}
                for one in OutsideOrganisation.objects.all()
            ],
            "may_edit": may_edit(asking.person),
            "crumbs": [
                {"title": "組織と職員", "url": reverse("organisation-chart")},
                {"title": "執行機関・職・外部の団体"},
            ],
        },
    )


@page(Face.OFFICE, may=editors)
def authority(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Enter or correct a deciding authority."""
    asking: Any = request
    found = _found(Authority, public_id)
    initial = _initial(found, "code", "name", "head_title", "seal_name", "order")
    form = forms.AuthorityForm(request.POST or None, initial=initial, today=asking.clock.today())
    if found:
        del form.fields["code"]

    def run(form: Any) -> str:
        if found:
            verbs.correct_authority(by=asking.person, authority=found, **form.cleaned_data)
        else:
            verbs.found_authority(by=asking.person, **form.cleaned_data)
        return reverse("organisation-structure")

    return answer(request, _act("執行機関", found, run), form)


@page(Face.OFFICE, may=editors)
def post(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Enter or correct a post."""
    asking: Any = request
    found = _found(Post, public_id)
    form = forms.PostForm(
        request.POST or None, initial=_initial(found, "title", "rank", "role"), today=asking.clock.today()
    )

    def run(form: Any) -> str:
        values = {**form.cleaned_data, "role": Role(form.cleaned_data["role"]) if form.cleaned_data["role"] else None}
        if found:
            verbs.correct_post(by=asking.person, post=found, **values)
        else:
            verbs.define_post(by=asking.person, **values)
        return reverse("organisation-structure")

    return answer(request, _act("職", found, run), form)


@page(Face.OFFICE, may=editors)
def outside(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Enter or correct an outside organisation."""
    asking: Any = request
    found = _found(OutsideOrganisation, public_id)
    initial = _initial(found, "name", "kind", "starts_on")
    if found and found.ends_on:
        initial["last_day"] = found.ends_on - timedelta(days=1)
    form = forms.OutsideForm(request.POST or None, initial=initial, today=asking.clock.today())

    def run(form: Any) -> str:
        values = dict(form.cleaned_data)
        values["ends_on"] = after(values.pop("last_day"))
        if found:
            verbs.correct_outside_organisation(by=asking.person, organisation=found, **values)
        else:
            verbs.admit_outside_organisation(by=asking.person, **values)
        return reverse("organisation-structure")

    return answer(request, _act("外部の団体", found, run), form)


def _found(model: Any, public_id: str) -> Any:
    if not public_id:
        return None
    found = model.objects.filter(public_id=public_id).first()
    if found is None:
        raise NotVisible
    return found


def _initial(found: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(found, name) for name in names} if found else {}


def _act(what: str, found: Any, run: Any) -> Act:
    return Act(
        title=f"{what}の訂正" if found else f"{what}の登録",
        submit="訂正する" if found else "登録する",
        lead="",
        run=run,
        done="訂正しました。" if found else "登録しました。",
        back=reverse("organisation-structure"),
        back_title="執行機関・職・外部の団体",
    )
