"""``/my/card/reminders/``: asking to be reminded, confirming, stopping."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yakuba.kernel.access.api import Face, PersonKind, anyone, page
from yakuba.kernel.identity.api import Limit, TooManyAttempts, client_address, count_attempt
from yakuba.kernel.parameters.api import whole_on
from yakuba.residents.card_support.forms.residents import ReminderForm
from yakuba.residents.card_support.models import Reminder
from yakuba.residents.card_support.reminder_links import reminder_of, token_of
from yakuba.residents.card_support.services import ask_for_reminders, confirm_reminder, stop_reminder
from yakuba.residents.card_support.views.asking import person_and_clock
from yakuba.residents.card_support.words import expiry_text

#: Nobody's mail box is filled by strangers.
_MAIL_LIMITS = (Limit("mail", 4, 15 * 60), Limit("address", 40, 15 * 60))


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def reminders(request: HttpRequest) -> HttpResponse:
    """Ask to be reminded."""
    person, clock = person_and_clock(request)
    has_account = person.kind is PersonKind.RESIDENT
    today = clock.today()
    mine = Reminder.objects.filter(account=person.id).first() if has_account else None
    form = ReminderForm(
        request.POST if request.method == "POST" else None,
        has_account=has_account,
        today=today,
        initial={"card_until": mine.card_until, "certificate_until": mine.certificate_until} if mine else None,
    )
    context = {
        "form": form,
        "mine": mine,
        "stop_url": reverse("card-reminder", args=[token_of(mine)]) if mine else "",
        "months": (whole_on("card.first_reminder_months", today), whole_on("card.second_reminder_months", today)),
        "kept_days": whole_on("card.reminder_kept_days", today),
    }
    template = "card_support/reminders.html"
    if not form.is_bound:
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    given = form.cleaned_data
    mail = given.get("mail", "").strip()
    if mail:
        try:
            count_attempt(
                "card-mail", limits=_MAIL_LIMITS, who={"mail": mail.lower(), "address": client_address(request)}
            )
        except TooManyAttempts as refusal:
            form.add_error(
                "mail",
                _("短い間に何度も送ったため、止めています。あと%(minutes)d分お待ちください。")
                % {"minutes": refusal.minutes},
            )
            return render(request, template, context, status=429)
    ask_for_reminders(
        by=person,
        card_until=given["card_until"],
        certificate_until=given["certificate_until"],
        mail=mail,
        language=get_language() or "ja",
        clock=clock,
    )
    if has_account:
        messages.success(request, _("更新のお知らせを登録しました。"))
        return HttpResponseRedirect(reverse("card-reminders"))
    return HttpResponseRedirect(reverse("card-reminders-sent"))


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET"])
def sent(request: HttpRequest) -> HttpResponse:
    """A mail is on its way; nothing begins before its link was pressed."""
    return render(request, "card_support/reminder_sent.html")


@page(Face.RESIDENT, may=anyone)
@never_cache
@require_http_methods(["GET", "POST"])
def reminder(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link: what was asked for, a button to confirm, a button to stop. Opening it changes nothing,
    because programs that check mails open links too."""
    person, clock = person_and_clock(request)
    one = reminder_of(token[:120])
    if one is None:
        return render(request, "card_support/reminder_gone.html", status=404)
    if request.method == "POST":
        if request.POST.get("action", "") == "stop":
            stop_reminder(by=person, reminder=one, clock=clock)
            return render(request, "card_support/reminder_gone.html", {"has_stopped": True})
        confirm_reminder(by=person, reminder=one, clock=clock)
        messages.success(request, _("更新のお知らせを始めました。"))
        return HttpResponseRedirect(reverse("card-reminder", args=[token]))
    days = [
        (what, expiry_text(day))
        for what, day in (("card", one.card_until), ("certificate", one.certificate_until))
        if day is not None
    ]
    return render(request, "card_support/reminder.html", {"one": one, "days": days})
