"""A verb is one transaction with one event; what it cannot do, nobody can."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind, Role
from yakuba.kernel.audit.api import (
    append_head,
    history_of,
    read_heads,
    readings_of,
    record_view,
    seal_new_events,
    unsealed_since,
    verb,
    verify_chain,
    viewing,
)
from yakuba.kernel.audit.models import AuditEvent, AuditLink, AuditSubject, EventKind
from yakuba.kernel.organisation.models import Authority
from yakuba.kernel.things.api import Ref, ref_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CLERK = Person(
    id="clerk0000000000a", name="見本 花子", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF}), title="主事"
)
AUDITOR = Person(id="audit0000000000a", name="見本 監", kind=PersonKind.OUTSIDE, roles=frozenset({Role.AUDITOR}))
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@verb("tests.found_authority", label="試しに執行機関を作る")
def found_authority(*, by: Person, code: str, name: str) -> Authority:
    return Authority.objects.create(code=code, name=name, head_title="長")


@verb("tests.fail", label="途中で失敗する")
def fail_midway(*, by: Person, code: str) -> None:
    Authority.objects.create(code=code, name="途中", head_title="長")
    raise ZeroDivisionError


def test_a_verb_writes_its_rows_and_one_event_with_subjects_and_no_content() -> None:
    made = found_authority(by=CLERK, code="mayor", name="秘密の名前")
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.capacity, event.kind) == (
        "tests.found_authority",
        CLERK.id,
        "主事",
        EventKind.WRITE,
    )
    assert event.subjects == [str(ref_of(made))]
    assert [row.ref for row in event.subject_rows.all()] == event.subjects
    assert "秘密" not in str(AuditEvent.objects.values().get())
    assert history_of(ref_of(made)) == [event]


def test_the_digest_tells_different_arguments_apart_and_repeats_for_equal_ones() -> None:
    for code, name in (("a", "甲"), ("b", "甲"), ("c", "乙")):
        found_authority(by=CLERK, code=code, name=name)
    assert len(set(AuditEvent.objects.values_list("digest", flat=True))) == 3


def test_a_verb_that_fails_leaves_neither_row_nor_event() -> None:
    with pytest.raises(ZeroDivisionError):
        fail_midway(by=CLERK, code="x")
    assert not Authority.objects.exists()
    assert not AuditEvent.objects.exists()


def test_the_auditors_seat_cannot_use_a_verb() -> None:
    with pytest.raises(NotAllowed):
        found_authority(by=AUDITOR, code="a", name="甲")
    assert not Authority.objects.exists()


def test_a_verb_needs_an_acting_person_and_names_for_all_arguments() -> None:
    with pytest.raises(TypeError):
        found_authority(code="a", name="甲")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        found_authority(CLERK, "a", "甲")  # type: ignore[misc]


def test_a_view_of_few_names_them_and_a_view_of_many_counts_them() -> None:
    record_view(by=CLERK, subjects=[Ref("people.person", "a")], what=viewing("tests.page", label="試しの画面"))
    record_view(
        by=CLERK,
        subjects=[Ref("people.person", str(n)) for n in range(21)],
        what=viewing("tests.list", label="試しの一覧"),
    )
    one, many = AuditEvent.objects.order_by("id")
    assert (one.kind, one.subjects, one.count) == (EventKind.VIEW, ["people.person:a"], 1)
    assert (many.subjects, many.count) == ([], 21)
    assert readings_of([Ref("people.person", "a")]) == [one]


def test_rows_of_the_log_can_neither_be_changed_nor_deleted() -> None:
    found_authority(by=CLERK, code="a", name="甲")
    seal_new_events(now=NOW)
    for statement in (
        "UPDATE audit_auditevent SET actor = 'somebody else'",
        "DELETE FROM audit_auditsubject",
        "DELETE FROM audit_auditevent",
        "UPDATE audit_auditlink SET value = 'x'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            from yakuba.kernel.audit.api import unaudited_writes

            with unaudited_writes("test"):
                cursor.execute(statement)


def _drop_protection() -> None:
    """What an attacker with the database file would do first."""
    with connection.cursor() as cursor:
        for table in ("audit_auditevent", "audit_auditsubject", "audit_auditlink"):
            for word in ("update", "delete"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {table}_no_{word}{on}")


def _sealed_log(count: int = 5) -> None:
    for number in range(count):
        found_authority(by=CLERK, code=f"a{number}", name="甲")
    assert seal_new_events(now=NOW) == count
    assert unsealed_since() is None
    report = verify_chain()
    assert report.is_intact and (report.checked, report.unsealed) == (count, 0)


TAMPERINGS = {
    "actor changed": "UPDATE audit_auditevent SET actor = 'another' WHERE id = {id}",
    "time changed": "UPDATE audit_auditevent SET at = '2020-01-01 00:00:00+00:00' WHERE id = {id}",
    "verb changed": "UPDATE audit_auditevent SET verb = 'x' WHERE id = {id}",
    "digest changed": "UPDATE audit_auditevent SET digest = '0' WHERE id = {id}",
    "count changed": "UPDATE audit_auditevent SET count = 99 WHERE id = {id}",
    "withheld flag changed": "UPDATE audit_auditevent SET is_withheld = NOT is_withheld WHERE id = {id}",
    "subjects changed": "UPDATE audit_auditevent SET subjects = '[]' WHERE id = {id}",
    "subject index changed": "UPDATE audit_auditsubject SET ref = 'x:y' WHERE event_id = {id}",
    "subject index deleted": "DELETE FROM audit_auditsubject WHERE event_id = {id}",
    "seal value changed": "UPDATE audit_auditlink SET value = '00' WHERE event_id = {id}",
    "seal time changed": "UPDATE audit_auditlink SET sealed_at = '2020-01-01 00:00:00+00:00' WHERE event_id = {id}",
    "seal deleted": "DELETE FROM audit_auditlink WHERE event_id = {id}",
}


@pytest.mark.parametrize("what", TAMPERINGS)
@pytest.mark.parametrize("which", [0, 2, 4], ids=["first", "middle", "last"])
def test_any_tampering_is_found(what: str, which: int) -> None:
    _sealed_log()
    _drop_protection()
    event_id = AuditEvent.objects.order_by("id").values_list("id", flat=True)[which]
    from yakuba.kernel.audit.api import unaudited_writes

    with unaudited_writes("test"), connection.cursor() as cursor:
        cursor.execute(TAMPERINGS[what].format(id=event_id))
    report = verify_chain()
    deleted_last_seal = what == "seal deleted" and which == 4
    assert not report.is_intact or (deleted_last_seal and report.unsealed == 1)


def test_a_deleted_event_is_found_even_with_its_subjects() -> None:
    _sealed_log()
    _drop_protection()
    event_id = AuditEvent.objects.order_by("id").values_list("id", flat=True)[1]
    from yakuba.kernel.audit.api import unaudited_writes

    with unaudited_writes("test"), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM audit_auditsubject WHERE event_id = {event_id}")
        cursor.execute(f"DELETE FROM audit_auditevent WHERE id = {event_id}")
    assert any("消えています" in fault.reason for fault in verify_chain().faults)


def test_a_chain_rewritten_from_the_start_is_found_by_heads_kept_elsewhere(tmp_path) -> None:
    _sealed_log()
    assert append_head(tmp_path, now=NOW)
    assert not append_head(tmp_path, now=NOW)
    _drop_protection()
    from yakuba.kernel.audit.api import unaudited_writes

    with unaudited_writes("test"):
        AuditLink.objects.all().delete()
        AuditSubject.objects.filter(event__verb="tests.found_authority").first().delete()
        AuditEvent.objects.order_by("id").last()
        seal_new_events(now=datetime(2026, 11, 24, tzinfo=UTC))
    assert not verify_chain(heads=read_heads(tmp_path)).is_intact


def test_sealing_twice_seals_once_and_unsealed_events_are_named() -> None:
    _sealed_log(3)
    assert seal_new_events(now=NOW) == 0
    found_authority(by=CLERK, code="later", name="乙")
    report = verify_chain()
    assert report.is_intact and report.unsealed == 1 and report.unsealed_since is not None
    assert unsealed_since() is not None
