"""``/office/messages/``: the log of what was told, what failed, what nobody opened; and what people get to see."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yakuba.kernel.access.api import Face, NotAllowed, NotVisible, Role, page, role
from yakuba.kernel.audit.api import viewing
from yakuba.kernel.japan.api import fold
from yakuba.kernel.notify.access import get_for, may_read_content, sees_log, visible_to, withhold_places
from yakuba.kernel.notify.addresses import notice_url
from yakuba.kernel.notify.channels.base import Parcel
from yakuba.kernel.notify.channels.registry import channel_label, outside_channels
from yakuba.kernel.notify.forms import AddressForm, ReasonForm
from yakuba.kernel.notify.kinds import MessageKind, kind_of, known_kinds, label_of
from yakuba.kernel.notify.models import Delivery, Letter, Message
from yakuba.kernel.notify.queries import unfetched, with_deliveries
from yakuba.kernel.notify.recipients import PostalTo
from yakuba.kernel.notify.rules.channels import ByPost
from yakuba.kernel.notify.rules.deliveries import DeliveryState
from yakuba.kernel.notify.rules.texts import LANGUAGES, filled, paragraphs
from yakuba.kernel.notify.services.deliver import note_bounce, retry_delivery
from yakuba.kernel.notify.services.write_letter import send_by_post
from yakuba.kernel.notify.views.acting import act_page, attempt, log_reading
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.ui.api import Column, Filter, Kind, Listing, Searched
from yakuba.kernel.values.api import Refusal

_LOG = viewing("notify.log", label="お知らせの記録の閲覧")
_ONE = viewing("notify.message", label="お知らせの閲覧")
_FAILED = (DeliveryState.FAILED.value, DeliveryState.BOUNCED.value)
_WAITING = (DeliveryState.WAITING.value, DeliveryState.SENDING.value)
_LANGUAGE_NAMES = {"ja": "日本語", "ja-easy": "やさしい日本語", "en": "English"}


def ways_of(message: Message) -> list[tuple[str, str, str]]:
    """How far a message came over each channel: (channel, words, kind of badge)."""
    ways = []
    if message.account:
        if message.opened_at:
            ways.append(("お知らせのページ", "開封", "success"))
        else:
            ways.append(("お知らせのページ", "未開封", "warning" if message.arrival_matters else ""))
    kinds = {"sent": "success", "bounced": "error", "failed": "error", "waiting": "info", "sending": "info"}
    for one in message.deliveries.all():
        ways.append((channel_label(one.channel), one.get_state_display(), kinds.get(one.state, "")))
    letter_kinds = {"posted": "success", "handed": "success", "returned": "error", "by_hand": "warning"}
    for letter in message.letters.all():
        ways.append(("郵便", letter.get_state_display(), letter_kinds.get(letter.state, "info")))
    return ways


def _worst(message: Message) -> tuple[str, str]:
    """The way that needs a look most: its words and the kind of its badge."""
    ways = ways_of(message)
    for wanted in ("error", "warning", "info", "success", ""):
        for channel, words, kind in ways:
            if kind == wanted:
                return f"{channel}：{words}", kind
    return "", ""


def _in_state(found: QuerySet[Message], value: str) -> QuerySet[Message]:
    if value == "failed":
        return found.filter(deliveries__state__in=_FAILED).distinct()
    if value == "waiting":
        return found.filter(deliveries__state__in=_WAITING).distinct()
    if value == "unread":
        return found.filter(opened_at__isnull=True).exclude(account="")
    return found.filter(letters__isnull=False).distinct()


LOG = Listing(
    name="messages",
    title="お知らせの記録",
    columns=(
        Column("made_at", "日時", "made_at", sort="made_at", kind=Kind.DATE),
        Column(
            "name",
            "相手",
            lambda one: one.name or "（名前の登録なし）",
            search=(Searched("name_key", fold=fold),),
            url=lambda one: reverse("office-message", args=[one.public_id]),
        ),
        Column("kind", "種類", lambda one: label_of(one.kind), sort="kind"),
        Column("section", "担当", "section.name"),
        Column("state", "状態", lambda one: _worst(one)[0], badge=lambda one: _worst(one)[1], exported=False),
        Column(
            "ways",
            "届き方",
            lambda one: "、".join(f"{channel}：{words}" for channel, words, _ in ways_of(one)),
            kind=Kind.WIDE,
        ),
    ),
    filters=(
        Filter(
            "state",
            "届き方",
            (
                ("failed", "不達・送信できず"),
                ("unread", "まだ開かれていない"),
                ("waiting", "送信待ち"),
                ("post", "郵便あり"),
            ),
            apply=_in_state,
        ),
        Filter(
            "kind",
            "種類",
            lambda: [(kind.key, kind.label.ja) for kind in known_kinds()],
            apply="kind",
        ),
    ),
    order=("-made_at",),
    empty_title="お知らせはまだありません",
    empty_text="手続きの結果などを知らせると、ここに記録が残ります。",
)


@page(Face.OFFICE, may=sees_log)
@never_cache
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """お知らせの記録: what one's own sections told, over which channel, how far it came."""
    asking: Any = request
    visible = visible_to(asking.person)
    days = whole_on("notify.unfetched_days", asking.clock.today())
    context = {
        "unfetched": unfetched(days, clock=asking.clock, among=visible).count(),
        "days": days,
        "failed": visible.filter(deliveries__state__in=_FAILED).distinct().count(),
    }
    return LOG.answer(
        request,
        with_deliveries(visible),
        template="notify/log.html",
        context=context,
        on_show=lambda things, how: log_reading(asking.person, _LOG, things, how),
    )


@page(Face.OFFICE, may=sees_log)
@never_cache
@require_safe
def message(request: HttpRequest, public_id: str) -> HttpResponse:
    """One message: what the person sees in each language, how far it came, what can be done."""
    asking: Any = request
    found = get_for(asking.person, public_id)
    reads = may_read_content(asking.person, found)
    log_reading(asking.person, _ONE, [found], "content" if reads else "log")
    deliveries = [
        {
            "delivery": one,
            "channel": channel_label(one.channel),
            "may_retry": reads and one.state == DeliveryState.FAILED,
            "may_bounce": reads and one.state == DeliveryState.SENT,
        }
        for one in found.deliveries.all()
    ]
    letters = list(found.letters.select_related("part"))
    withhold_places(letters, on=asking.clock.today())
    context = {
        "message": found,
        "heading": found.name or "お知らせ",
        "kind": label_of(found.kind),
        "deliveries": deliveries,
        "letters": letters,
        "reads": reads,
        "seen": _seen(found) if reads else [],
        "may_post": reads and not letters and (found.audience == "resident"),
        "crumbs": [
            {"title": "お知らせの記録", "url": reverse("office-messages")},
            {"title": found.name or "お知らせ", "url": ""},
        ],
    }
    return render(request, "notify/message.html", context)


@page(Face.OFFICE, may=role(Role.STAFF))
@require_POST
def delivery_retry(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a failed delivery once more."""
    asking: Any = request
    found = _delivery(asking.person, public_id)
    try:
        retry_delivery(by=asking.person, delivery=found, clock=asking.clock)
        messages.success(request, "もう一度送ります。")
    except Refusal as refusal:
        messages.error(request, f"{refusal.message}{refusal.hint or ''}")
    return HttpResponseRedirect(reverse("office-message", args=[found.message.public_id]))


@page(Face.OFFICE, may=role(Role.STAFF))
@require_http_methods(["GET", "HEAD", "POST"])
def delivery_bounced(request: HttpRequest, public_id: str) -> HttpResponse:
    """A mail came back later."""
    asking: Any = request
    found = _delivery(asking.person, public_id)
    back = reverse("office-message", args=[found.message.public_id])
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> Delivery:
        return note_bounce(by=asking.person, delivery=found, reason=form.cleaned_data["reason"], clock=asking.clock)

    if attempt(form, act) is not None:
        messages.success(request, "不達を記録しました。郵便で送るかを決めてください。")
        return HttpResponseRedirect(back)
    crumbs = [{"title": "お知らせの記録", "url": reverse("office-messages")}]
    return act_page(
        request, form, title="メールの不達を記録する", submit="記録する", back=back, crumbs=crumbs,
        lead="戻ってきたメールの内容を、個人情報を入れずに短く書いてください。例：宛先不明",
    )  # fmt: skip


@page(Face.OFFICE, may=role(Role.STAFF))
@require_http_methods(["GET", "HEAD", "POST"])
def to_post(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a message by post as well: to the address the person entered, else to one that is typed."""
    asking: Any = request
    found = get_for(asking.person, public_id)
    back = reverse("office-message", args=[public_id])
    if not may_read_content(asking.person, found):
        raise NotAllowed("郵便で送れるのは、担当の所属の職員です。")
    if request.method == "POST" and "own" in request.POST:
        try:
            made = send_by_post(by=asking.person, message=found, address=None, clock=asking.clock)
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(reverse("office-message-post", args=[public_id]))
        return _written(request, made, back)
    form = AddressForm(request.POST if request.method == "POST" else None)

    def act() -> Letter:
        address = PostalTo.of(form.cleaned_data["postal_code"], form.cleaned_data["address"])
        return send_by_post(by=asking.person, message=found, address=address, clock=asking.clock)

    if (made_now := attempt(form, act)) is not None:
        return _written(request, made_now, back)
    crumbs = [{"title": "お知らせの記録", "url": reverse("office-messages")}]
    return act_page(
        request, form, title="郵便で送る", submit="この宛先で郵便を作る", back=back, crumbs=crumbs,
        lead=f"{found.name}さんへのお知らせを、同じ文面の手紙にします。",
    )  # fmt: skip


@page(Face.OFFICE, may=sees_log)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unread(request: HttpRequest) -> HttpResponse:
    """まだ開かれていないお知らせ: for the paper fallback."""
    asking: Any = request
    days = whole_on("notify.unfetched_days", asking.clock.today())
    found = unfetched(days, clock=asking.clock, among=visible_to(asking.person)).select_related("section")
    if request.method == "POST":
        _send_all_by_post(asking, found.filter(public_id__in=request.POST.getlist("work")[:100]))
        return HttpResponseRedirect(reverse("office-messages-unread"))
    shown = list(found[:100])
    log_reading(asking.person, _LOG, shown, "unread")
    rows = [
        {"message": one, "kind": label_of(one.kind), "may_post": may_read_content(asking.person, one)} for one in shown
    ]
    crumbs = [
        {"title": "お知らせの記録", "url": reverse("office-messages")},
        {"title": "まだ開かれていないもの", "url": ""},
    ]
    return render(request, "notify/unread.html", {"rows": rows, "days": days, "total": found.count(), "crumbs": crumbs})


@page(Face.OFFICE, may=sees_log)
@require_safe
def kinds(request: HttpRequest) -> HttpResponse:
    """お知らせの種類: everything people may be told, with its channels."""
    rows = [{"kind": one, "by_post": _BY_POST[one.by_post]} for one in known_kinds()]
    crumbs = [{"title": "お知らせの記録", "url": reverse("office-messages")}, {"title": "お知らせの種類", "url": ""}]
    return render(request, "notify/kinds.html", {"rows": rows, "crumbs": crumbs})


@page(Face.OFFICE, may=sees_log)
@require_safe
def kind(request: HttpRequest, key: str) -> HttpResponse:
    """What somebody sees of a kind of message, with example values, in each language."""
    found = kind_of(key)
    if found is None:
        raise NotVisible
    crumbs = [{"title": "お知らせの種類", "url": reverse("office-message-kinds")}, {"title": found.label.ja, "url": ""}]
    context = {"kind": found, "by_post": _BY_POST[found.by_post], "seen": _example(found), "crumbs": crumbs}
    return render(request, "notify/kind.html", context)


_BY_POST = {
    ByPost.NEVER: "送りません",
    ByPost.IF_WISHED: "希望した人と、ほかに方法のない人に送ります",
    ByPost.ALWAYS: "必ず送ります",
}


def _send_all_by_post(asking: Any, found: QuerySet[Message]) -> None:
    made = 0
    refused = []
    for one in found:
        try:
            send_by_post(by=asking.person, message=one, address=None, clock=asking.clock)
            made += 1
        except Refusal:
            refused.append(one.name)
    if made:
        messages.success(asking, f"{made}通の郵便を作りました。「郵便」から束にして印刷してください。")
    if refused:
        names = "、".join(refused[:5])
        messages.warning(
            asking, f"住所の登録がないため作れませんでした：{names}。1件ずつ宛先を入力して送ってください。"
        )


def _written(request: HttpRequest, letter: Letter, back: str) -> HttpResponse:
    if letter.is_protected:
        messages.warning(request, "支援措置の対象者です。住所は印刷しません。担当課で個別に渡してください。")
    else:
        messages.success(request, "郵便を作りました。「郵便」から束にして印刷してください。")
    return HttpResponseRedirect(back)


def _delivery(person: Any, public_id: str) -> Delivery:
    found = Delivery.objects.filter(public_id=public_id[:16], message__in=visible_to(person)).first()
    if found is None:
        raise NotVisible
    return Delivery.objects.select_related("message").get(pk=found.pk)


def _seen(found: Message) -> list[dict[str, Any]]:
    """What the person sees: the page in each language, and what leaves the house."""
    known = kind_of(found.kind)
    return [
        {
            "language": _LANGUAGE_NAMES[language],
            "is_own": language == found.language,
            "subject": found.subject(language),
            "paragraphs": paragraphs(found.body(language)),
            "link_text": known.link_text.in_language(language) if known and found.link else "",
            "outside": _outside(language, label_of(found.kind, language), found.public_id),
        }
        for language in LANGUAGES
    ]


def _example(found: MessageKind) -> list[dict[str, Any]]:
    subject = filled(found.subject, found.examples, is_line=True)
    body = filled(found.body, found.examples, is_line=False)
    return [
        {
            "language": _LANGUAGE_NAMES[language],
            "is_own": False,
            "subject": subject[language],
            "paragraphs": paragraphs(body[language]),
            "link_text": found.link_text.in_language(language),
            "outside": _outside(language, found.label.in_language(language), "0000000000000000"),
        }
        for language in LANGUAGES
    ]


def _outside(language: str, kind_label: str, public_id: str) -> list[dict[str, str]]:
    parcel = Parcel("preview", "hanako@example.jp", language, kind_label, notice_url(public_id))
    return [
        {"channel": channel.label.ja, "title": title, "text": text}
        for channel in outside_channels()
        for title, text in channel.previews(parcel)
    ]
