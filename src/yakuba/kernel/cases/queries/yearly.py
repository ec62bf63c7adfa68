"""How many cases arrived in a fiscal year, for the published table (公表)."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count

from yakuba.kernel.cases.models import Case, DisposalItem, ExternalReceipt
from yakuba.kernel.cases.rules.parties import Arrival
from yakuba.kernel.catalogue.api import ChannelKind, register_case_counter
from yakuba.kernel.parameters.api import is_sample_town
from yakuba.kernel.values.api import FiscalYear

CHANNELS = {
    Arrival.ONLINE: ChannelKind.YAKUBA_FORM,
    Arrival.COUNTER: ChannelKind.COUNTER,
    Arrival.PHONE: ChannelKind.PHONE,
    Arrival.POST: ChannelKind.POST,
    # A note in the letter box or a fax is no electronic service (`ChannelKind.OTHER` is one).
    Arrival.OTHER: ChannelKind.COUNTER,
}


@register_case_counter
def count_cases(year: FiscalYear) -> dict[tuple[str, ChannelKind], int]:
    """Cases by procedure and channel that arrived in a fiscal year: those of this system, also disposed ones, and the
    receipts of other channels. Of a 補助金 only the application counts; in a real town no sample case does."""
    days = (year.start, year.last_day)
    found: Counter[tuple[str, ChannelKind]] = Counter()
    cases = Case.objects.filter(received_on__range=days, stage__in=["", "apply"], is_sample=is_sample_town()).order_by()
    for key, arrival, count in cases.values_list("procedure__key", "arrival").annotate(count=Count("pk")):
        found[key, CHANNELS[Arrival(arrival)]] += count
    gone = DisposalItem.objects.filter(received_on__range=days, disposed_on__isnull=False).order_by()
    for key, arrival, count in gone.values_list("procedure__key", "arrival").annotate(count=Count("pk")):
        found[key, CHANNELS[Arrival(arrival)]] += count
    receipts = ExternalReceipt.objects.filter(received_on__range=days, is_sample=is_sample_town()).order_by()
    for key, kind, count in receipts.values_list("procedure__key", "channel_kind").annotate(count=Count("pk")):
        found[key, ChannelKind(kind)] += count
    return dict(found)
