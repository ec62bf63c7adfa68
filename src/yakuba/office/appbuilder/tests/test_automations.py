"""Automations: once for each cause, within the rights of people, never in a circle, and told when they stop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from yakuba.kernel.access.api import NotAllowed
from yakuba.kernel.jobs.models import Job
from yakuba.kernel.notify.models import Message
from yakuba.kernel.values.api import FixedClock
from yakuba.office.appbuilder import jobs, running
from yakuba.office.appbuilder.models import Act, AutomationPause, AutomationRun, Record, RecordHistory, RunState
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.services import change_record, delete_record
from yakuba.office.appbuilder.services.automate import resume_automation
from yakuba.office.appbuilder.tests.automating import TELL, at, automation, carried, settle, texts, use
from yakuba.office.appbuilder.tests.lending import now, press
from yakuba.office.appbuilder.tests.world import CLOCK, TODAY, cells_are_right, open_app, sit


class TestTelling:
    def test_each_reads_what_they_could_see_in_the_app(self, desk) -> None:
        hide = {"name": "課の人", "sections": [desk.hall.sections["総務課"].public_id], "columns": {"secret": "hide"},
                "create": True, "edit": True}  # fmt: skip
        use(desk, process=None)
        desk.permit(hide)
        for name in ("行政 主事", "総務 課長", "財政 主事"):
            sit(desk, name)
        tell = {**TELL, "groups": ["課の人"], "staff": [desk.hall.staff["財政 主事"].public_id]}
        use(desk, automation(actions=[tell]), process=None)
        desk.add(secret="家庭の事情", due_on="2027-03-20")
        settle()
        said = dict(texts())
        assert said["行政 主事"] == "「注意」".join(["机（家庭の事情）は令和9年3月20日（土）までです。", ""])
        assert said["総務 課長"].startswith("机（（あなたには見えない項目））は")
        assert "机" not in said["財政 主事"] and "家庭" not in said["財政 主事"]
        links = {one.name: one.link for one in Message.objects.filter(kind="appbuilder.told")}
        assert links["行政 主事"].startswith("/office/apps/") and links["財政 主事"] == ""
        run = AutomationRun.objects.get()
        assert (run.state, run.words) == (RunState.DONE, "3人に知らせた")

    def test_goes_to_people_and_sections_in_fields_and_to_the_maker(self, desk) -> None:
        for name in ("行政 主事", "総務 課長", "財政 主事", "財政 課長"):
            sit(desk, name)
        tell = {"does": "notify", "text": "x", "people": ["keeper"], "sections": ["place"], "maker": True}
        use(desk, automation(actions=[tell]))
        desk.add(keeper=desk.hall.staff["総務 課長"].public_id, place=desk.hall.sections["財政課"].public_id)
        settle()
        assert sorted(name for name, _ in texts()) == ["総務 課長", "行政 主事", "財政 主事", "財政 課長"]

    def test_nothing_runs_within_the_writing_transaction(self, desk) -> None:
        sit(desk, "行政 主事")
        use(desk, automation())
        desk.add()
        assert not AutomationRun.objects.exists() and not texts()
        assert Job.objects.filter(name="appbuilder.automate").count() == 1
        assert settle() == 2 and len(texts()) == 1

    def test_an_app_without_a_fitting_automation_queues_nothing(self, desk) -> None:
        use(desk, automation(when="changed", fields=["price"]))
        record = desk.add()
        change_record(by=desk.maker, record=record, values={"note": "x"}, version=1, clock=CLOCK)
        assert not Job.objects.filter(name="appbuilder.automate").exists()

    def test_the_condition_is_asked_of_what_the_record_was(self, desk) -> None:
        sit(desk, "行政 主事")
        use(desk, automation(rule={">": [{"var": "price"}, 1000]}))
        dear = desk.add(price=5000)
        change_record(by=desk.maker, record=dear, values={"price": 1}, version=1, clock=CLOCK)
        desk.add(price=10)
        settle()
        assert list(AutomationRun.objects.values_list("record", flat=True)) == [dear.pk]


class TestOnce:
    def test_a_job_that_runs_again_does_nothing_again(self, desk) -> None:
        sit(desk, "行政 主事")
        other = open_app(desk.maker, [{"key": "what", "label": "何", "type": "short_text"}], "控え")
        create = {
            "does": "create",
            "app": other.public_id,
            "fields": [{"to": "what", "given": "field", "value": "item"}],
        }
        count = {"does": "set", "sets": [{"field": "note", "to": "constant", "value": "済"}]}
        use(desk, automation(actions=[TELL, create, count]))
        record = desk.add()
        settle()
        run = AutomationRun.objects.get()
        for _ in range(3):
            running.run_for_change(Record.objects.select_related("app").get(pk=record.pk), 1, 0, CLOCK)
            assert carried(run) == RunState.DONE
        assert AutomationRun.objects.count() == 1 and len(texts()) == 1
        assert Record.objects.filter(app=other).count() == 1
        assert RecordHistory.objects.filter(record=record, act=Act.AUTOMATED).count() == 1

    @pytest.mark.parametrize("stopped_after", [0, 1, 2])
    def test_a_run_that_died_goes_on_where_it_was(self, desk, monkeypatch, stopped_after) -> None:
        sit(desk, "行政 主事")
        other = open_app(desk.maker, [{"key": "what", "label": "何", "type": "short_text"}], "控え")
        create = {
            "does": "create",
            "app": other.public_id,
            "fields": [{"to": "what", "given": "field", "value": "item"}],
        }
        count = {"does": "set", "sets": [{"field": "note", "to": "constant", "value": "済"}]}
        use(desk, automation(actions=[TELL, create, count]))
        record = desk.add()
        done = []
        real = running._act

        def dies(run: Any, number: int, plan: Any, clock: Any) -> None:
            if number == stopped_after and not done:
                done.append(number)
                raise MemoryError
            real(run, number, plan, clock)

        monkeypatch.setattr(running, "_act", dies)
        with pytest.raises(MemoryError):
            settle()
        assert carried(AutomationRun.objects.get()) == RunState.DONE
        assert (len(texts()), Record.objects.filter(app=other).count(), now(record)["note"]) == (1, 1, "済")


class TestWriting:
    def test_sets_fields_under_its_name_in_the_history(self, desk) -> None:
        sets = [{"field": "back_on", "to": "today"}, {"field": "price", "to": "constant", "value": 7}]
        use(desk, automation(when="reached", field="state", state="out", actions=[{"does": "set", "sets": sets}]))
        record = desk.add(by=desk.colleague, price=1)
        press(record, "hand_out", by=desk.colleague, due_on="2027-03-20")
        settle()
        assert now(record)["back_on"] == TODAY.isoformat() and now(record)["price"] == 7
        entry = RecordHistory.objects.get(record=record, act=Act.AUTOMATED)
        assert (entry.words, entry.by) == ("見張り", "system:appbuilder")
        cells_are_right(desk.app)

    def test_makes_a_record_with_the_rights_of_who_put_the_version_to_use(self, desk) -> None:
        fields = [
            {"key": "what", "label": "何", "type": "short_text", "required": True},
            {"key": "yen", "label": "円", "type": "yen"},
            {"key": "who", "label": "だれ", "type": "person"},
            {"key": "on", "label": "いつ", "type": "date"},
            {"key": "from", "label": "元", "type": "lookup", "app": desk.app.public_id, "shows": "item"},
            {"key": "kind", "label": "区分", "type": "choice", "choices": [{"key": "k", "label": "貸出"}]},
        ]
        other = open_app(desk.maker, fields, "台帳")
        mapped = [
            {"to": "what", "given": "field", "value": "item"},
            {"to": "yen", "given": "field", "value": "price"},
            {"to": "who", "given": "field", "value": "keeper"},
            {"to": "on", "given": "today"},
            {"to": "from", "given": "record"},
            {"to": "kind", "given": "constant", "value": "貸出"},
        ]
        use(desk, automation(actions=[{"does": "create", "app": other.public_id, "fields": mapped}]))
        record = desk.add(price=500, keeper=desk.hall.staff["総務 課長"].public_id)
        settle()
        made = Record.objects.get(app=other)
        assert made.values == {
            "what": "机", "yen": 500, "who": desk.hall.staff["総務 課長"].public_id, "on": TODAY.isoformat(),
            "from": record.public_id, "kind": "k",
        }  # fmt: skip
        assert made.history.get().words == "備品貸出の自動処理：見張り"
        assert AutomationRun.objects.get().words == "「台帳」に番号1を作った"

    def test_not_where_that_person_may_not(self, desk) -> None:
        theirs = open_app(desk.stranger, [{"key": "what", "label": "何", "type": "short_text"}], "財政の台帳")
        mine = open_app(desk.maker, [{"key": "what", "label": "何", "type": "short_text"}], "台帳")
        create = {
            "does": "create",
            "app": mine.public_id,
            "fields": [{"to": "what", "given": "field", "value": "item"}],
        }
        app = use(desk, automation(actions=[create]))
        # The definition is turned to another's app behind the check: at run time the rights are asked again.
        version = app.versions.get(state=VersionState.IN_USE)
        version.definition["automations"][0]["actions"][0]["app"] = theirs.public_id
        from yakuba.kernel.audit.api import unaudited_writes

        with unaudited_writes("test"):
            version.save()
        desk.add()
        settle()
        run = AutomationRun.objects.get()
        assert run.state == RunState.FAILED and "必要な権限がありません" in run.words
        assert not Record.objects.filter(app=theirs).exists()

    def test_waits_while_a_decision_is_under_way(self, desk) -> None:
        set_note = {"does": "set", "sets": [{"field": "note", "to": "constant", "value": "x"}]}
        use(desk, automation(when="day", field="due_on", days=0, hour=8, actions=[set_note]), clock=at(TODAY, 7))
        record = desk.add(price=200_000, due_on=TODAY.isoformat())
        press(record, "ask", by=desk.maker)
        running.look_at_the_clock(CLOCK)
        settle()
        run = AutomationRun.objects.get()
        assert run.state == RunState.WAITING and run.next_at is not None and "決裁中" in run.words
        assert "note" not in now(record)

    def test_a_deleted_record_is_left_alone(self, desk) -> None:
        use(desk, automation(actions=[{"does": "set", "sets": [{"field": "note", "to": "constant", "value": "x"}]}]))
        record = desk.add()
        running.run_for_change(Record.objects.select_related("app").get(pk=record.pk), 1, 0, CLOCK)
        delete_record(by=desk.maker, record=record, version=1, clock=CLOCK)
        settle()
        assert AutomationRun.objects.get().state == RunState.STOPPED


class TestNoCircle:
    def test_two_that_answer_each_other_are_stopped(self, desk) -> None:
        there = {"does": "set", "sets": [{"field": "note", "to": "constant", "value": "あちら"}]}
        here = {"does": "set", "sets": [{"field": "note", "to": "constant", "value": "こちら"}]}
        use(
            desk,
            automation(
                key="a", when="changed", fields=["note"], rule={"==": [{"var": "note"}, "こちら"]}, actions=[there]
            ),
            automation(
                key="b", when="changed", fields=["note"], rule={"==": [{"var": "note"}, "あちら"]}, actions=[here]
            ),
        )
        record = desk.add(note="-")
        change_record(by=desk.maker, record=record, values={"note": "こちら"}, version=1, clock=CLOCK)
        settle()
        runs = list(AutomationRun.objects.order_by("pk").values_list("depth", "state"))
        assert runs == [(0, "done"), (1, "done"), (2, "done"), (3, "done"), (4, "stopped")]
        assert Record.objects.get(pk=record.pk).version == 6

    def test_one_that_adds_to_its_own_app_is_stopped(self, desk) -> None:
        app = desk.app
        create = {
            "does": "create",
            "app": app.public_id,
            "fields": [{"to": "item", "given": "constant", "value": "また"}],
        }
        use(desk, automation(actions=[create]))
        desk.add()
        settle()
        assert Record.objects.filter(app=app).count() == 5
        assert AutomationRun.objects.filter(state=RunState.STOPPED).count() == 1

    def test_too_often_for_one_record_pauses_and_tells_the_managers(self, desk) -> None:
        sit(desk, "行政 主事")
        use(desk, automation(when="changed", fields=["price"]))
        record = desk.add(price=0)
        for number in range(1, 25):
            record = Record.objects.select_related("app").get(pk=record.pk)
            change_record(by=desk.maker, record=record, values={"price": number}, version=record.version, clock=CLOCK)
        settle(most=100)
        assert AutomationRun.objects.count() == 21
        pause = AutomationPause.objects.get()
        assert "1時間に20回を超えて" in pause.why
        told = Job.objects.get(name="appbuilder.tell_paused")
        jobs.tell_of_pause(**told.arguments)
        jobs.tell_of_pause(**told.arguments)
        assert Message.objects.filter(kind="appbuilder.paused").count() == 1
        with pytest.raises(NotAllowed):
            resume_automation(by=desk.colleague, app=desk.app, key="a", clock=CLOCK)
        resume_automation(by=desk.maker, app=desk.app, key="a", clock=CLOCK)
        later = FixedClock(CLOCK.now() + timedelta(hours=2))
        record = Record.objects.select_related("app").get(pk=record.pk)
        change_record(by=desk.maker, record=record, values={"price": 99}, version=record.version, clock=later)
        settle(later, most=100)
        newest = AutomationRun.objects.get(cause=f"v{record.version + 1}")
        assert newest.state == RunState.DONE
