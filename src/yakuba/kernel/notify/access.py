"""Who sees messages and letters: the person told, and the section in charge.

Staff see those of their own sections and of the units below them. The auditor sees the log and the posting list, not
the texts. Secretariat and information systems see neither: they are told only how many wait and fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from yakuba.kernel.access.api import NotVisible, Person, PersonKind, Role, role
from yakuba.kernel.japan.api import fold
from yakuba.kernel.notify.models import Bundle, Letter, Mailing, Message
from yakuba.kernel.organisation.api import sections_worked_for
from yakuba.kernel.people.api import Known, protected_among
from yakuba.kernel.ui.api import search_words

#: Who opens the pages of messages and letters at all.
sees_log = role(Role.STAFF, Role.AUDITOR)
#: Who may change the districts letters are sorted by.
keeps_districts = role(Role.SECRETARIAT, Role.SECTION_HEAD, Role.IT)


def sections_of(person: Person) -> frozenset[int]:
    """The sections whose messages a person works with: those posted to, all units below them, and what these replaced."""
    if person.kind is not PersonKind.STAFF or not person.section_ids:
        return frozenset()
    return sections_worked_for(person.section_ids)


def visible_to(person: Person) -> QuerySet[Message]:
    """The messages whose log a person sees."""
    if person.has(Role.AUDITOR):
        return Message.objects.filter(section__isnull=False)
    return Message.objects.filter(section_id__in=sections_of(person))


def get_for(person: Person, public_id: str) -> Message:
    """One message of the log. Raises ``NotVisible``."""
    found = visible_to(person).filter(public_id=public_id[:16]).select_related("section").first()
    if found is None:
        raise NotVisible
    return found


def may_read_content(person: Person, one: Message | Letter | Bundle | Mailing) -> bool:
    """Whether a person reads what a message or letter says and acts on it: staff of the section in charge."""
    return (
        person.kind is PersonKind.STAFF
        and not person.is_read_only
        and one.section_id is not None
        and one.section_id in sections_of(person)
    )


def inbox_of(person: Person) -> QuerySet[Message]:
    """A person's own notices, newest first."""
    if not person.is_signed_in:
        return Message.objects.none()
    return Message.objects.filter(account=person.id)


def own_notice(person: Person, public_id: str) -> Message:
    """One of a person's own notices. Raises ``NotVisible``."""
    found = inbox_of(person).filter(public_id=public_id[:16]).select_related("section").first()
    if found is None:
        raise NotVisible
    return found


def letters_visible_to(person: Person) -> QuerySet[Letter]:
    """The letters a person sees in lists and on the posting list."""
    letters = Letter.objects.select_related("section", "part", "part__bundle")
    if person.has(Role.AUDITOR):
        return letters
    return letters.filter(section_id__in=sections_of(person))


def withhold_places(letters: Sequence[Letter], *, on: date) -> None:
    """Take place and name off what is shown of people who became protected after their letter was written (支援措置).

    Works on the objects, never on the rows: a namesake is treated with the same care, and for them the posting list must
    be whole again once the protection ends. Call it before anything of a letter is shown or printed.
    """
    open_ones = [one for one in letters if not one.is_protected]
    flags = protected_among([Known(account=one.account, name=one.name) for one in open_ones], on=on)
    for one, is_hidden in zip(open_ones, flags, strict=True):
        if is_hidden:
            one.is_protected = True
            one.postal_code = one.district = one.new_postal_code = one.new_address = ""
            one.address_lines = []


def found_by_name(letters: QuerySet[Letter], words: str, *, on: date) -> QuerySet[Letter]:
    """The letters without those to protected people whom these words would find: a hit would say who it is."""
    wanted = [folded for word in search_words(words) if (folded := fold(word))]
    if not wanted:
        return letters
    found = letters
    for folded in wanted:
        found = found.filter(name_key__contains=folded)
    hits = list(found.values_list("pk", "account", "name"))
    flags = protected_among([Known(account=account, name=name) for _, account, name in hits], on=on)
    return letters.exclude(pk__in=[hit[0] for hit, is_hidden in zip(hits, flags, strict=True) if is_hidden])


def get_letter_for(person: Person, public_id: str) -> Letter:
    """One letter. Raises ``NotVisible``."""
    found = letters_visible_to(person).filter(public_id=public_id[:16]).select_related("message", "first").first()
    if found is None:
        raise NotVisible
    return found


def bundles_visible_to(person: Person) -> QuerySet[Bundle]:
    """The bundles of a person's sections."""
    bundles = Bundle.objects.select_related("section")
    if person.has(Role.AUDITOR):
        return bundles
    return bundles.filter(section_id__in=sections_of(person))


def get_bundle_for(person: Person, public_id: str) -> Bundle:
    """One bundle. Raises ``NotVisible``."""
    found = bundles_visible_to(person).filter(public_id=public_id[:16]).first()
    if found is None:
        raise NotVisible
    return found


def mailings_visible_to(person: Person) -> QuerySet[Mailing]:
    """The mailings of a person's sections."""
    return Mailing.objects.select_related("section").filter(section_id__in=sections_of(person))


def get_mailing_for(person: Person, public_id: str) -> Mailing:
    """One mailing. Raises ``NotVisible``."""
    found = mailings_visible_to(person).filter(public_id=public_id[:16]).first()
    if found is None:
        raise NotVisible
    return found
