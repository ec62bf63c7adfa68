"""What the app builder does outside a request."""

from __future__ import annotations

from datetime import timedelta

from django.urls import is_valid_path, reverse

from yakuba.kernel.access.api import system_person
from yakuba.kernel.jobs.api import Daily, Every, job
from yakuba.kernel.parameters.api import town_clock, whole_on
from yakuba.office.appbuilder.models import (
    App,
    Arrival,
    AutomationPause,
    AutomationRun,
    Entrance,
    ImportBatch,
    Record,
    RecordDisposal,
)
from yakuba.office.appbuilder.queries.orphans import to_tell
from yakuba.office.appbuilder.queries.told import keepers_of
from yakuba.office.appbuilder.rules.door_states import ArrivalState
from yakuba.office.appbuilder.running import carry_out, look_at_the_clock, run_for_change
from yakuba.office.appbuilder.services import drop_import, erase_arrivals, lapse_offers, reshape_chunk
from yakuba.office.appbuilder.services.automate import CARRY_OUT, TELL_PAUSED, forget_runs, tell_paused
from yakuba.office.appbuilder.services.define import RESHAPE
from yakuba.office.appbuilder.services.disposing import DISPOSE, dispose_some
from yakuba.office.appbuilder.services.handing_over import tell_of_app
from yakuba.office.appbuilder.services.waking import AUTOMATE

_LEFT_FOR = timedelta(hours=1)


@job(RESHAPE, label="アプリの項目の変更を記録に反映する")
def reshape(app: str) -> None:
    """Bring every record of an app into the shape in use; may be stopped and run again at any place."""
    found = App.objects.get(public_id=app)
    while reshape_chunk(by=system_person("appbuilder"), app=found, clock=town_clock()):
        pass


@job("appbuilder.drop_left_imports", label="途中で止まった取込みを取り消す", every=Every(minutes=60))
def drop_left_imports() -> None:
    """Imports that began an hour ago and never finished leave nothing behind."""
    for batch in ImportBatch.objects.filter(finished_at__isnull=True, started_at__lt=town_clock().now() - _LEFT_FOR):
        while drop_import(by=system_person("appbuilder"), batch=batch):
            pass


@job(AUTOMATE, label="記録の変更で動くアプリの自動処理を始める")
def automate(record: str, version: int, depth: int) -> None:
    """Begin what one change of a record sets off."""
    found = Record.objects.select_related("app").filter(public_id=record).first()
    if found is not None and found.app.closed_at is None:
        run_for_change(found, version, depth, town_clock())


@job(CARRY_OUT, label="アプリの自動処理を実行する")
def carry_out_run(run: str) -> None:
    """Go through the actions of one run."""
    found = AutomationRun.objects.select_related("app", "record__app").filter(public_id=run).first()
    if found is not None:
        carry_out(found, town_clock())


@job("appbuilder.look_at_the_clock", label="時刻で動くアプリの自動処理を始める", every=Every(minutes=10))
def look() -> None:
    """Begin timed automations whose moment came."""
    look_at_the_clock(town_clock())


@job(TELL_PAUSED, label="自動処理を止めたことを管理する人に知らせる")
def tell_of_pause(pause: int, called: str, moment: int) -> None:
    """Tell who manages the app, ten at a time."""
    row = AutomationPause.objects.select_related("app__section").filter(pk=pause).first()
    if row is None:
        return
    clock = town_clock()
    staff = keepers_of(row.app, clock.today())
    for start in range(0, len(staff), 10):
        tell_paused(
            by=system_person("appbuilder"),
            pause=row,
            name=called,
            moment=moment,
            staff=staff[start : start + 10],
            link=reverse("office-app-automations", args=[row.app.public_id]),
            clock=clock,
        )


@job("appbuilder.forget_runs", label="古い自動処理の実行の記録を消す", every=Daily("03:40"))
def forget_old_runs() -> None:
    """Runs older than the days they are kept."""
    clock = town_clock()
    before = clock.now() - timedelta(days=whole_on("appbuilder.runs_kept_days", clock.today()))
    while forget_runs(by=system_person("appbuilder"), before=before):
        pass


@job("appbuilder.lapse_offers", label="返事のない空きの案内を終える", every=Every(minutes=10))
def end_offers() -> None:
    """Places offered to people who did not answer in time go to the next in line."""
    clock = town_clock()
    is_valid_path("/")  # the addresses of the house are read once per process, before a transaction waits for them
    late = Arrival.objects.filter(state=ArrivalState.OFFERED, answer_by__lte=clock.now())
    for entrance in Entrance.objects.filter(pk__in=late.values("entrance")):
        lapse_offers(by=system_person("appbuilder"), entrance=entrance, clock=clock)


@job("appbuilder.erase_arrivals", label="保存期間の終わった入口の内容を消す", every=Daily("03:50"))
def erase_old_arrivals() -> None:
    """What came in through doors and whose time is over is erased, some at a time."""
    while erase_arrivals(by=system_person("appbuilder"), clock=town_clock()):
        pass


@job("appbuilder.look_after", label="引き継ぐ人のいないアプリと使われていないアプリを知らせる", every=Daily("05:20"))
def look_after() -> None:
    """Tell section heads of orphans (without a section, the information systems staff), keepers of unused apps."""
    clock = town_clock()
    for app, staff, why in to_tell(clock.today()):
        link = reverse("office-app-care", args=[app.public_id])
        for start in range(0, len(staff), 10):
            tell_of_app(
                by=system_person("appbuilder"),
                app=app,
                staff=staff[start : start + 10],
                orphan=why,
                link=link,
                clock=clock,
            )


@job(DISPOSE, label="保存期間の終わったアプリの記録を廃棄する")
def dispose(disposal: str) -> None:
    """Go through an approved list; may be stopped and run again at any place."""
    found = RecordDisposal.objects.get(public_id=disposal)
    while dispose_some(by=system_person("appbuilder"), disposal=found, clock=town_clock()):
        pass
