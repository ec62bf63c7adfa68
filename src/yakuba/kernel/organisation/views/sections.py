"""A section's page and what can be done to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.kernel.japan.api import era_date
from yakuba.kernel.organisation import forms
from yakuba.kernel.organisation import services as verbs
from yakuba.kernel.organisation.access import (
    editors,
    get_section_for,
    may_edit,
    sections_visible_to,
    sees_people_on,
    sees_records,
)
from yakuba.kernel.organisation.models import Posting, Section, SectionSuccession
from yakuba.kernel.organisation.models.validity import not_over_on, valid_on
from yakuba.kernel.organisation.queries import members_of
from yakuba.kernel.organisation.views.acting import Act, answer


def section_url(section: Section) -> str:
    return reverse("organisation-section", args=[section.public_id])


@page(Face.OFFICE, may=office_seat)
def section(request: HttpRequest, public_id: str) -> HttpResponse:
    """One section: what it does, who is there, what stands below it, where it came from and where it went."""
    asking: Any = request
    found = get_section_for(asking.person, public_id)
    today = asking.clock.today()
    day = _day_in_its_life(found, today)
    return render(
        request,
        "organisation/section.html",
        {
            "section": found,
            "day": day,
            "state": _state(found, today),
            "last_day": found.ends_on and found.ends_on - timedelta(days=1),
            "shows_people": sees_people_on(asking.person, day, today),
            "members": members_of(found, day) if sees_people_on(asking.person, day, today) else [],
            "coming": _coming(found, day) if sees_records(asking.person) else [],
            "units": sections_visible_to(asking.person).filter(valid_on(day), parent=found),
            "history": _history(found),
            "acts": _acts_for(found, today) if may_edit(asking.person) else [],
            "crumbs": [
                {"title": "組織と職員", "url": reverse("organisation-chart")},
                *([{"title": found.parent.name, "url": section_url(found.parent)}] if found.parent else []),
                {"title": found.name},
            ],
        },
    )


@page(Face.OFFICE, may=editors)
def found(request: HttpRequest) -> HttpResponse:
    """Found a section."""
    asking: Any = request
    form = forms.FoundForm(request.POST or None, today=asking.clock.today())

    def run(form: forms.FoundForm) -> str:
        return section_url(verbs.found_section(by=asking.person, **form.cleaned_data))

    act = Act(
        title="所属の設置",
        submit="設置する",
        lead="新しい所属を、設置日の0時から置きます。",
        run=run,
        done="所属を設置しました。",
        back=reverse("organisation-chart"),
        back_title="組織図",
    )
    return answer(request, act, form)


@page(Face.OFFICE, may=editors)
def act_on_section(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """Rename, move, merge, split, close or correct a section."""
    asking: Any = request
    section = get_section_for(asking.person, public_id)
    make = _ACTS.get(act)
    if make is None:
        raise Http404
    made, form = make(asking, section)
    return answer(request, made, form)


def _correct(asking: Any, section: Section) -> tuple[Act, forms.ActForm]:
    initial = {
        "name": section.name,
        "name_kana": section.name_kana,
        "kind": section.kind,
        "authority": section.authority.code,
        "parent": section.parent.public_id if section.parent else None,
        "starts_on": section.starts_on,
        "phone": section.phone,
        "duties": section.duties,
        "order": section.order,
        "version": section.version,
    }
    form = forms.CorrectSectionForm(asking.POST or None, initial=initial, today=asking.clock.today())
    act = _act(
        section,
        title="記録の訂正",
        submit="訂正する",
        lead="はじめから記録が誤っていたときに直します。名称や場所が変わる日があるときは「改称」「移管」を使ってください。",
        done="記録を訂正しました。",
        run=lambda form: section_url(verbs.correct_section(by=asking.person, section=section, **form.cleaned_data)),
        now=(
            ("名称", section.name),
            ("種別", section.get_kind_display()),
            ("執行機関", section.authority),
            ("上位の所属", section.parent or "（なし）"),
            ("設置日", era_date(section.starts_on)),
            ("電話", section.phone),
            ("分掌事務", section.duties),
        ),
    )
    return act, form


def _rename(asking: Any, section: Section) -> tuple[Act, forms.ActForm]:
    form = forms.RenameForm(asking.POST or None, initial={"name": section.name}, today=asking.clock.today())
    act = _act(
        section,
        title="改称",
        submit="改称する",
        lead="指定した日から新しい名称の所属になります。職員と班・係はそのまま新しい所属に引き継がれ、過去の名称も残ります。",
        done="改称を登録しました。",
        run=lambda form: section_url(verbs.rename_section(by=asking.person, section=section, **form.cleaned_data)),
    )
    return act, form


def _move(asking: Any, section: Section) -> tuple[Act, forms.ActForm]:
    initial = {
        "authority": section.authority.code,
        "parent": section.parent.public_id if section.parent else None,
    }
    form = forms.MoveForm(asking.POST or None, initial=initial, today=asking.clock.today())
    act = _act(
        section,
        title="移管",
        submit="移管する",
        lead="指定した日から、別の上位の所属または執行機関に移します。職員と班・係も一緒に移ります。",
        done="移管を登録しました。",
        run=lambda form: section_url(verbs.move_section(by=asking.person, section=section, **form.cleaned_data)),
    )
    return act, form


def _merge(asking: Any, section: Section) -> tuple[Act, forms.ActForm]:
    form = forms.MergeForm(asking.POST or None, today=asking.clock.today(), section=section)

    def run(form: forms.ActForm) -> str:
        values = form.cleaned_data
        into = values["into"] or verbs.NewSection(
            code=values["code"],
            name=values["name"],
            kind=section.kind,
            authority=section.authority,
            parent=section.parent,
        )
        merged = verbs.merge_sections(
            by=asking.person, sections=[section, *values["others"]], into=into, on=values["on"]
        )
        return section_url(merged)

    act = _act(
        section,
        title="統合",
        submit="統合する",
        lead="指定した日から、ほかの所属と一つになります。今ある所属に入るか、新しい所属をつくります。",
        done="統合を登録しました。",
        run=run,
    )
    return act, form


def _split(asking: Any, section: Section) -> tuple[Act, forms.ActForm]:
    today = asking.clock.today()
    people = Posting.objects.filter(not_over_on(today), section=section).select_related("staff", "post")
    units = Section.objects.filter(not_over_on(today), parent=section)
    rows = [
        *((unit.public_id, f"{unit.name}（班・係など）") for unit in units),
        *(
            (one.public_id, f"{one.staff.name}　{one.post.title}{'' if one.is_main else '（兼務）'}")
            for one in people.order_by("-post__rank", "staff__number")
        ),
    ]
    form = forms.SplitForm(asking.POST or None, today=today, rows=rows)

    def run(form: Any) -> str:
        successors = [
            verbs.NewSection(
                code=code, name=name, kind=section.kind, authority=section.authority, parent=section.parent
            )
            for code, name in form.successors()
        ]
        split = verbs.split_section(
            by=asking.person, section=section, successors=successors, goes=form.goes(), on=form.cleaned_data["on"]
        )
        return section_url(split[0])

    act = _act(
        section,
        title="分割",
        submit="分割する",
        lead="指定した日から、二つ以上の新しい所属に分かれます。職員と班・係の行き先を一件ずつ選んでください。",
        done="分割を登録しました。",
        run=run,
    )
    return act, form


def _close(asking: Any, section: Section) -> tuple[Act, forms.ActForm]:
    form = forms.LastDayForm(asking.POST or None, today=asking.clock.today())
    act = _act(
        section,
        title="廃止",
        submit="廃止する",
        lead="引き継ぐ所属が無いときに使います。職員の発令や班・係が残っている間は廃止できません。",
        done="廃止を登録しました。",
        run=lambda form: section_url(verbs.close_section(by=asking.person, section=section, **form.cleaned_data)),
        danger=True,
    )
    return act, form


_ACTS: dict[str, Callable[[Any, Section], tuple[Act, forms.ActForm]]] = {
    "correct": _correct,
    "rename": _rename,
    "move": _move,
    "merge": _merge,
    "split": _split,
    "close": _close,
}
_TITLES = {
    "rename": "改称",
    "move": "移管",
    "merge": "統合",
    "split": "分割",
    "close": "廃止",
    "correct": "記録の訂正",
}


def _act(section: Section, **words: Any) -> Act:
    return Act(back=section_url(section), back_title=section.name, **words)


def _acts_for(section: Section, today: date) -> list[dict[str, str]]:
    """What can still be done: a section that has ended can only be corrected."""
    is_over = section.ends_on is not None and section.ends_on <= today
    has_successor = SectionSuccession.objects.filter(before=section).exists()
    wanted = ["correct"] if is_over or has_successor else list(_TITLES)
    return [
        {"title": _TITLES[one], "url": reverse("organisation-section-act", args=[section.public_id, one])}
        for one in wanted
    ]


def _day_in_its_life(section: Section, today: date) -> date:
    """Today while the section stands, else its last or first day."""
    if section.ends_on is not None and section.ends_on <= today:
        return section.ends_on - timedelta(days=1)
    return max(today, section.starts_on)


def _state(section: Section, today: date) -> dict[str, str]:
    if section.starts_on > today:
        return {"kind": "info", "words": f"{era_date(section.starts_on)}に設置予定"}
    if section.ends_on is None:
        return {"kind": "", "words": ""}
    last = era_date(section.ends_on - timedelta(days=1))
    if section.ends_on <= today:
        return {"kind": "warning", "words": f"{last}まで（今はありません）"}
    return {"kind": "warning", "words": f"{last}まで"}


def _coming(section: Section, day: date) -> list[Posting]:
    """Postings to the section that begin later."""
    return list(
        Posting.objects.filter(section=section, starts_on__gt=day)
        .select_related("staff", "post")
        .order_by("starts_on", "-post__rank")[:50]
    )


def _history(section: Section) -> list[dict[str, str]]:
    """Where the section came from and where it went, earliest first."""
    came = SectionSuccession.objects.filter(after=section).select_related("before").order_by("on")
    went = SectionSuccession.objects.filter(before=section).select_related("after").order_by("on")
    items: list[dict[str, str]] = [
        *([] if came else [{"when": era_date(section.starts_on), "title": "設置", "state": "done"}]),
        *(
            {
                "when": era_date(one.on),
                "title": f"「{one.before.name}」から（{one.get_kind_display()}）",
                "url": section_url(one.before),
                "state": "done",
            }
            for one in came
        ),
        *(
            {
                "when": era_date(one.on),
                "title": f"「{one.after.name}」へ（{one.get_kind_display()}）",
                "url": section_url(one.after),
                "state": "future",
            }
            for one in went
        ),
    ]
    if section.ends_on is not None and not went:
        items.append({"when": era_date(section.ends_on - timedelta(days=1)), "title": "廃止", "state": "alert"})
    return items
