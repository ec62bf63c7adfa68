"""An appointment as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yakuba.residents.card_support.models import Appointment
from yakuba.residents.card_support.purposes import purpose_title

_LONGEST = 73
"""Octets of a content line before it is folded (RFC 5545 §3.1 allows 75)."""


def calendar_file(appointment: Appointment, *, language: str) -> HttpResponse:
    """The file; it names purpose, place and number, and nobody."""
    slot = appointment.slot
    begins, ends = slot.starts_at, slot.starts_at + timedelta(minutes=slot.minutes)
    summary = f"{_('マイナンバーカードの窓口')} {purpose_title(appointment.purpose, language)}"
    where = " ".join(filter(None, (slot.venue.text.in_language(language), slot.venue.place)))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Yakuba//card support//JA",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{appointment.public_id}@{settings.TOWN.code}.card.yakuba",
        f"DTSTAMP:{_moment(appointment.changed_at)}",
        f"DTSTART:{_moment(begins)}",
        f"DTEND:{_moment(ends)}",
        f"SUMMARY:{_text(summary)}",
        f"LOCATION:{_text(where)}",
        f"DESCRIPTION:{_text(pgettext('card', '整理番号') + ' ' + appointment.number)}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(summary)}",
        "TRIGGER:-P1D",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    body = "".join(f"{_folded(line)}\r\n" for line in lines)
    response = HttpResponse(body.encode(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="card-{appointment.number}.ics"'
    return response


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """A text as a property value: what has a meaning there is escaped."""
    for character in ("\\", ";", ","):
        words = words.replace(character, f"\\{character}")
    return words.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "")


def _folded(line: str) -> str:
    """The line in parts of at most 75 octets, never through a character."""
    parts, part, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LONGEST:
            parts.append(part)
            part, size = "", 0
        part += character
        size += octets
    return "\r\n ".join([*parts, part])
