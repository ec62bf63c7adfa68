"""What a look at an outside address found."""

from __future__ import annotations

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.catalogue.links import Look
from yakuba.kernel.catalogue.models import Channel
from yakuba.kernel.values.api import Clock


@verb("catalogue.record_link", label="リンクの確認結果を記録する")
def record_link(*, by: Person, channel: Channel, target: str, look: Look, clock: Clock) -> Channel | None:
    """Keep what was found, unless the address was changed since it was looked at."""
    kept = Channel.objects.select_for_update().filter(pk=channel.pk, target=target).first()
    if kept is None:
        return None
    kept.link_state, kept.link_note, kept.link_checked_at = look.state, look.words[:200], clock.now()
    kept.save(update_fields=["link_state", "link_note", "link_checked_at"])
    return kept
