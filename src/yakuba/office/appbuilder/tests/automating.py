"""Putting automations to use in tests, and letting their jobs run on the clock of the test."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import F

from yakuba.kernel.access.api import Person, PersonKind, Role
from yakuba.kernel.jobs.models import Job
from yakuba.kernel.notify.models import Message
from yakuba.kernel.values.api import TOKYO, FixedClock
from yakuba.office.appbuilder import running
from yakuba.office.appbuilder.models import App, AutomationRun, Record
from yakuba.office.appbuilder.tests.lending import PROCESS, lending, put_to_use
from yakuba.office.appbuilder.tests.world import CLOCK

IT = Person(id="it", name="情報 太郎", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.IT}))
TELL: dict[str, Any] = {
    "does": "notify",
    "maker": True,
    "text": "「品名」（「事情」）は「返却予定日」までです。「注意」",
}


def automation(**changed: Any) -> dict[str, Any]:
    return {"key": "a", "name": "見張り", "when": "added", "actions": [TELL], **changed}


def at(day: date, hour: int = 9, minute: int = 0) -> FixedClock:
    return FixedClock(datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO).astimezone(UTC))


def use(desk: Any, *automations: dict[str, Any], clock: Any = CLOCK, process: Any = PROCESS) -> App:
    desk.app = put_to_use(desk, lending(process, automations=list(automations)), clock=clock)
    return desk.app


def settle(clock: Any = CLOCK, most: int = 60) -> int:
    """Run the jobs of automations until none is due, on the test's clock; gives how many ran."""
    ran: set[int] = set()
    while len(ran) < most:
        due = Job.objects.filter(
            name__in=("appbuilder.automate", "appbuilder.carry_out"), run_after__lte=F("queued_at")
        )
        job = due.exclude(pk__in=ran).first()
        if job is None:
            return len(ran)
        ran.add(job.pk)
        if job.name == "appbuilder.automate":
            record = Record.objects.select_related("app").get(public_id=job.arguments["record"])
            running.run_for_change(record, job.arguments["version"], job.arguments["depth"], clock)
        else:
            carried(AutomationRun.objects.get(public_id=job.arguments["run"]), clock)
    raise AssertionError("automations went on and on")


def carried(run: AutomationRun, clock: Any = CLOCK) -> str:
    return running.carry_out(AutomationRun.objects.select_related("app", "record__app").get(pk=run.pk), clock)


def texts() -> list[tuple[str, str]]:
    """Who was told what, in order."""
    return [
        (one.name, one.texts["body"]["ja"]) for one in Message.objects.filter(kind="appbuilder.told").order_by("pk")
    ]
