"""Project teams."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.plan import services
from yakuba.plan.access import MAY_STEER, get_for, visible_to
from yakuba.plan.forms import MemberForm, TeamEndForm, TeamForm
from yakuba.plan.models import ProjectTeam, TeamMember
from yakuba.plan.views.acting import attempt, posted
from yakuba.plan.views.asking import person_and_clock, shown_plan
from yakuba.plan.views.office.form_page import form_page


@page(Face.OFFICE, may=office_seat)
def office_teams(request: HttpRequest) -> HttpResponse:
    """All teams, the working ones first."""
    person, _ = person_and_clock(request)
    teams = (
        visible_to(person, ProjectTeam)
        .filter(plan=shown_plan().plan)
        .select_related("section")
        .prefetch_related("initiatives", "members__staff")
        .order_by("-starts_on", "name")
    )
    return render(
        request,
        "plan/office/teams.html",
        {
            "working": [team for team in teams if team.ends_on is None],
            "ended": [team for team in teams if team.ends_on is not None],
            "may_steer": MAY_STEER.allows(person),
        },
    )


@page(Face.OFFICE, may=MAY_STEER)
@require_http_methods(["GET", "HEAD", "POST"])
def office_team_new(request: HttpRequest) -> HttpResponse:
    """Form a team."""
    person, clock = person_and_clock(request)
    in_force = shown_plan()
    form = TeamForm(
        posted(request), in_force=in_force, person=person, clock=clock, initial={"starts_on": clock.today()}
    )
    if request.method == "POST":
        team = attempt(
            form,
            lambda: services.form_team(
                by=person,
                plan=in_force.plan,
                clock=clock,
                **{**form.cleaned_data, "initiatives": list(form.cleaned_data["initiatives"])},
            ),
        )
        if team:
            messages.success(request, "チームをつくりました。続けて一員を加えてください。")
            return redirect("office-plan-team", team.public_id)
    return form_page(
        request,
        form,
        title="プロジェクトチームをつくる",
        lead="DX推進リーダー・課題の所管課・事務局でつくります。",
        back=("一覧に戻る", reverse("office-plan-teams")),
    )


@page(Face.OFFICE, may=office_seat)
@require_http_methods(["GET", "HEAD", "POST"])
def office_team(request: HttpRequest, public_id: str) -> HttpResponse:
    """One team; the secretariat adds members here."""
    person, clock = person_and_clock(request)
    team = get_for(person, ProjectTeam, public_id)
    may_steer = MAY_STEER.allows(person)
    form = MemberForm(posted(request) if may_steer else None, in_force=shown_plan(), person=person, clock=clock)
    if (
        request.method == "POST"
        and may_steer
        and attempt(
            form,
            lambda: services.join_team(by=person, team=team, starts_on=clock.today(), clock=clock, **form.cleaned_data),
        )
    ):
        messages.success(request, "チームに加えました。")
        return redirect("office-plan-team", team.public_id)
    return render(
        request,
        "plan/office/team.html",
        {
            "team": team,
            "members": team.members.select_related("staff").order_by("ends_on", "role", "starts_on"),
            "form": form,
            "may_steer": may_steer and team.ends_on is None,
        },
        status=422 if form.is_bound and form.errors else 200,
    )


@page(Face.OFFICE, may=MAY_STEER)
@require_POST
def office_team_leave(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a membership today."""
    person, clock = person_and_clock(request)
    member = get_for(person, TeamMember, public_id)
    services.leave_team(by=person, member=member, ends_on=clock.today(), clock=clock)
    messages.success(request, f"{member.staff.name}さんをチームから外しました。")
    return redirect("office-plan-team", member.team.public_id)


@page(Face.OFFICE, may=MAY_STEER)
@require_http_methods(["GET", "HEAD", "POST"])
def office_team_end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a team."""
    person, clock = person_and_clock(request)
    team = get_for(person, ProjectTeam, public_id)
    form = TeamEndForm(posted(request))
    if request.method == "POST" and attempt(
        form, lambda: services.end_team(by=person, team=team, clock=clock, **form.cleaned_data)
    ):
        messages.success(request, "チームを終えました。")
        return redirect("office-plan-teams")
    return form_page(
        request,
        form,
        title=f"チーム「{team.name}」を終える",
        back=("チームに戻る", reverse("office-plan-team", args=[team.public_id])),
        submit="終える",
    )
