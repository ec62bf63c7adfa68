"""Work of notify outside the request: sending, sorting, printing, forgetting."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta

from yakuba.kernel.access.api import system_person
from yakuba.kernel.files.api import discard_file, receive_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.identity.models import Account
from yakuba.kernel.jobs.api import Daily, Every, enqueue, job
from yakuba.kernel.notify.addresses import absolute, notice_url
from yakuba.kernel.notify.channels.base import ChannelDown, OutsideChannel, Parcel, Reached, Sender
from yakuba.kernel.notify.channels.registry import outside_channels
from yakuba.kernel.notify.kinds import label_of
from yakuba.kernel.notify.models import Bundle, BundlePart, Delivery, Letter, Mailing
from yakuba.kernel.notify.prints.letters import letters_pdf, page_count, sheets_by_mark
from yakuba.kernel.notify.queries import district_order, sortable
from yakuba.kernel.notify.rules.letters import (
    HEAVIEST_GRAMS,
    BundleOrder,
    BundleState,
    LetterState,
    Service,
    parts_of,
    sorted_letters,
    weight_of,
)
from yakuba.kernel.notify.services.bundles import (
    fill_part,
    finish_sorting,
    keep_print,
    set_letters_aside,
    waiting_letters,
)
from yakuba.kernel.notify.services.deliver import begin_sending, cancel_delivery, give_back, settle_delivery
from yakuba.kernel.notify.services.forget import forget_old
from yakuba.kernel.notify.services.mailings import write_mailing_chunk
from yakuba.kernel.paper.api import UndrawableCharacters
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.things.api import Ref, ref_of

SYSTEM = system_person("notify")
LONGEST_SECONDS = 40
KEEP_PRINTS = timedelta(days=90)
MOST_PARTS = 40
"""Parts of one bundle (2,000 letters); what is left goes into the next one, in the same order."""


@job("notify.send", label="お知らせを送る（メールなど）", every=Every(5))
def send(moment: int = 0) -> None:
    """Send what is due over every outside channel, a hundred at a time; what is left begins the next job."""
    deadline = time.monotonic() + LONGEST_SECONDS
    for channel in outside_channels():
        while _send_chunk(channel, deadline):
            if time.monotonic() > deadline:
                enqueue("notify.send", key=f"notify.send:{secrets.token_hex(8)}", moment=moment)
                return


def _send_chunk(channel: OutsideChannel, deadline: float) -> bool:
    """Intent, calls, outcomes of one chunk; whether there may be more. Each delivery is settled for itself."""
    ids = begin_sending(by=SYSTEM, channel=channel.key, clock=town_clock())
    if not ids:
        return False
    waiting = list(Delivery.objects.filter(pk__in=ids).select_related("message").order_by("due_at", "pk"))
    mails = _mails(waiting)
    untried = [one.pk for one in waiting]
    try:
        with channel.opened() as line:
            for delivery in waiting:
                if time.monotonic() > deadline:
                    give_back(by=SYSTEM, deliveries=untried, reason="", at_once=True, clock=town_clock())
                    return True
                _send_one(channel, line, delivery, mails)
                untried.remove(delivery.pk)
    except ChannelDown as fault:
        give_back(by=SYSTEM, deliveries=untried, reason=str(fault), at_once=False, clock=town_clock())
        return False
    return True


def _send_one(channel: OutsideChannel, line: Sender, delivery: Delivery, mails: dict[str, str]) -> None:
    message = delivery.message
    mail = mails.get(message.account, "") if message.account else delivery.mail
    address = channel.address_of(Reached(account=message.account, mail=mail))
    if not address:
        cancel_delivery(by=SYSTEM, delivery=delivery, reason="送り先がなくなりました", clock=town_clock())
        return
    outcome = line.send(
        Parcel(
            reference=delivery.public_id,
            address=address,
            language=message.language,
            kind_label=label_of(message.kind, message.language),
            url=notice_url(message.public_id) if message.account else _look_up_url(delivery),
        )
    )
    settle_delivery(
        by=SYSTEM, delivery=delivery, attempt=delivery.attempts, sent_to=address, outcome=outcome, clock=town_clock()
    )


def _look_up_url(delivery: Delivery) -> str:
    """For people without account the mail leads where the thing is looked up (整理番号)."""
    message = delivery.message
    return absolute(message.link or "/")


def _mails(deliveries: list[Delivery]) -> dict[str, str]:
    """The mail addresses of the accounts, as they are now."""
    accounts = {one.message.account for one in deliveries if one.message.account}
    return dict(Account.objects.filter(public_id__in=accounts, is_active=True).values_list("public_id", "email"))


@job("notify.sort_bundle", label="郵便を並べて束にする")
def sort_bundle(bundle: str) -> None:
    """Sort the letters of a bundle and put them into parts; interrupted, it goes on with those that still wait."""
    found = Bundle.objects.filter(public_id=bundle, state=BundleState.PREPARING.value).first()
    if found is None or found.is_sorted:
        return
    order = BundleOrder(found.order)
    waiting = waiting_letters(found.section, Service(found.service), found.made_at)
    plans = parts_of(sorted_letters(sortable(waiting), order, district_order()), order)
    plans = plans[: max(0, MOST_PARTS - found.parts.count())]
    started = time.monotonic()
    for plan in plans:
        fill_part(by=SYSTEM, bundle=found, plan=plan, clock=town_clock())
        if time.monotonic() - started > LONGEST_SECONDS:
            enqueue("notify.sort_bundle", key=f"notify.sort_bundle:{secrets.token_hex(8)}", bundle=bundle)
            return
    finish_sorting(by=SYSTEM, bundle=found)


@job("notify.print_part", label="郵便の印刷用ファイルを作る")
def print_part(part: str) -> None:
    """Set one part and keep its file. Again after a crash: the same letters, the same file, nothing twice."""
    found = BundlePart.objects.filter(public_id=part).select_related("bundle", "bundle__section").first()
    if found is None or found.is_done or found.bundle.state != BundleState.PREPARING:
        return
    letters = list(
        Letter.objects.filter(part=found, state=LetterState.BUNDLED.value).select_related("part").order_by("place")
    )
    if not letters:
        keep_print(by=SYSTEM, part=found, file=None, pages=0, sheets={})
        return
    title = f"{found.bundle.section.name}　発送の束　第{found.number}部"
    try:
        pdf = letters_pdf(letters, headings=found.headings, title=title, printed_at=found.bundle.made_at)
    except UndrawableCharacters as refusal:
        faulty = [one.pk for one in letters if _has_any(one, refusal.characters)]
        if not faulty:
            raise
        _print_without(found, faulty, f"{refusal.message}{refusal.hint or ''}")
        return
    sheets = sheets_by_mark(pdf)
    if heavy := [one.pk for one in letters if weight_of(sheets.get(one.mark, 1)) > HEAVIEST_GRAMS]:
        _print_without(found, heavy, "枚数が多く、長形3号の封筒に入りません。別の封筒で送ってください。")
        return
    owner = ref_of(found)
    file = _kept_file(owner) or receive_file(
        by=SYSTEM, stream=pdf, filename=f"発送の束_第{found.number}部.pdf", clock=town_clock(), owner=owner
    )
    keep_print(by=SYSTEM, part=found, file=file, pages=page_count(pdf), sheets=sheets)


def _print_without(part: BundlePart, letters: list[int], reason: str) -> None:
    set_letters_aside(by=SYSTEM, part=part, letters=letters, reason=reason)
    enqueue("notify.print_part", key=f"notify.print_part:{secrets.token_hex(8)}", part=part.public_id)


def _kept_file(owner: Ref) -> StoredFile | None:
    """The file of an earlier try that died before it was noted."""
    return StoredFile.objects.filter(owner_kind=owner.kind, owner_id=owner.public_id, state="stored").first()


def _has_any(letter: Letter, characters: tuple[str, ...]) -> bool:
    texts = [letter.name, letter.title, letter.number, *letter.address_lines, *map(str, letter.sender.values())]
    for part in letter.parts:
        texts += [part["title"], *part["paragraphs"]]
    text = "".join(texts)
    return any(one in text for one in characters)


@job("notify.write_letters", label="宛先一覧から郵便を作る")
def write_letters(mailing: str) -> None:
    """Write the letters of a mailing in chunks; what is left begins the next job."""
    found = Mailing.objects.filter(public_id=mailing).first()
    started = time.monotonic()
    while found is not None and write_mailing_chunk(by=SYSTEM, mailing=found, clock=town_clock()):
        if time.monotonic() - started > LONGEST_SECONDS:
            enqueue("notify.write_letters", key=f"notify.write_letters:{secrets.token_hex(8)}", mailing=mailing)
            return


@job("notify.forget_old", label="保存期間の過ぎたお知らせと郵便を消す", every=Daily("03:40"))
def forget() -> None:
    """Notices and letters whose time is over; prints three months after they were made."""
    clock = town_clock()
    while forget_old(by=SYSTEM, clock=clock):
        pass
    old = BundlePart.objects.filter(bundle__made_at__lt=clock.now() - KEEP_PRINTS).exclude(
        bundle__state=BundleState.READY.value
    )
    ids = list(old.filter(file__state="stored").values_list("file", flat=True)[:500])
    for file in StoredFile.objects.filter(pk__in=ids):
        discard_file(by=SYSTEM, file=file, reason="発送を終えた印刷用ファイル")
