"""Forgetting notices and letters when their time is over."""

from __future__ import annotations

from datetime import datetime

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.notify.models import Bundle, BundlePart, Letter, Mailing, Message
from yakuba.kernel.parameters.api import whole_on
from yakuba.kernel.values.api import Clock, FiscalYear, start_of_day

_AT_ONCE = 200


def kept_since(clock: Clock) -> datetime:
    """Notices older than this moment are forgotten: those of fiscal years that ended the kept years ago."""
    today = clock.today()
    year = FiscalYear.of(today)
    for _ in range(whole_on("notify.kept_years", today)):
        year = year.previous
    return start_of_day(year.start)


@verb("notify.forget_old", label="保存期間の過ぎたお知らせと郵便の消去")
def forget_old(*, by: Person, clock: Clock) -> int:
    """Delete messages with deliveries and letters, letters without message, and empty bundles; in chunks."""
    border = kept_since(clock)
    messages = list(Message.objects.filter(made_at__lt=border).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
    Message.objects.filter(pk__in=messages).delete()
    letters = list(
        Letter.objects.filter(made_at__lt=border, message__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)[:_AT_ONCE]
    )
    Letter.objects.filter(pk__in=letters).delete()
    parts = list(
        BundlePart.objects.filter(bundle__made_at__lt=border, letters__isnull=True).values_list("pk", flat=True)[
            :_AT_ONCE
        ]
    )
    BundlePart.objects.filter(pk__in=parts).delete()
    bundles = list(
        Bundle.objects.filter(made_at__lt=border, parts__isnull=True).values_list("pk", flat=True)[:_AT_ONCE]
    )
    Bundle.objects.filter(pk__in=bundles).delete()
    mailings = list(Mailing.objects.filter(made_at__lt=border).values_list("pk", flat=True)[:_AT_ONCE])
    Mailing.objects.filter(pk__in=mailings).delete()
    return len(messages) + len(letters) + len(parts) + len(bundles) + len(mailings)
