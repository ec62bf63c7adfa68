"""Reading procedures and the ways they are received."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from yakuba.kernel.access.api import Person
from yakuba.kernel.catalogue.access import visible_to
from yakuba.kernel.catalogue.models import Channel, Procedure
from yakuba.kernel.catalogue.rules.kinds import ONLINE_KINDS, ChannelKind
from yakuba.kernel.organisation.api import successors_on
from yakuba.kernel.organisation.models import Section

_ONLINE = [kind.value for kind in ONLINE_KINDS]


def procedure_of(key: str) -> Procedure | None:
    """The procedure of a key, whoever asks; pages ask `visible_to`."""
    return Procedure.objects.select_related("section", "authority").filter(key=key).first()


def procedures_to_read(person: Person) -> QuerySet[Procedure]:
    """The procedures a person may read, with their section and open channels loaded."""
    return (
        visible_to(person, Procedure)
        .select_related("section__parent", "authority")
        .prefetch_related(Prefetch("channels", queryset=open_channels(), to_attr="open_channels"))
        .order_by("number")
    )


def open_channels() -> QuerySet[Channel]:
    """Ways that are open: offline ones until closed, online ones from their opening until closed."""
    return Channel.objects.filter(closed_on__isnull=True).filter(Q(live_since__isnull=False) | ~Q(kind__in=_ONLINE))


def channels_of(procedure: Procedure) -> Sequence[Channel]:
    """The open channels of a procedure, online ones first."""
    loaded: Sequence[Channel] | None = getattr(procedure, "open_channels", None)
    rows = list(loaded) if loaded is not None else list(open_channels().filter(procedure=procedure))
    return sorted(rows, key=lambda one: (not one.is_online, one.position, one.pk))


def online_channel(procedure: Procedure, kind: ChannelKind) -> Channel | None:
    """The open online channel of a kind."""
    return open_channels().filter(procedure=procedure, kind=kind.value).order_by("-live_since").first()


def with_online(rows: QuerySet[Procedure], is_online: bool) -> QuerySet[Procedure]:
    """Those with, or without, an open online channel."""
    found = Exists(open_channels().filter(procedure=OuterRef("pk"), kind__in=_ONLINE))
    return rows.filter(found) if is_online else rows.exclude(found)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a procedure is done: the section that stands in for the recorded one today."""

    name: str
    phone: str
    section_id: int | None


def places_of(procedures: Iterable[Procedure], today: date) -> dict[int, Place]:
    """For each procedure (by row number) the section in charge today; a section that ended is followed to its successor."""
    rows = list(procedures)
    sections = {one.section.pk: one.section for one in rows if one.section is not None}
    ended = [pk for pk, section in sections.items() if section.ends_on is not None and section.ends_on <= today]
    after: dict[int, list[int]] = successors_on(ended, today) if ended else {}
    successors = Section.objects.in_bulk([pk for found in after.values() for pk in found]) if ended else {}
    places: dict[int, Place] = {}
    for one in rows:
        section = one.section
        if section is not None and section.pk in after:
            section = next((successors[pk] for pk in after[section.pk]), section)
        places[one.pk] = (
            Place(section.name, section.phone or _phone_above(section), section.pk) if section else Place("", "", None)
        )
    return places


def _phone_above(section: Section) -> str:
    above = section.parent if section.parent_id else None
    return above.phone if above is not None else ""
