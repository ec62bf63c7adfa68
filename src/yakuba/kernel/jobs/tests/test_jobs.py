"""Jobs run at least once, in effect once, and failures wait for their next turn or for a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django_q.models import OrmQ

from yakuba.kernel.access.api import Person, PersonKind, Role
from yakuba.kernel.audit.api import unaudited_writes, verb
from yakuba.kernel.jobs.api import (
    Daily,
    Every,
    OutsideCallInTransaction,
    enqueue,
    hand_over_waiting,
    job,
    outside_call,
    queue_due_schedules,
    retry_job,
    run_job,
)
from yakuba.kernel.jobs.models import Job, JobState
from yakuba.kernel.jobs.rules import RETRY_MINUTES, next_attempt

pytestmark = [pytest.mark.django_db, pytest.mark.database]

IT = Person(id="it00000000000000", name="見本", kind=PersonKind.STAFF, roles=frozenset({Role.IT, Role.STAFF}))
done: list[str] = []


@job("tests.note", label="書き留める")
def note(*, what: str) -> None:
    done.append(what)


@job("tests.break", label="いつも失敗する")
def break_always(*, what: str) -> None:
    raise RuntimeError("住所は坂下です")


@verb("tests.queue", label="登録する")
def queue_in_a_verb(*, by: Person, what: str, fails: bool) -> None:
    enqueue("tests.note", key=f"verb:{what}", what=what)
    if fails:
        raise ZeroDivisionError


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    done.clear()


def test_a_job_runs_once_however_often_it_is_handed_over() -> None:
    work = enqueue("tests.note", key="a", what="一")
    assert [run_job(work.pk), run_job(work.pk), run_job(work.pk)] == ["done", "taken", "taken"]
    assert done == ["一"]


def test_the_same_key_is_the_same_job() -> None:
    assert enqueue("tests.note", key="a", what="一") == enqueue("tests.note", key="a", what="二")
    assert Job.objects.count() == 1
    assert OrmQ.objects.count() == 1


def test_a_job_queued_in_a_verb_that_fails_never_existed() -> None:
    with pytest.raises(ZeroDivisionError):
        queue_in_a_verb(by=IT, what="x", fails=True)
    assert (Job.objects.count(), OrmQ.objects.count()) == (0, 0)
    queue_in_a_verb(by=IT, what="x", fails=False)
    assert (Job.objects.count(), OrmQ.objects.count()) == (1, 1)


def test_a_failing_job_waits_longer_each_time_and_then_for_a_person() -> None:
    work = enqueue("tests.break", key="b", what="二")
    for attempt in range(len(RETRY_MINUTES) + 1):
        with unaudited_writes("test"):
            Job.objects.update(run_after=datetime(2026, 1, 1, tzinfo=UTC))
        assert run_job(work.pk) == "failed"
        work.refresh_from_db()
        assert work.attempts == attempt + 1
    assert work.state == JobState.FAILED
    assert work.error == "RuntimeError", "the text of an exception may carry what a person typed"
    retry_job(by=IT, job=work)
    work.refresh_from_db()
    assert (work.state, work.attempts) == (JobState.QUEUED, 0)


def test_a_job_whose_worker_died_runs_again_after_its_lease() -> None:
    work = enqueue("tests.note", key="c", what="三")
    now = work.queued_at
    with unaudited_writes("test"):
        Job.objects.update(state=JobState.RUNNING, attempts=1, lease_until=now + timedelta(hours=1))
    assert run_job(work.pk) == "taken"
    with unaudited_writes("test"):
        Job.objects.update(lease_until=now - timedelta(seconds=1))
    OrmQ.objects.all().delete()
    assert hand_over_waiting(now=now + timedelta(minutes=5)) == 1
    assert OrmQ.objects.count() == 1
    assert run_job(work.pk) == "done"


def test_a_schedule_is_queued_once_for_each_moment() -> None:
    now = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    first = queue_due_schedules(now=now)
    assert first > 0
    assert queue_due_schedules(now=now + timedelta(seconds=20)) == 0


@pytest.mark.parametrize(
    ("every", "now", "due"),
    [
        (Daily("02:10"), "2026-11-23T01:00+09:00", "2026-11-22T02:10+09:00"),
        (Daily("02:10"), "2026-11-23T02:10+09:00", "2026-11-23T02:10+09:00"),
        (Daily("02:10"), "2026-11-22T17:30+00:00", "2026-11-23T02:10+09:00"),
        (Every(5), "2026-11-23T01:04:59+09:00", "2026-11-23T01:00+09:00"),
        (Every(60), "2026-11-23T00:00+09:00", "2026-11-23T00:00+09:00"),
    ],
)
def test_when_a_schedule_is_due(every: Daily | Every, now: str, due: str) -> None:
    assert every.due(datetime.fromisoformat(now)) == datetime.fromisoformat(due)


def test_attempts_grow_apart_and_end() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    waits = [next_attempt(attempts=n, now=now) for n in range(1, len(RETRY_MINUTES) + 2)]
    assert waits[-1] is None
    assert sorted(filter(None, waits)) == list(filter(None, waits))


@verb("tests.call_outside", label="外を呼ぶ")
def call_outside(*, by: Person) -> None:
    with outside_call("mail"):
        pass


def test_nothing_outside_is_called_inside_a_verb() -> None:
    with pytest.raises(OutsideCallInTransaction):
        call_outside(by=IT)
    with outside_call("mail"):
        pass


def test_a_name_nobody_declared_is_refused() -> None:
    with pytest.raises(ValueError, match="no job"):
        enqueue("tests.unknown", key="x")
