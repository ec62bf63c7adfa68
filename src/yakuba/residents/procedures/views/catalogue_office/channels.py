"""The ways a procedure is received: add, open, correct, close."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from yakuba.kernel.access.api import Face, page
from yakuba.kernel.catalogue import services
from yakuba.kernel.catalogue.access import WORKS_HERE, get_for
from yakuba.kernel.catalogue.api import Channel, ChannelKind, Procedure, missing_for_online
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.values.api import Refusal
from yakuba.residents.procedures.forms.catalogue import (
    ChannelForm,
    CloseChannelForm,
    OpenChannelForm,
    shown_in_fields,
)
from yakuba.residents.procedures.views.catalogue_office.asking import (
    attempt,
    form_page,
    person_and_clock,
    posted,
    procedure_in,
)
from yakuba.residents.procedures.views.catalogue_office.one import url_of


@page(Face.OFFICE, may=WORKS_HERE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_channel_new(request: HttpRequest, key: str) -> HttpResponse:
    """Add a way. Online ones are opened in a second step, by a decision."""
    person, clock = person_and_clock(request)
    procedure = procedure_in(request, key)
    form = ChannelForm(posted(request))

    def act() -> Channel:
        given = form.cleaned_data
        return services.prepare_channel(
            by=person,
            procedure=procedure,
            kind=ChannelKind(given["kind"]),
            target=given["target"],
            note=form.note(),
            clock=clock,
        )

    if request.method == "POST":
        made = attempt(form, act)
        if made:
            words = (
                "加えました。公開の決裁が済んだら「受付を始める」を押してください。"
                if made.is_online
                else "加えました。"
            )
            messages.success(request, f"「{made.channel_kind.label}」を{words}")
            return redirect(url_of(procedure))
    return form_page(request, form, title=f"受付の方法を加える：{procedure}", back=("手続きに戻る", url_of(procedure)))


@page(Face.OFFICE, may=WORKS_HERE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_channel_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Correct address and note."""
    person, clock = person_and_clock(request)
    channel = _channel(request, public_id)
    form = ChannelForm(
        posted(request),
        initial={
            "kind": channel.kind,
            "target": channel.target,
            "seen_edition": channel.edition,
            **shown_in_fields("note", channel.note_text),
        },
    )
    form.fields["kind"].disabled = True

    def act() -> Channel:
        given = form.cleaned_data
        return services.correct_channel(
            by=person,
            channel=channel,
            seen_edition=given["seen_edition"] or 0,
            target=given["target"],
            note=form.note(),
            clock=clock,
        )

    if request.method == "POST" and attempt(form, act) is not None:
        messages.success(request, "受付の方法を直しました。")
        return redirect(url_of(channel.procedure))
    return form_page(request, form, title=f"受付の方法を直す：{channel}", back=_back(channel.procedure))


@page(Face.OFFICE, may=WORKS_HERE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_channel_open(request: HttpRequest, public_id: str) -> HttpResponse:
    """Go online by a decision; from that day the procedure is counted."""
    person, clock = person_and_clock(request)
    channel = _channel(request, public_id)
    procedure = channel.procedure
    form = OpenChannelForm(posted(request), initial={"target": channel.target, "live_since": clock.today()})
    if channel.channel_kind is ChannelKind.YAKUBA_FORM:
        form.fields["target"].help_text = "フォームの名前。フォームの公開の決裁が済むと、自動で受付が始まります。"

    def act() -> Channel:
        given = form.cleaned_data
        return services.open_channel(
            by=person,
            procedure=procedure,
            kind=channel.channel_kind,
            target=given["target"],
            decision=given["decision"],
            live_since=given["live_since"],
            source=given["source"],
            clock=clock,
        )

    if request.method == "POST" and attempt(form, act) is not None:
        messages.success(
            request, f"「{channel.channel_kind.label}」の受付を始めました。数えた手続きの一覧に載りました。"
        )
        return redirect(url_of(procedure))
    return form_page(
        request,
        form,
        title=f"受付を始める：{channel}",
        back=_back(procedure),
        template="open_channel",
        submit="受付を始める",
        lacks=missing_for_online(procedure.content),
        procedure=procedure,
    )


@page(Face.OFFICE, may=WORKS_HERE)
@require_http_methods(["GET", "HEAD", "POST"])
def office_channel_close(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a way."""
    person, clock = person_and_clock(request)
    channel = _channel(request, public_id)
    form = CloseChannelForm(posted(request), initial={"on": clock.today()})
    if (
        request.method == "POST"
        and attempt(
            form,
            lambda: services.close_channel(by=person, channel=channel, clock=clock, **form.cleaned_data),
        )
        is not None
    ):
        messages.success(request, "受付を終えました。")
        return redirect(url_of(channel.procedure))
    return form_page(
        request,
        form,
        title=f"受付を終える：{channel}",
        back=_back(channel.procedure),
        submit="受付を終える",
        danger=True,
        lead="オンラインの方法を終えると、その日からオンラインの手続きとして数えません。記録は残ります。",
    )


@page(Face.OFFICE, may=WORKS_HERE)
@require_POST
def office_channel_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """Bring a closed way back, or have its link looked at now."""
    person, clock = person_and_clock(request)
    channel = _channel(request, public_id)
    try:
        if act == "reopen":
            services.reopen_channel(by=person, channel=channel, clock=clock)
            messages.success(request, "受付の方法を戻しました。")
        elif act == "check":
            key = f"catalogue.check_link:{channel.public_id}:{clock.now():%Y%m%d%H%M}"
            enqueue("catalogue.check_link", key=key, public_id=channel.public_id)
            messages.success(request, "リンクを確かめます。少ししてから開き直してください。")
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return redirect(url_of(channel.procedure))


def _channel(request: HttpRequest, public_id: str) -> Channel:
    person, _ = person_and_clock(request)
    found = get_for(person, Channel, public_id=public_id)
    return Channel.objects.select_related("procedure__section").get(pk=found.pk)


def _back(procedure: Procedure) -> tuple[str, str]:
    return ("手続きに戻る", url_of(procedure))
