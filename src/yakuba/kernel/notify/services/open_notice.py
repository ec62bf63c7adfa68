"""A notice is opened: the first opening is its arrival (到達)."""

from __future__ import annotations

from yakuba.kernel.access.api import NotAllowed, Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.notify.models import Message
from yakuba.kernel.values.api import Clock


@verb("notify.open_notice", label="お知らせを最初に開く", auditor_may=True)
def open_notice(*, by: Person, message: Message, clock: Clock) -> Message:
    """Note when the person themselves first opened it; later openings change nothing. Raises ``NotAllowed``."""
    if not message.account or message.account != by.id:
        raise NotAllowed("お知らせを開けるのは、本人だけです。")
    now = clock.now()
    if Message.objects.filter(pk=message.pk, opened_at__isnull=True).update(opened_at=now):
        message.opened_at = now
    else:
        message.refresh_from_db(fields=["opened_at"])
    return message
