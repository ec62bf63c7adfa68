"""The minutes of a meeting as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from yakuba.kernel.paper.api import Letterhead, render_pdf
from yakuba.plan.models import AgendaItem, Meeting, MeetingState, Task


def minutes_as_pdf(
    meeting: Meeting, items: Sequence[AgendaItem], tasks: Sequence[Task], *, printed_at: datetime
) -> bytes:
    """Set the minutes; those not yet final are marked as a draft."""
    return render_pdf(
        "plan/minutes",
        {
            "title": f"{meeting.title} 会議録",
            "is_final": meeting.state == MeetingState.MINUTED,
            "held_on": meeting.held_on,
            "starts_at": f" {meeting.starts_at:%H:%M}から" if meeting.starts_at else "",
            "place": meeting.place or "—",
            "attendees": meeting.attendees or "—",
            "summary": meeting.summary,
            "items": [
                {
                    "position": item.position,
                    "title": item.title,
                    "is_dropped": item.is_dropped,
                    "initiative": str(item.initiative) if item.initiative else "",
                    "explanation": item.explanation,
                    "discussion": item.discussion,
                    "decision": item.decision,
                }
                for item in items
            ],
            "tasks": [
                {
                    "words": task.words,
                    "who": " ".join(one.name for one in (task.section, task.owner) if one is not None),
                    "due": task.due_on,
                }
                for task in tasks
            ],
        },
        printed_at=printed_at,
        letterhead=Letterhead(town=settings.TOWN.name, office=settings.TOWN.office_name),
    )
