"""A letter is written: with a message, again after a return, or in place of a notice nobody opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.japan.api import fold
from yakuba.kernel.notify.access import may_read_content
from yakuba.kernel.notify.kinds import MessageKind, kind_of
from yakuba.kernel.notify.models import Letter, Message
from yakuba.kernel.notify.queries import districts, sender_of
from yakuba.kernel.notify.recipients import Known, PostalTo, Recipient, checked_postal, looked_up
from yakuba.kernel.notify.rules.districts import district_of
from yakuba.kernel.notify.rules.letters import LETTER_STATES, LetterState, ReturnReason, Service
from yakuba.kernel.notify.rules.texts import one_line, paragraphs
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.people.api import is_protected
from yakuba.kernel.values.api import Clock, Refusal

PROTECTED_REASON = "支援措置の対象者です。宛先を住民担当に確かめ、個別に渡してください。"


def letter_of_message(
    *, by: Person, message: Message, known: Known, kind: MessageKind, number: str, clock: Clock
) -> Letter:
    """The letter a message goes out with (called by ``tell`` inside the caller's verb)."""
    if message.section is None:
        raise ValueError("a letter needs the section in charge")
    return _written(
        key=f"{message.key}#post"[:160],
        message=message,
        kind=kind.key,
        section=message.section,
        name=known.name,
        honorific=known.recipient.honorific,
        account=message.account,
        address=known.address,
        protected=known.is_protected,
        language=message.language,
        number=one_line(number)[:40],
        service=kind.service,
        by=by,
        clock=clock,
    )


@verb("notify.send_by_post", label="お知らせを郵便でも送る")
def send_by_post(*, by: Person, message: Message, address: PostalTo | None, clock: Clock) -> Letter:
    """Send a message on paper as well, because it was not opened or the mail came back.

    Without ``address`` it goes to the one the person entered. Once only: the letter there is comes back. Raises
    ``NotAllowed``, ``Refusal`` when no address is known.
    """
    if not may_read_content(by, message) or message.section is None:
        raise NotAllowed("郵便で送れるのは、担当の所属の職員です。")
    there = Letter.objects.filter(message=message, first__isnull=True).first()
    if there is not None:
        return there
    known = looked_up(
        Recipient(
            name=message.name,
            account=message.account,
            address=address,
            language=message.language,
            is_protected=message.is_protected,
        ),
        on=clock.today(),
    )
    if known.address is None and not known.is_protected:
        raise Refusal(
            f"{message.name}さんの住所が登録されていません。",
            field="address",
            hint="お知らせのページを開き、宛先の住所を入力して送ってください。",
        )
    kind = kind_of(message.kind)
    return _written(
        key=f"{message.key}#post"[:160],
        message=message,
        kind=message.kind,
        section=message.section,
        name=message.name,
        honorific="様",
        account=message.account,
        address=known.address,
        protected=known.is_protected,
        language=message.language,
        number="",
        service=kind.service if kind else Service.ORDINARY,
        by=by,
        clock=clock,
    )


@verb("notify.note_return", label="郵便の返戻の記録")
def note_return(
    *,
    by: Person,
    letter: Letter,
    returned_on: date,
    reason: ReturnReason,
    note: str,
    new_address: PostalTo | None,
    clock: Clock,
) -> Letter:
    """The post office brought a letter back, for which reason, and where the person lives now if that is known.

    Raises ``NotAllowed``, ``Refusal``.
    """
    kept = _locked(by, letter)
    if kept.posted_on is not None and not kept.posted_on <= returned_on <= clock.today():
        raise Refusal(
            "返戻の日が正しくありません。", field="returned_on", hint="発送日から今日までの日を入力してください。"
        )
    LETTER_STATES.check(LetterState(kept.state), LetterState.RETURNED)
    kept.state, kept.returned_on, kept.return_reason = LetterState.RETURNED.value, returned_on, reason.value
    kept.note = one_line(note)[:400]
    if new_address is not None and not kept.is_protected:
        address = checked_postal(new_address)
        kept.new_postal_code, kept.new_address = address.postal_code, "　".join(address.lines)[:300]
    kept.save()
    return kept


@verb("notify.resend_letter", label="郵便の再発送")
def resend_letter(*, by: Person, letter: Letter, address: PostalTo, service: Service, clock: Clock) -> Letter:
    """Send a returned letter again, word for word, to where the person lives now; linked to the first one.

    Raises ``NotAllowed``, ``Refusal``.
    """
    kept = _locked(by, letter)
    LETTER_STATES.check(LetterState(kept.state), LetterState.RESENT)
    kept.state = LetterState.RESENT.value
    kept.save(update_fields=["state"])
    first = kept.first or kept
    protected = kept.is_protected or is_protected(account=kept.account, name=kept.name, on=clock.today())
    return _written(
        key=f"{first.key}#{Letter.objects.filter(first=first).count() + 2}"[:160],
        message=kept.message,
        kind=kept.kind,
        section=kept.section,
        name=kept.name,
        honorific=kept.honorific,
        account=kept.account,
        address=None if protected else address,
        protected=protected,
        language=kept.language,
        number=kept.number,
        service=service,
        by=by,
        clock=clock,
        first=first,
        same_as=kept,
    )


@verb("notify.close_letter", label="返戻した郵便を送り直さない")
def close_letter(*, by: Person, letter: Letter, reason: str, clock: Clock) -> Letter:
    """A returned letter is not sent again (公示送達, reached otherwise …). Raises ``NotAllowed``, ``Refusal``."""
    return _ended(by, letter, LetterState.CLOSED, reason)


@verb("notify.cancel_letter", label="郵便の取りやめ")
def cancel_letter(*, by: Person, letter: Letter, reason: str, clock: Clock) -> Letter:
    """A letter that waits is not sent. Raises ``NotAllowed``, ``Refusal``."""
    return _ended(by, letter, LetterState.CANCELLED, reason)


@verb("notify.hand_letter", label="郵便を個別に渡した記録")
def hand_letter(*, by: Person, letter: Letter, reason: str, clock: Clock) -> Letter:
    """The section reached the person by hand; ``reason`` says how, without any place. Raises ``NotAllowed``, ``Refusal``."""
    return _ended(by, letter, LetterState.HANDED, reason)


def set_aside(letters: Sequence[Letter], reason: str, *, is_protection: bool) -> None:
    """Leave letters to the section's hands (inside a verb): protected people, characters no font draws."""
    for letter in letters:
        LETTER_STATES.check(LetterState(letter.state), LetterState.BY_HAND)
        letter.state, letter.hand_reason = LetterState.BY_HAND.value, reason[:200]
        letter.part, letter.place = None, 0
        if is_protection:
            _forget_places(letter)
        letter.save()


def _forget_places(letter: Letter) -> None:
    letter.is_protected = True
    letter.name_key = ""
    letter.postal_code = letter.district = letter.new_postal_code = letter.new_address = ""
    letter.address_lines = []


def _ended(by: Person, letter: Letter, to: LetterState, reason: str) -> Letter:
    kept = _locked(by, letter)
    if not reason.strip():
        raise Refusal("理由が空です。", field="reason", hint="あとで見て分かるように、短く書いてください。")
    LETTER_STATES.check(LetterState(kept.state), to)
    kept.state, kept.note = to.value, one_line(reason)[:400]
    kept.save(update_fields=["state", "note"])
    return kept


def _locked(by: Person, letter: Letter) -> Letter:
    kept = (
        Letter.objects.select_for_update(of=("self",)).select_related("section", "first", "message").get(pk=letter.pk)
    )
    if not may_read_content(by, kept):
        raise NotAllowed("この郵便を扱えるのは、担当の所属の職員です。")
    return kept


def _written(
    *,
    key: str,
    message: Message | None,
    kind: str,
    section: Section,
    name: str,
    honorific: str,
    account: str,
    address: PostalTo | None,
    protected: bool,
    language: str,
    number: str,
    service: Service,
    by: Person,
    clock: Clock,
    first: Letter | None = None,
    same_as: Letter | None = None,
) -> Letter:
    if not name:
        raise Refusal("郵便の宛名が空です。", field="name", hint="氏名を入力してください。")
    today = clock.today()
    title, parts = _said(message, same_as, language)
    address = checked_postal(address) if address is not None and not protected else None
    return Letter.objects.create(
        key=key,
        message=message,
        kind=kind,
        section=section,
        first=first,
        account=account,
        name=name,
        # Whoever looks for a name must not learn from the hit that it is a protected person's.
        name_key="" if protected else fold(name)[:240],
        honorific=honorific,
        is_protected=protected,
        hand_reason=PROTECTED_REASON if protected else "",
        postal_code=address.postal_code if address else "",
        address_lines=list(address.lines) if address else [],
        district=_district(address) if address else "",
        language=language,
        number=number,
        dated_on=today,
        sender=sender_of(section, today),
        title=title,
        parts=parts,
        service=service.value,
        state=(LetterState.BY_HAND if protected else LetterState.WAITING).value,
        made_by=by.id,
        made_at=clock.now(),
    )


def _said(message: Message | None, same_as: Letter | None, language: str) -> tuple[str, list[dict[str, Any]]]:
    """Title and text: in Japanese, and for readers of another language that one first."""
    if same_as is not None:
        return same_as.title, same_as.parts
    if message is None:
        raise ValueError("a letter says what its message says")
    parts = [{"lang": "ja", "title": "", "paragraphs": paragraphs(message.body("ja"))}]
    if language != "ja":
        own = {
            "lang": "en" if language == "en" else "ja",
            "title": "",
            "paragraphs": paragraphs(message.body(language)),
        }
        parts[0]["title"] = message.subject("ja")
        return message.subject(language)[:200], [own, *parts]
    return message.subject("ja")[:200], parts


def _district(address: PostalTo) -> str:
    """The district that was given, if the town has it; else the one the address lies in; else what was given."""
    known = districts()
    if address.district in {one.name for one in known}:
        return address.district
    return district_of("".join(address.lines), known, town=settings.TOWN.name) or address.district
