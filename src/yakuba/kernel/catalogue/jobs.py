"""Work outside the request: outside addresses are looked at once a week."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from yakuba.kernel.access.api import system_person
from yakuba.kernel.catalogue.links import look_at
from yakuba.kernel.catalogue.models import Channel
from yakuba.kernel.catalogue.rules.kinds import ChannelKind
from yakuba.kernel.catalogue.services import record_link
from yakuba.kernel.jobs.api import Daily, enqueue, job, outside_call
from yakuba.kernel.parameters.api import town_clock

_BEST_BEFORE = timedelta(days=6)
_AT_ONCE = 200


@job("catalogue.check_links", label="手続きの行き先のリンクを確かめる", every=Daily("03:40"))
def check_links() -> None:
    """Queue one job per address that was not looked at for a week, so that one slow site holds up nothing."""
    clock = town_clock()
    outside = [kind.value for kind in ChannelKind if kind.needs_address]
    due = (
        Channel.objects.filter(kind__in=outside, closed_on__isnull=True)
        .exclude(target="")
        .exclude(target__startswith="/")  # our own pages
        .filter(Q(link_checked_at__isnull=True) | Q(link_checked_at__lt=clock.now() - _BEST_BEFORE))
        .order_by("link_checked_at", "pk")[:_AT_ONCE]
    )
    for channel in due:
        key = f"catalogue.check_link:{channel.public_id}:{clock.today()}"
        enqueue("catalogue.check_link", key=key, public_id=channel.public_id)


@job("catalogue.check_link", label="リンクを一つ確かめる")
def check_link(*, public_id: str) -> None:
    """Look at one address; the look happens outside any transaction, its outcome is a verb."""
    channel = Channel.objects.filter(public_id=public_id, closed_on__isnull=True).exclude(target="").first()
    if channel is None or not channel.channel_kind.needs_address or channel.target.startswith("/"):
        return
    with outside_call("link check"):
        look = look_at(channel.target)
    record_link(by=system_person("jobs"), channel=channel, target=channel.target, look=look, clock=town_clock())
