"""News for the public pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, office_seat, page
from yakuba.plan import services
from yakuba.plan.access import MAY_STEER, get_for, visible_to
from yakuba.plan.forms import NewsForm, WithdrawalForm
from yakuba.plan.models import News
from yakuba.plan.views.acting import attempt, posted
from yakuba.plan.views.asking import person_and_clock, shown_plan
from yakuba.plan.views.office.form_page import form_page


@page(Face.OFFICE, may=office_seat)
def office_news(request: HttpRequest) -> HttpResponse:
    """All news, withdrawn ones included."""
    person, _ = person_and_clock(request)
    rows = visible_to(person, News).filter(plan=shown_plan().plan).select_related("initiative")
    return render(
        request,
        "plan/office/news.html",
        {"news": rows.order_by("-published_on", "-id")[:200], "may_steer": MAY_STEER.allows(person)},
    )


@page(Face.OFFICE, may=MAY_STEER)
@require_http_methods(["GET", "HEAD", "POST"])
def office_news_new(request: HttpRequest) -> HttpResponse:
    """Publish news."""
    person, clock = person_and_clock(request)
    in_force = shown_plan()
    form = NewsForm(posted(request), in_force=in_force, person=person, clock=clock)
    if request.method == "POST" and attempt(
        form, lambda: services.publish_news(by=person, plan=in_force.plan, clock=clock, **form.cleaned_data)
    ):
        messages.success(request, "お知らせを公開しました。")
        return redirect("office-plan-news")
    return form_page(
        request,
        form,
        title="お知らせを公開する",
        lead="登録するとすぐに公開ページに載ります。",
        back=("一覧に戻る", reverse("office-plan-news")),
        submit="公開する",
    )


@page(Face.OFFICE, may=MAY_STEER)
@require_http_methods(["GET", "HEAD", "POST"])
def office_news_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take news off the public pages."""
    person, clock = person_and_clock(request)
    news = get_for(person, News, public_id)
    form = WithdrawalForm(posted(request))
    if request.method == "POST" and attempt(
        form, lambda: services.withdraw_news(by=person, news=news, clock=clock, **form.cleaned_data)
    ):
        messages.success(request, "お知らせを取り下げました。")
        return redirect("office-plan-news")
    return form_page(
        request,
        form,
        title="お知らせを取り下げる",
        lead=news.title,
        back=("一覧に戻る", reverse("office-plan-news")),
        submit="取り下げる",
        danger=True,
    )
