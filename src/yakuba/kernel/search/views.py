"""The synonyms in the office: what holds, trying a word, the town's own lines."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.search.access import MAY_EDIT, get_for, visible_to
from yakuba.kernel.search.forms import SynonymsForm
from yakuba.kernel.search.models import SynonymGroup
from yakuba.kernel.search.queries.thesaurus import is_replaced, shipped_synonyms, thesaurus
from yakuba.kernel.search.rules.keys import search_key
from yakuba.kernel.search.rules.synonym_lines import read_line
from yakuba.kernel.search.rules.words import Synonyms
from yakuba.kernel.search.services.synonyms import add_synonyms, change_synonyms, remove_synonyms
from yakuba.kernel.values.api import Refusal

_LONGEST_TRIED = 100


@page(Face.OFFICE, may=office_seat)
def synonyms(request: HttpRequest) -> HttpResponse:
    """All lines; a word can be tried."""
    asking: Any = request
    own = list(visible_to(asking.person))
    own_keys = {search_key(word) for line in own for word in line.same}
    tried = request.GET.get("word", "").strip()[:_LONGEST_TRIED]
    all_of_them = thesaurus()
    lines = [*shipped_synonyms(), *(Synonyms(tuple(one.same), tuple(one.narrower)) for one in own)]
    written = {search_key(word): word for line in lines for word in (*line.same, *line.narrower)}
    context = {
        "own": own,
        "shipped": [(line, is_replaced(line, own_keys)) for line in shipped_synonyms()],
        "tried": tried,
        "others": [
            (word, [written.get(key, key) for key in all_of_them.synonyms_of(search_key(word))])
            for word in tried.split()
        ],
        "may_edit": MAY_EDIT.allows(asking.person),
    }
    return render(request, "search/synonyms.html", context)


@page(Face.OFFICE, may=MAY_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a line; ``like`` names the first word of a shipped one to begin with."""
    asking: Any = request
    form = SynonymsForm(request.POST or None, initial=_like(request.GET.get("like", "")))
    if request.method == "POST" and form.is_valid():
        try:
            add_synonyms(by=asking.person, **_words(form))
        except Refusal as refusal:
            _show(form, refusal)
        else:
            messages.success(request, "類語を登録しました。すぐに検索で使われます。")
            return redirect("search-synonyms")
    return _form_page(request, form, "類語を登録する")


@page(Face.OFFICE, may=MAY_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a line."""
    asking: Any = request
    group = get_for(asking.person, public_id)
    form = SynonymsForm(request.POST or None, initial=_initial(group))
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            change_synonyms(by=asking.person, group=group, version=version, **_words(form))
        except Refusal as refusal:
            _show(form, refusal)
            form.data = {**request.POST.dict(), "version": group.version}  # seen now: the next press may replace it
        else:
            messages.success(request, "類語を直しました。すぐに検索で使われます。")
            return redirect("search-synonyms")
    return _form_page(request, form, "類語を直す", group)


@page(Face.OFFICE, may=MAY_EDIT)
@require_POST
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remove a line."""
    asking: Any = request
    remove_synonyms(by=asking.person, group=get_for(asking.person, public_id))
    messages.success(request, "類語の行を消しました。")
    return redirect("search-synonyms")


def _like(first: str) -> dict[str, str]:
    line = next((one for one in shipped_synonyms() if one.same[0] == first), None)
    return {"same": "、".join(line.same), "narrower": "、".join(line.narrower)} if line else {}


def _initial(group: SynonymGroup) -> dict[str, Any]:
    return {
        "same": "、".join(group.same),
        "narrower": "、".join(group.narrower),
        "note": group.note,
        "version": group.version,
    }


def _words(form: SynonymsForm) -> dict[str, Any]:
    written = form.cleaned_data
    return {
        "same": read_line(written["same"]),
        "narrower": read_line(written["narrower"]),
        "note": written["note"],
    }


def _show(form: SynonymsForm, refusal: Refusal) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, f"{refusal.message}{refusal.hint or ''}")


def _form_page(request: HttpRequest, form: SynonymsForm, title: str, group: SynonymGroup | None = None) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "group": group,
        "crumbs": [{"title": "検索の類語", "url": reverse("search-synonyms")}, {"title": title}],
    }
    return render(request, "search/synonyms_form.html", context, status=422 if form.errors else 200)
