"""Automations by the clock and to places outside; trying one out; forgetting old runs."""

from __future__ import annotations

import json
import socket
from datetime import date, timedelta
from typing import Any

import pytest

from yakuba.kernel.access.api import NotAllowed
from yakuba.kernel.identity.api import unseal
from yakuba.kernel.jobs.models import Job
from yakuba.kernel.notify.models import Message
from yakuba.kernel.values.api import FixedClock, Refusal
from yakuba.office.appbuilder import running
from yakuba.office.appbuilder.models import AutomationPause, AutomationRun, Record, RecordHistory, RunState
from yakuba.office.appbuilder.queries.planned import Ground
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.services.automate import begin_runs, forget_runs
from yakuba.office.appbuilder.services.hooks import add_hook, allow_host, close_hook, close_host, new_secret
from yakuba.office.appbuilder.tests.automating import IT, TELL, at, automation, carried, settle, texts, use
from yakuba.office.appbuilder.tests.lending import LENDING, now, press
from yakuba.office.appbuilder.tests.receiver import HOST, LOOPBACK, Receiver, receiving, resolves_to
from yakuba.office.appbuilder.tests.world import CLOCK, TODAY, sit


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
