"""Automations: once for each cause, within the rights of people, never in a circle, and told when they stop."""

from __future__ import annotations

import json
import socket
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind, Role
from yakuba.kernel.identity.api import unseal
from yakuba.kernel.jobs.models import Job
from yakuba.kernel.notify.models import Message
from yakuba.kernel.values.api import TOKYO, FixedClock, Refusal
from yakuba.office.appbuilder import jobs, running
from yakuba.office.appbuilder.models import Act, App, AutomationPause, AutomationRun, Record, RecordHistory, RunState
from yakuba.office.appbuilder.queries.planned import Ground
from yakuba.office.appbuilder.rules.automations import Automation, filled, is_set_off, moments, when_in_words
from yakuba.office.appbuilder.rules.automations_check import automation_problems
from yakuba.office.appbuilder.rules.definition import read_definition
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.services import change_record, delete_record
from yakuba.office.appbuilder.services.automate import begin_runs, forget_runs, resume_automation
from yakuba.office.appbuilder.services.hooks import add_hook, allow_host, close_hook, close_host, new_secret
from yakuba.office.appbuilder.tests.lending import LENDING, PROCESS, lending, now, press, put_to_use
from yakuba.office.appbuilder.tests.receiver import HOST, LOOPBACK, Receiver, receiving, resolves_to
from yakuba.office.appbuilder.tests.world import CLOCK, TODAY, cells_are_right, open_app, sit

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


class TestTheRules:
    def test_come_back_unchanged_from_json(self) -> None:
        every = [
            automation(key="a", when="changed", fields=["price"], rule={">": [{"var": "price"}, 5]}),
            automation(key="b", when="reached", field="state", state="out"),
            automation(key="c", when="day", field="due_on", days=-3, hour=17),
            automation(key="d", when="every", rhythm="monthly", day=31, rule={"==": [{"var": "state"}, "out"]}),
            automation(key="e", actions=[
                {"does": "set", "sets": [{"field": "note", "to": "constant", "value": "x"}]},
                {"does": "create", "app": "0123456789abcdef", "fields": [{"to": "item", "given": "field", "value": "item"}]},
                {"does": "webhook", "hook": "0123456789abcdef", "fields": ["item"]},
            ]),
        ]  # fmt: skip
        definition = lending(automations=every)
        assert read_definition(definition.to_json()) == definition
        assert read_definition(json.dumps(definition.to_json())) == definition

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"actions": []}, "することが決まっていません"),
            ({"when": "changed", "fields": ["gone"]}, "きっかけの項目が見つかりません"),
            ({"when": "reached", "field": "item", "state": "out"}, "状態の項目が見つかりません"),
            ({"when": "reached", "field": "state", "state": "gone"}, "きっかけの状態が選択肢にありません"),
            ({"when": "day", "field": "item"}, "日付の項目が見つかりません"),
            ({"when": "day", "field": "back_on"}, "日を探すのに使えない設定"),
            ({"when": "every"}, "どの記録を対象にするか"),
            ({"when": "every", "rule": {"==": [{"var": "at"}, "09:00"]}}, "記録を探すのに使えない設定"),
            ({"rule": {"==": [{"var": "weight"}, 1]}}, "条件："),
            ({"actions": [{**TELL, "text": " "}]}, "知らせる文がありません"),
            ({"actions": [{**TELL, "maker": False}]}, "知らせる相手がいません"),
            ({"actions": [{**TELL, "people": ["item"]}]}, "「職員」ではありません"),
            ({"actions": [{**TELL, "sections": ["keeper"]}]}, "「所属」ではありません"),
            ({"actions": [{**TELL, "groups": ["無い"]}]}, "グループ「無い」が権限にありません"),
            ({"actions": [{"does": "set"}]}, "入れる項目がありません"),
            ({"actions": [{"does": "set", "sets": [{"field": "keeper", "to": "presser"}]}]}, "「押した人」がいません"),
            ({"actions": [{"does": "set", "sets": [{"field": "item", "to": "today"}]}]}, "入れられません"),
            ({"actions": [{"does": "set", "sets": [{"field": "state", "to": "constant", "value": "x"}]}]}, "入れられません"),
            ({"actions": [{"does": "create", "app": "0123456789abcdef"}]}, "アプリが見つからない"),
            ({"actions": [{"does": "webhook", "hook": "", "fields": ["gone"]}]}, "送る項目が見つかりません"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said(self, changed, said) -> None:
        definition = lending(automations=[automation(**changed)])
        found = automation_problems(definition, groups=("自分の課",), apps={})
        assert any(said in one.words() for one in found), [one.words() for one in found]

    def test_an_automation_that_sets_a_state_makes_it_reachable(self, desk) -> None:
        late = {"does": "set", "sets": [{"field": "state", "to": "constant", "value": "no"}]}
        buttons = [{**one, "approval": None, "groups": ["自分の課"]} for one in PROCESS["buttons"]]
        use(
            desk,
            automation(when="day", field="due_on", days=1, actions=[late]),
            process={**PROCESS, "buttons": buttons},
        )

    def test_twenty_automations_and_five_actions_at_most(self) -> None:
        with pytest.raises(Refusal):
            lending(automations=[automation(key=f"a{n}") for n in range(21)])
        with pytest.raises(Refusal):
            lending(automations=[automation(actions=[TELL] * 6)])

    @pytest.mark.parametrize(
        ("changed", "is_new", "before", "after", "is_off"),
        [
            ({}, True, {}, {"item": "x"}, True),
            ({}, False, {}, {"item": "x"}, False),
            ({"is_on": False}, True, {}, {"item": "x"}, False),
            ({"when": "changed"}, False, {"item": "x"}, {"item": "y"}, True),
            ({"when": "changed"}, False, {}, {}, False),
            ({"when": "changed"}, True, {}, {"item": "x"}, False),
            ({"when": "changed", "fields": ["price"]}, False, {"item": "x"}, {"item": "y"}, False),
            ({"when": "changed", "fields": ["item"]}, False, {"item": "x"}, {"item": None}, True),
            ({"when": "reached", "field": "state", "state": "out"}, False, {"state": "a"}, {"state": "out"}, True),
            ({"when": "reached", "field": "state", "state": "out"}, False, {"state": "out"}, {"state": "a"}, False),
            ({"when": "reached", "field": "state", "state": "a"}, True, {}, {"state": "a"}, True),
            ({"when": "day", "field": "due_on"}, True, {}, {"due_on": "2027-01-01"}, False),
        ],
    )
    def test_what_sets_it_off(self, changed, is_new, before, after, is_off) -> None:
        one = Automation.model_validate(automation(**changed))
        assert is_set_off(one, is_new=is_new, before=before, after=after) is is_off

    def test_moments_come_at_their_hour_in_japan(self) -> None:
        def found(**changed: Any) -> list[str]:
            one = Automation.model_validate(automation(when="every", hour=8, **changed))
            since, until = at(date(2027, 1, 29), 9).now(), at(date(2027, 2, 28), 8).now()
            return [f"{one:%m-%d %H}" for one in moments(one, after=since, until=until)]

        assert found(rhythm="daily")[0] == "01-30 08" and len(found(rhythm="daily")) == 30
        assert found(rhythm="weekly", weekday=0) == ["02-01 08", "02-08 08", "02-15 08", "02-22 08"]
        assert found(rhythm="monthly", day=31) == ["01-31 08", "02-28 08"]
        assert found(rhythm="monthly", day=5) == ["02-05 08"]

    @given(st.lists(st.integers(0, 60 * 24 * 10), min_size=2, max_size=8), st.sampled_from(["daily", "weekly"]))
    def test_looked_at_in_any_steps_each_moment_comes_once(self, minutes, rhythm) -> None:
        one = Automation.model_validate(automation(when="every", rhythm=rhythm, weekday=3, hour=8))
        start = at(date(2027, 1, 1), 0).now()
        steps = [start + timedelta(minutes=minute) for minute in sorted(minutes)]
        apart = [m for a, b in pairwise(steps) for m in moments(one, after=a, until=b)]
        assert apart == list(moments(one, after=steps[0], until=steps[-1]))

    def test_only_fields_are_filled_into_a_text(self) -> None:
        assert filled("「品名」を「必ず」返す「品名」", {"品名": "「返却日」"}) == "「返却日」を「必ず」返す「返却日」"

    def test_is_said_in_words(self) -> None:
        one = Automation.model_validate(automation(when="day", field="due_on", days=1, hour=8))
        assert when_in_words(one, {"due_on": "返却予定日"}, {}) == "「返却予定日」の1日後の8時"


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


class TestByTheClock:
    LATE = automation(
        when="day", field="due_on", days=1, hour=8, rule={"==": [{"var": "state"}, "out"]},
        actions=[{"does": "notify", "text": "「品名」が返っていません", "people": ["keeper"]}],
    )  # fmt: skip

    def lent(self, desk: Any, due: date) -> Record:
        record = desk.add(by=desk.colleague, price=1)
        press(record, "hand_out", by=desk.colleague, due_on=due.isoformat())
        return record

    def test_the_day_after_and_once(self, desk) -> None:
        sit(desk, "総務 課長")
        use(desk, self.LATE)
        late = self.lent(desk, TODAY)
        self.lent(desk, TODAY + timedelta(days=1))
        back = self.lent(desk, TODAY)
        press(back, "take_back", by=desk.colleague)
        tomorrow = TODAY + timedelta(days=1)
        assert running.look_at_the_clock(at(tomorrow, 7, 59)) == 0
        assert running.look_at_the_clock(at(tomorrow, 8)) == 1
        assert running.look_at_the_clock(at(tomorrow, 8, 10)) == 0
        settle(at(tomorrow, 8))
        assert AutomationRun.objects.get().record_id == late.pk
        assert texts() == [("総務 課長", "机が返っていません")]

    def test_what_was_missed_while_the_house_stood_still_is_made_up_for(self, desk) -> None:
        use(desk, self.LATE)
        self.lent(desk, TODAY)
        assert running.look_at_the_clock(at(TODAY + timedelta(days=3), 12)) == 1
        self.lent(desk, TODAY - timedelta(days=1))
        assert running.look_at_the_clock(at(TODAY + timedelta(days=5), 12)) == 0, "older than three days"

    def test_what_lies_before_it_was_put_to_use_is_left(self, desk) -> None:
        use(desk, clock=at(TODAY, 6))
        self.lent(desk, TODAY - timedelta(days=1))
        use(desk, self.LATE, clock=at(TODAY, 9))
        assert running.look_at_the_clock(at(TODAY, 10)) == 0

    def test_every_week_for_what_meets_the_condition(self, desk) -> None:
        wednesday = automation(
            when="every", rhythm="weekly", weekday=2, hour=9, rule={"==": [{"var": "state"}, "booked"]},
            actions=[{"does": "set", "sets": [{"field": "note", "to": "constant", "value": "督促"}]}],
        )  # fmt: skip
        assert TODAY.weekday() == 2
        use(desk, wednesday, clock=at(TODAY, 8))
        booked = desk.add(price=1)
        self.lent(desk, TODAY)
        assert running.look_at_the_clock(at(TODAY, 9)) == 1
        assert running.look_at_the_clock(at(TODAY + timedelta(days=1), 9)) == 0
        settle(at(TODAY, 9))
        assert now(booked)["note"] == "督促"

    def test_finds_them_with_the_same_few_questions_however_many_there_are(
        self, desk, django_assert_max_num_queries
    ) -> None:
        use(desk, self.LATE)
        for number in range(30):
            desk.add(due_on=(TODAY + timedelta(days=2 + number)).isoformat())
        with django_assert_max_num_queries(12):
            running.look_at_the_clock(at(TODAY + timedelta(days=1), 8))

    def test_hundreds_at_once_are_taken_for_a_mistake(self, desk, monkeypatch) -> None:
        monkeypatch.setattr(running, "MOST_AT_ONCE", 3)
        use(desk, self.LATE)
        for _ in range(4):
            self.lent(desk, TODAY)
        assert running.look_at_the_clock(at(TODAY + timedelta(days=1), 8)) == 0
        assert "一度に3件を超える" in AutomationPause.objects.get().why

    def test_a_condition_no_database_answers_is_asked_row_by_row_up_to_a_bound(self, desk, monkeypatch) -> None:
        odd = automation(when="every", hour=9, rule={">": [{"length": [{"var": "item"}]}, 2]})
        use(desk, odd, clock=at(TODAY, 8))
        desk.add(item="長い名前")
        desk.add(item="机")
        assert running.look_at_the_clock(at(TODAY, 9)) == 1
        monkeypatch.setattr(running, "MOST_ROW_BY_ROW", 1)
        assert running.look_at_the_clock(at(TODAY + timedelta(days=1), 9)) == 0
        assert "データベースで調べられず" in AutomationPause.objects.get().why


class TestOutside:
    @pytest.fixture
    def hooked(self, desk, monkeypatch, settings):
        """An app that tells a strict receiver when a record is added; the receiver stands on this machine."""
        monkeypatch.setattr(socket, "getaddrinfo", resolves_to("127.0.0.1"))
        settings.YAKUBA_WEBHOOKS_IN_TESTS = {"besides": (LOOPBACK,)}
        allow_host(by=IT, host=HOST, reason="試験", is_plain=True, clock=CLOCK)
        secret = new_secret()
        with receiving(Receiver(secret=secret, now=int(CLOCK.now().timestamp()))) as receiver:
            hook = add_hook(
                by=desk.maker,
                app=desk.app,
                name="県",
                url=f"http://{HOST}:{receiver.port}/in",
                secret=secret,
                clock=CLOCK,
            )
            use(desk, automation(actions=[{"does": "webhook", "hook": hook.public_id, "fields": ["item", "price"]}]))
            receiver.hook = hook
            yield receiver

    def test_only_the_chosen_fields_leave_signed_and_once(self, desk, hooked) -> None:
        record = desk.add(price=5, secret="家庭の事情", note="内緒")
        settle()
        [got] = hooked.got
        assert got["values"] == {"item": "机", "price": 5} and got["record"]["id"] == record.public_id
        assert "家庭" not in json.dumps(got, ensure_ascii=False) and not hooked.refused
        run = AutomationRun.objects.get()
        assert (run.state, run.words) == (RunState.DONE, "「県」に送った（200）") and "机" not in run.words
        assert carried(run) == RunState.DONE and len(hooked.got) == 1

    def test_sent_again_after_a_lost_answer_it_bears_the_same_delivery(self, desk, hooked, monkeypatch) -> None:
        desk.add()
        real = running.finish_action
        monkeypatch.setattr(running, "finish_action", lambda **_: (_ for _ in ()).throw(MemoryError))
        with pytest.raises(MemoryError):
            settle()
        monkeypatch.setattr(running, "finish_action", real)
        carried(AutomationRun.objects.get())
        assert hooked.refused == ["replay"] and len(hooked.got) == 1, "the receiver tells them apart"

    def test_a_failure_is_tried_again_then_given_up_and_paused(self, desk, hooked) -> None:
        hooked.status = 503
        clock = CLOCK
        for _ in range(5):
            desk.add()
        settle(most=200)
        for _ in range(5):
            clock = FixedClock(clock.now() + timedelta(days=1))
            hooked.now = int(clock.now().timestamp())
            for run in AutomationRun.objects.filter(state=RunState.WAITING):
                carried(run, clock)
        runs = AutomationRun.objects.all()
        assert {(one.state, one.attempts) for one in runs} == {(RunState.FAILED, 5)}
        assert "受け取りませんでした（503）" in runs[0].words
        assert "続けて5回失敗しました" in AutomationPause.objects.get().why
        hooked.status = 200
        desk.add()
        settle(most=200)
        assert not hooked.got

    def test_a_host_no_longer_allowed_is_not_asked(self, desk, hooked) -> None:
        from yakuba.office.appbuilder.models import AllowedHost

        close_host(by=IT, host=AllowedHost.objects.get().public_id, clock=CLOCK)
        desk.add()
        settle()
        assert not hooked.got and "許可されていません" in AutomationRun.objects.get().words

    def test_a_place_given_up_keeps_no_secret(self, desk, hooked) -> None:
        assert unseal(hooked.hook.secret).startswith("yk_") and "yk_" not in hooked.hook.secret
        closed = close_hook(by=desk.maker, hook=hooked.hook, clock=CLOCK)
        assert closed.secret == ""
        desk.add()
        settle()
        assert "送り先がなくなっています" in AutomationRun.objects.get().words

    def test_only_the_information_systems_section_allows_hosts(self, desk) -> None:
        with pytest.raises(NotAllowed):
            allow_host(by=desk.maker, host=HOST, reason="x", is_plain=False, clock=CLOCK)
        with pytest.raises(Refusal, match="許可されていません"):
            add_hook(by=desk.maker, app=desk.app, name="県", url=f"https://{HOST}/", secret="s", clock=CLOCK)
        allow_host(by=IT, host=HOST, reason="x", is_plain=False, clock=CLOCK)
        with pytest.raises(Refusal, match="すでに許可"):
            allow_host(by=IT, host=HOST.upper(), reason="x", is_plain=True, clock=CLOCK)
        with pytest.raises(Refusal, match="送れません"):
            add_hook(by=desk.maker, app=desk.app, name="県", url=f"http://{HOST}/", secret="s", clock=CLOCK)
        with pytest.raises(NotAllowed):
            add_hook(by=desk.colleague, app=desk.app, name="県", url=f"https://{HOST}/", secret="s", clock=CLOCK)


def test_a_dry_run_writes_and_sends_nothing(desk) -> None:
    sit(desk, "行政 主事")
    sets = {"does": "set", "sets": [{"field": "note", "to": "constant", "value": "x"}]}
    app = use(desk, automation(actions=[TELL, sets, {"does": "webhook", "hook": "0123456789abcdef"}]))
    record = desk.add()
    version = app.versions.get(state=VersionState.IN_USE)
    before = (Message.objects.count(), RecordHistory.objects.count(), Job.objects.count())
    ground = Ground(record, now(record), version, at=CLOCK.now(), definition=version.content)
    plans = [ground.plan(one) for one in version.content.automations[0].actions]
    assert plans[0].told[0].text.startswith("机（（空欄））")
    assert plans[1].words == "「備考」→「x」" and "送り先がなくなっています" in plans[2].fault
    assert (Message.objects.count(), RecordHistory.objects.count(), Job.objects.count()) == before
    assert not AutomationRun.objects.exists()


def test_old_runs_are_forgotten(desk) -> None:
    app = use(desk, automation())
    record = desk.add()
    one = app.versions.get(state=VersionState.IN_USE).content.automations[0]
    for number, clock in enumerate((CLOCK, FixedClock(CLOCK.now() - timedelta(days=400)))):
        begin_runs(
            by=running.SYSTEM, app=app, automation=one, records=[record], cause=f"t{number}", depth=0, clock=clock
        )
    assert forget_runs(by=running.SYSTEM, before=CLOCK.now() - timedelta(days=180)) == 1
    assert AutomationRun.objects.count() == 1 and LENDING
