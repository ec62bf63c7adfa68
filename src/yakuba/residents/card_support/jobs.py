"""Work outside the request: reminders, and deleting what is no longer needed."""

from __future__ import annotations

from django.urls import is_valid_path

from yakuba.kernel.access.api import system_person
from yakuba.kernel.jobs.api import Daily, enqueue, job
from yakuba.kernel.parameters.api import town_clock
from yakuba.residents.card_support.models import Reminder
from yakuba.residents.card_support.services import delete_over, erase_old, remind
from yakuba.residents.card_support.services.reminders import due_today

AT_ONCE = 500


@job("card.remind", label="マイナンバーカードの更新のお知らせ", every=Daily("07:30"))
def send_reminders(*, after: int = 0) -> None:
    """Remind whom it is time to remind, some hundred entries at a time; the rest in the next job."""
    clock, by = town_clock(), system_person("jobs")
    is_valid_path("/")  # the addresses of the house are read once per process, before a transaction waits for them
    rows = list(Reminder.objects.filter(pk__gt=after, confirmed_at__isnull=False).order_by("pk")[:AT_ONCE])
    for one in rows:
        if due_today(one, clock.today()):
            remind(by=by, reminder=one, clock=clock)
    if len(rows) == AT_ONCE:
        last = rows[-1].pk
        enqueue("card.remind", key=f"card.remind:{clock.today().isoformat()}:{last}", after=last)


@job("card.clear", label="マイナンバーカードの記録の整理", every=Daily("03:40"))
def clear() -> None:
    """Delete reminders that are over, and erase who it was from old records; what is left follows the next night."""
    clock, by = town_clock(), system_person("jobs")
    delete_over(by=by, limit=AT_ONCE, clock=clock)
    erase_old(by=by, limit=AT_ONCE, clock=clock)
