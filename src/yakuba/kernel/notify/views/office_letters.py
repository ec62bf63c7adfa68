"""``/office/letters/``: letters from writing over the posting list (発送簿) to their return."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yakuba.kernel.access.api import Face, NotAllowed, NotVisible, Role, page, role
from yakuba.kernel.audit.api import viewing
from yakuba.kernel.japan.api import fold, format_postal_code
from yakuba.kernel.notify.access import (
    found_by_name,
    get_letter_for,
    letters_visible_to,
    may_read_content,
    sees_log,
    withhold_places,
)
from yakuba.kernel.notify.forms import ReasonForm, ResendForm, ReturnForm, WriteLetterForm
from yakuba.kernel.notify.kinds import label_of
from yakuba.kernel.notify.models import Letter
from yakuba.kernel.notify.prints.letters import letters_pdf
from yakuba.kernel.notify.prints.posting_list import posting_list_pdf
from yakuba.kernel.notify.recipients import PostalTo, Recipient
from yakuba.kernel.notify.rules.letters import LETTER_STATES, LetterState, ReturnReason, Service
from yakuba.kernel.notify.services.mailings import write_letter
from yakuba.kernel.notify.services.write_letter import (
    cancel_letter,
    close_letter,
    hand_letter,
    note_return,
    resend_letter,
)
from yakuba.kernel.notify.views.acting import act_page, attempt, log_reading, own_sections, pdf_response
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing, Searched
from yakuba.kernel.values.api import FiscalYear, Refusal

_LIST = viewing("notify.letters", label="郵便の一覧（発送簿）の閲覧")
_ONE = viewing("notify.letter", label="郵便の閲覧")
_PRINT = viewing("notify.letter_print", label="郵便の印刷")
MOST_PRINTED = 2_000

BADGES = {
    "waiting": "info",
    "bundled": "info",
    "posted": "success",
    "returned": "error",
    "resent": "warning",
    "closed": "",
    "by_hand": "warning",
    "handed": "success",
    "cancelled": "",
}


def _postal_code(one: Letter) -> str:
    return format_postal_code(one.postal_code) if one.postal_code else ""


def posted_in(found: QuerySet[Letter], value: str, today: date) -> QuerySet[Letter]:
    """The letters posted in a month (this, last) or fiscal year."""
    first = today.replace(day=1)
    if value == "last":
        return found.filter(posted_on__gte=(first - timedelta(days=1)).replace(day=1), posted_on__lt=first)
    if value == "year":
        return found.filter(posted_on__gte=FiscalYear.of(today).start)
    return found.filter(posted_on__gte=first)


LETTERS = Listing(
    name="posting-list",
    title="発送簿",
    columns=(
        Column("made_at", "作成", "made_at", sort="made_at", kind=Kind.DATE, exported=False),
        Column("posted_on", "発送日", "posted_on", sort="posted_on", kind=Kind.DATE),
        Column(
            "name",
            "宛名",
            "shown_name",
            search=(Searched("name_key", fold=fold),),
            url=lambda one: reverse("office-letter", args=[one.public_id]),
        ),
        Column("state", "状態", "get_state_display", sort="state", badge=lambda one: BADGES[one.state]),
        Column("title", "件名", "title", kind=Kind.WIDE),
        Column("postal_code", "郵便番号", lambda one: _postal_code(one), shown=False),
        Column("address", "住所", "shown_address", kind=Kind.WIDE),
        Column("district", "行政区", "district", shown=False),
        Column("postage", "料金（円）", "postage", sort="postage", kind=Kind.NUMBER),
        Column("service", "種類", "get_service_display", shown=False),
        Column("number", "文書番号", "number", shown=False),
        Column("tracking", "引受番号", "tracking", shown=False),
        Column("returned_on", "返戻日", "returned_on", shown=False),
        Column("return_reason", "返戻の理由", "get_return_reason_display", shown=False),
        Column("section", "担当", "section.name", shown=False),
    ),
    filters=(
        Filter("state", "状態", tuple((one.value, one.label) for one in LetterState), apply="state"),
        Filter("service", "種類", tuple((one.value, one.label) for one in Service), apply="service"),
        Filter(
            "posted",
            "発送した時期",
            (("month", "今月"), ("last", "先月"), ("year", "今年度")),
            apply=lambda found, value: found.filter(posted_on__isnull=False),
        ),
    ),
    order=("-made_at",),
    empty_title="郵便はまだありません",
    empty_text="手続きの知らせを郵便で送るか、「手紙を書く」「宛先一覧から作る」で作ります。",
)


@page(Face.OFFICE, may=sees_log)
@never_cache
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """郵便と発送簿: every letter of one's own sections."""
    asking: Any = request
    visible = _in_period(asking, letters_visible_to(asking.person))
    by_state = letters_visible_to(asking.person)
    context = {
        "waiting": by_state.filter(state=LetterState.WAITING.value).count(),
        "returned": by_state.filter(state=LetterState.RETURNED.value).count(),
        "by_hand": by_state.filter(state=LetterState.BY_HAND.value).count(),
        "cost": visible.aggregate(total=Sum("postage"))["total"] or 0,
        "may_write": bool(own_sections(asking.person, asking.clock)) and not asking.person.is_read_only,
        "period": request.GET.get("posted", ""),
    }
    today = asking.clock.today()
    return LETTERS.answer(
        request,
        found_by_name(visible, request.GET.get("q", ""), on=today),
        template="notify/letters.html",
        context=context,
        prepare=lambda things: withhold_places(things, on=today),
        on_show=lambda things, how: log_reading(asking.person, _LIST, things, how),
    )


@page(Face.OFFICE, may=sees_log)
@never_cache
@require_safe
def posting_list(request: HttpRequest) -> HttpResponse:
    """発送簿の印刷: posted letters of a period, with their cost."""
    asking: Any = request
    period = request.GET.get("posted", "month")
    words = {"month": "今月", "last": "先月", "year": "今年度"}
    if period not in words:
        raise NotVisible
    found = list(
        posted_in(letters_visible_to(asking.person), period, asking.clock.today()).order_by("posted_on", "pk")[
            : MOST_PRINTED + 1
        ]
    )
    if len(found) > MOST_PRINTED:
        raise Refusal(
            f"一度に印刷できる発送簿は {MOST_PRINTED:,} 通までです。",
            hint="期間を短くするか、Excel で書き出してください。",
        )
    withhold_places(found, on=asking.clock.today())
    log_reading(asking.person, _LIST, found, "pdf")
    pdf = posting_list_pdf(found, subtitle=f"{words[period]}に発送した郵便", printed_at=asking.clock.now())
    return pdf_response(pdf, "発送簿.pdf")


@page(Face.OFFICE, may=sees_log)
@never_cache
@require_safe
def letter(request: HttpRequest, public_id: str) -> HttpResponse:
    """One letter: where it stands, what it says, what can be done."""
    asking: Any = request
    found = get_letter_for(asking.person, public_id)
    reads = may_read_content(asking.person, found)
    log_reading(asking.person, _ONE, [found], "content" if reads else "log")
    state = LetterState(found.state)
    acts = [
        {"act": act, "title": title}
        for act, to, title in _ACTS
        if reads and LETTER_STATES.allows(state, to) and not (act == "cancel" and state is LetterState.BY_HAND)
    ]
    first = found.first or found
    chain = list(letters_visible_to(asking.person).filter(first=first).order_by("made_at"))
    withhold_places([found, first, *chain], on=asking.clock.today())
    context = {
        "letter": found,
        "kind": label_of(found.kind),
        "reads": reads,
        "name": found.name if reads else found.shown_name,
        "badge": BADGES[found.state],
        "acts": acts,
        "chain": [first, *chain] if chain else [],
        "crumbs": [{"title": "郵便", "url": reverse("office-letters")}, {"title": found.title, "url": ""}],
    }
    return render(request, "notify/letter.html", context)


@page(Face.OFFICE, may=role(Role.STAFF))
@never_cache
@require_safe
def letter_print(request: HttpRequest, public_id: str) -> HttpResponse:
    """The letter alone as PDF, as it goes into its envelope; of a protected person without any place."""
    asking: Any = request
    found = get_letter_for(asking.person, public_id)
    if not may_read_content(asking.person, found):
        raise NotAllowed("手紙を開けるのは、担当の所属の職員です。")
    withhold_places([found], on=asking.clock.today())
    log_reading(asking.person, _PRINT, [found])
    return pdf_response(letters_pdf([found], title=found.title, printed_at=asking.clock.now()), "郵便.pdf")


@page(Face.OFFICE, may=role(Role.STAFF))
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter_act(request: HttpRequest, public_id: str, act: str) -> HttpResponse:
    """A letter came back, is sent again or not, is handed over, is not sent."""
    asking: Any = request
    found = get_letter_for(asking.person, public_id)
    if not may_read_content(asking.person, found):
        raise NotAllowed("この郵便を扱えるのは、担当の所属の職員です。")
    if act not in {name for name, _, _ in _ACTS}:
        raise NotVisible
    withhold_places([found], on=asking.clock.today())
    typed = request.POST if request.method == "POST" else None
    form = _form_for(act, found, typed, asking.clock.today())

    def perform() -> Letter:
        return _performed(asking, found, act, form.cleaned_data)

    made = attempt(form, perform)
    if made is not None:
        messages.success(request, _SAID[act])
        return HttpResponseRedirect(reverse("office-letter", args=[made.public_id]))
    title = next(words for name, _, words in _ACTS if name == act)
    return act_page(
        request,
        form,
        title=title,
        submit=title,
        back=reverse("office-letter", args=[public_id]),
        crumbs=[{"title": "郵便", "url": reverse("office-letters")}],
        lead=_LEADS.get(act, ""),
        danger=act in ("cancel", "close"),
    )


@page(Face.OFFICE, may=role(Role.STAFF))
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """手紙を書く: one letter in one's own words."""
    asking: Any = request
    sections = own_sections(asking.person, asking.clock)
    if not sections:
        raise NotAllowed("手紙を書けるのは、所属のある職員です。")
    form = WriteLetterForm(
        request.POST if request.method == "POST" else None,
        sections=sections,
        initial={"section": sections[0].public_id},
    )

    def perform() -> Letter:
        given = form.given()
        recipient = Recipient(
            name=given["name"],
            honorific=given["honorific"],
            address=PostalTo.of(given["postal_code"], given["address"]),
            number=given["number_of_register"],
        )
        return write_letter(
            by=asking.person,
            section=given["section"],
            recipient=recipient,
            title=given["title"],
            text=given["text"],
            number=given["number"],
            service=Service(given["service"]),
            key=f"letter:{get_random_string(24)}",
            clock=asking.clock,
        )

    if (made := attempt(form, perform)) is not None:
        messages.success(request, "手紙を作りました。「束を作って印刷する」でまとめて印刷できます。")
        return HttpResponseRedirect(reverse("office-letter", args=[made.public_id]))
    return act_page(
        request,
        form,
        title="手紙を書く",
        submit="手紙を作る",
        back=reverse("office-letters"),
        crumbs=[{"title": "郵便", "url": reverse("office-letters")}],
        lead="窓あき封筒（長形3号）で送る手紙を1通作ります。差出人は担当の執行機関になります。",
    )


_ACTS = (
    ("return", LetterState.RETURNED, "返戻を記録する"),
    ("resend", LetterState.RESENT, "送り直す"),
    ("close", LetterState.CLOSED, "送り直さない"),
    ("hand", LetterState.HANDED, "個別に渡したことを記録する"),
    ("cancel", LetterState.CANCELLED, "送るのをやめる"),
)
_SAID = {
    "return": "返戻を記録しました。送り直すかどうかを決めてください。",
    "resend": "新しい宛先の郵便を作りました。次の束で印刷します。",
    "close": "送り直さないことを記録しました。",
    "hand": "記録しました。",
    "cancel": "取りやめました。",
}
_LEADS = {
    "hand": "どこで、どのように渡したかを書いてください。住所や避難先は書かないでください。",
    "resend": "同じ文面の手紙を、新しい宛先で作ります。最初の郵便とつながったまま残ります。",
    "close": "公示送達にした、別の方法で知らせたなど、送り直さない理由を書いてください。",
}


def _form_for(act: str, found: Letter, typed: Any, today: date) -> Any:
    if act == "return":
        return ReturnForm(typed, initial={"returned_on": today})
    if act == "resend":
        code = found.new_postal_code
        return ResendForm(
            typed,
            initial={
                "postal_code": format_postal_code(code) if code else "",
                "address": found.new_address,
                "service": found.service,
            },
        )
    return ReasonForm(typed)


def _performed(asking: Any, found: Letter, act: str, given: dict[str, Any]) -> Letter:
    by, clock = asking.person, asking.clock
    if act == "return":
        new = given["new_address"]
        return note_return(
            by=by,
            letter=found,
            returned_on=given["returned_on"],
            reason=ReturnReason(given["reason"]),
            note=given["note"],
            new_address=PostalTo.of(given["new_postal_code"], new) if new else None,
            clock=clock,
        )
    if act == "resend":
        return resend_letter(
            by=by,
            letter=found,
            address=PostalTo.of(given["postal_code"], given["address"]),
            service=Service(given["service"]),
            clock=clock,
        )
    end = {"close": close_letter, "hand": hand_letter, "cancel": cancel_letter}[act]
    return end(by=by, letter=found, reason=given["reason"], clock=clock)


def _in_period(asking: Any, found: QuerySet[Letter]) -> QuerySet[Letter]:
    period = asking.GET.get("posted", "")
    return posted_in(found, period, asking.clock.today()) if period in ("month", "last", "year") else found
