"""From the upload to the download: kept, quarantined, released, handed out to those who may, and to nobody else."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.access.api import VISITOR, NotVisible, Person, PersonKind, Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent, EventKind
from yakuba.kernel.files import jobs, links, views
from yakuba.kernel.files.api import (
    FileRefused,
    Reason,
    attach_file,
    discard_file,
    file_link,
    get_for,
    read_content,
    receive_file,
    visible_to,
)  # fmt: skip
from yakuba.kernel.files.cli import files as files_command
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.place import content_store
from yakuba.kernel.files.queries import check_store, unused_contents
from yakuba.kernel.files.rules import STATES, FileState
from yakuba.kernel.files.scanning.scanner import scanner_state
from yakuba.kernel.files.tests import making
from yakuba.kernel.files.tests.fake_clamd import VIRUS, running, unused_port
from yakuba.kernel.organisation.models import Authority
from yakuba.kernel.things import refs
from yakuba.kernel.things.api import DataClass, Ref, describe
from yakuba.kernel.values.api import FixedClock, Refusal, TransitionRefused

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CLERK = Person(id="clerk", name="一般 太郎", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.CLERK}))
OTHER = Person(id="other", name="別の 花子", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF}))
RESIDENT = Person(id="resident", name="住民", kind=PersonKind.RESIDENT)
CLOCK = FixedClock(datetime(2026, 4, 1, 3, 0, tzinfo=UTC))


@pytest.fixture(autouse=True)
def own_home(settings: Any, tmp_path: Any) -> None:
    settings.YAKUBA_HOME = tmp_path
    settings.YAKUBA_CLAMAV = ""


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """A described kind whose gate lets the clerk in and nobody else."""
    for registry in ("_by_kind", "_by_model"):
        monkeypatch.setattr(refs, registry, dict(getattr(refs, registry)))
    describe(
        kind="files.test_owner",
        label="試験",
        model=Authority,
        title=str,
        url=lambda thing: f"/things/{thing.public_id}/",
        gate=lambda person, thing: person.id == CLERK.id,
    )


@pytest.fixture
def owner(gate: None) -> Ref:
    with unaudited_writes("test"):
        made = Authority.objects.create(code="x", name="試験", head_title="長")
    return Ref("files.test_owner", made.public_id)


def kept(content: bytes = b"memo", name: str = "メモ.txt", by: Person = CLERK, **more: Any) -> StoredFile:
    return receive_file(by=by, stream=content, filename=name, clock=CLOCK, **more)


def opened(person: Person, link: str) -> Any:
    request = RequestFactory().get(link)
    request.person = person  # type: ignore[attr-defined]
    return views.office_file(request, link.rpartition("/")[2])


class TestKeeping:
    def test_a_file_is_kept_with_what_is_known_of_it(self, owner: Ref) -> None:
        file = kept(making.phone_photo(), "../写真.jpeg", owner=owner)
        file.refresh_from_db()
        assert (file.name, file.media_type, file.width, file.height) == ("写真.jpeg", "image/jpeg", 40, 60)
        assert (file.owner, file.uploaded_by, file.uploaded_at) == (owner, CLERK.id, CLOCK.now())
        assert file.state == FileState.STORED and file.data_class == DataClass.PERSONAL
        content = read_content(file)
        assert len(content) == file.size and b"SecretPhone" not in content

    def test_one_event_stands_in_the_log_without_name_or_content(self, owner: Ref) -> None:
        file = kept(b"secret content", "秘密の名前.txt", owner=owner)
        event = AuditEvent.objects.get(verb="files.keep")
        assert str(owner) in event.subjects and f"files.file:{file.public_id}" in event.subjects
        assert "秘密" not in str(AuditEvent.objects.values().get())

    def test_a_refused_file_leaves_nothing(self) -> None:
        with pytest.raises(FileRefused):
            kept(making.pdf_with_script(), "a.pdf")
        assert not StoredFile.objects.exists() and list(content_store().digests()) == []

    def test_the_same_content_twice_is_two_files_and_one_content(self) -> None:
        assert kept().sha256 == kept().sha256
        assert StoredFile.objects.count() == 2 and len(list(content_store().digests())) == 1

    def test_the_database_refuses_empty_files_and_half_owners(self) -> None:
        file = kept()
        for changed in ({"size": 0}, {"owner_kind": "a.b", "owner_id": ""}):
            with pytest.raises(IntegrityError), transaction.atomic(), unaudited_writes("test"):
                StoredFile.objects.filter(pk=file.pk).update(**changed)

    def test_a_file_sent_ahead_is_attached_once_and_by_its_sender_only(self, owner: Ref) -> None:
        file = kept()
        with pytest.raises(Refusal, match="送った人だけ"):
            attach_file(by=OTHER, file=file, owner=owner)
        attach_file(by=CLERK, file=file, owner=owner)
        attach_file(by=CLERK, file=file, owner=owner)  # the same form sent twice
        with pytest.raises(Refusal, match="ほかの記録"):
            attach_file(by=CLERK, file=file, owner=Ref("files.test_owner", "elsewhere0000000"))

    def test_every_step_between_states_is_in_the_table(self) -> None:
        file = kept()
        discard_file(by=CLERK, file=file, reason="取下げ")
        with pytest.raises(TransitionRefused):
            discard_file(by=CLERK, file=file, reason="もう一度")
        assert STATES.final == {FileState.REFUSED, FileState.DISCARDED}


class TestScanning:
    def test_without_a_scanner_files_are_kept_and_the_state_says_so(self) -> None:
        assert kept().state == FileState.STORED
        state = scanner_state()
        assert not state.is_configured and "設定されていません" in state.words and "YAKUBA_CLAMAV" in state.todo

    def test_a_virus_is_refused_and_logged(self, settings: Any) -> None:
        with running() as (address, _seen):
            settings.YAKUBA_CLAMAV = address
            with pytest.raises(FileRefused) as caught:
                kept(b"memo " + VIRUS)
        assert caught.value.reason is Reason.INFECTED and "Harmless.Test-1" in caught.value.message
        assert not StoredFile.objects.exists() and list(content_store().digests()) == []
        assert AuditEvent.objects.get().kind == EventKind.REFUSAL

    def test_what_is_scanned_is_what_is_stored(self, settings: Any) -> None:
        with running() as (address, seen):
            settings.YAKUBA_CLAMAV = address
            file = kept(making.phone_photo(), "a.jpg")
        assert seen == [read_content(file)] and file.scanned_at == CLOCK.now()

    def test_while_the_scanner_is_down_files_wait_and_nobody_can_open_them(self, settings: Any, owner: Ref) -> None:
        settings.YAKUBA_CLAMAV = f"tcp:127.0.0.1:{unused_port()}"
        file = kept(owner=owner)
        assert file.state == FileState.QUARANTINED
        with pytest.raises(views.FileNotAvailable) as caught:
            opened(CLERK, file_link(file, to=CLERK, purpose="test"))
        assert "検査待ち" in caught.value.message and caught.value.hint and "お待ちください" in caught.value.hint
        assert not scanner_state().works
        jobs.scan_waiting()
        file.refresh_from_db()
        assert file.state == FileState.QUARANTINED
        with running() as (address, _seen):
            settings.YAKUBA_CLAMAV = address
            assert scanner_state().works
            jobs.scan_waiting()
        file.refresh_from_db()
        assert file.state == FileState.STORED and file.scanned_at is not None
        assert opened(CLERK, file_link(file, to=CLERK, purpose="test")).content == b"memo"

    def test_a_file_that_waited_and_is_infected_is_never_opened_and_its_bytes_go(
        self, settings: Any, owner: Ref
    ) -> None:
        settings.YAKUBA_CLAMAV = f"tcp:127.0.0.1:{unused_port()}"
        file = kept(b"memo " + VIRUS, owner=owner)
        with running() as (address, _seen):
            settings.YAKUBA_CLAMAV = address
            jobs.scan_waiting()
        file.refresh_from_db()
        assert file.state == FileState.REFUSED and file.scan_detail == "Harmless.Test-1"
        with pytest.raises(views.FileNotAvailable):
            opened(CLERK, file_link(file, to=CLERK, purpose="test"))
        assert list(unused_contents()) == [file.sha256]

    def test_a_scanner_configured_later_looks_at_what_came_before(self, settings: Any) -> None:
        file = kept(b"old " + VIRUS)
        with running() as (address, _seen):
            settings.YAKUBA_CLAMAV = address
            jobs.scan_waiting()
            jobs.scan_waiting()
        file.refresh_from_db()
        assert file.state == FileState.REFUSED


class TestHandingOut:
    def test_the_download_is_safe_to_have(self, owner: Ref) -> None:
        file = kept("内容".encode(), '申請 "書"%.txt', owner=owner)
        response = opened(CLERK, file_link(file, to=CLERK, purpose="test"))
        assert response.content == "内容".encode() and response["Content-Type"] == "text/plain"
        assert response["Content-Disposition"].startswith("attachment; filename=")
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["X-Content-Type-Options"] == "nosniff" and "no-store" in response["Cache-Control"]

    def test_only_pictures_are_shown_in_a_page(self, owner: Ref) -> None:
        for content, name, kind in ((making.picture(), "a.jpg", "inline"), (making.pdf(), "a.pdf", "attachment")):
            link = file_link(kept(content, name, owner=owner), to=CLERK, purpose="test", in_page=True)
            assert opened(CLERK, link)["Content-Disposition"].startswith(kind)

    def test_a_link_is_for_one_person(self, owner: Ref) -> None:
        file = kept(owner=owner)
        with pytest.raises(NotVisible):
            opened(OTHER, file_link(file, to=CLERK, purpose="test"))

    def test_a_link_does_not_open_a_gate(self, owner: Ref) -> None:
        file = kept(owner=owner, by=OTHER)
        with pytest.raises(NotVisible):
            opened(OTHER, file_link(file, to=OTHER, purpose="test"))

    def test_without_an_owner_only_the_sender_may(self) -> None:
        file = kept(by=RESIDENT)
        assert opened(RESIDENT, file_link(file, to=RESIDENT, purpose="test")).content == b"memo"
        for person in (CLERK, VISITOR):
            with pytest.raises(NotVisible):
                opened(person, file_link(file, to=person, purpose="test"))

    def test_a_gate_that_closes_ends_the_link(self, owner: Ref) -> None:
        file = kept(owner=owner)
        link = file_link(file, to=CLERK, purpose="test")
        with unaudited_writes("test"):
            Authority.objects.all().delete()
        with pytest.raises(NotVisible):
            opened(CLERK, link)

    def test_a_link_ends_after_half_an_hour(self, owner: Ref, monkeypatch: pytest.MonkeyPatch) -> None:
        link = file_link(kept(owner=owner), to=CLERK, purpose="test")
        monkeypatch.setattr(links, "VALID_FOR", timedelta(seconds=-1))
        with pytest.raises(links.LinkExpired) as caught:
            opened(CLERK, link)
        assert caught.value.hint and "開き直して" in caught.value.hint

    @pytest.mark.parametrize("token", ["", "x", "a:b:c", "eyJmIjoieCJ9:1abcde:forged", "あ", "%00", "." * 500])
    def test_forged_links_are_like_nothing(self, token: str) -> None:
        with pytest.raises(NotVisible):
            links.read_link(token, person=CLERK)

    def test_reading_personal_files_of_others_is_logged_with_file_owner_and_purpose(self, owner: Ref) -> None:
        file = kept(by=RESIDENT, owner=owner)
        opened(CLERK, file_link(file, to=CLERK, purpose="reports.photo"))
        event = AuditEvent.objects.get(kind=EventKind.VIEW)
        assert event.verb == "files.open:reports.photo" and event.actor == CLERK.id
        assert set(event.subjects) == {str(owner), f"files.file:{file.public_id}"}

    def test_reading_open_files_and_ones_own_is_not(self, owner: Ref) -> None:
        for file in (kept(by=RESIDENT, owner=owner, data_class=DataClass.OPEN), kept(by=CLERK, owner=owner)):
            opened(CLERK, file_link(file, to=CLERK, purpose="test"))
        assert not AuditEvent.objects.filter(kind=EventKind.VIEW).exists()

    def test_a_content_changed_on_disk_is_not_handed_out(self, owner: Ref) -> None:
        file = kept(owner=owner)
        content_store().path(file.sha256).write_bytes(b"mEmo")
        with pytest.raises(views.FileNotAvailable, match="保存状態に異常"):
            opened(CLERK, file_link(file, to=CLERK, purpose="test"))

    def test_lists_and_single_files_ask_the_gate(self, owner: Ref) -> None:
        file = kept(owner=owner)
        assert visible_to(CLERK, owner) == [file] and visible_to(OTHER, owner) == []
        assert get_for(CLERK, file.public_id) == file
        for person, public_id in ((OTHER, file.public_id), (CLERK, "unknown")):
            with pytest.raises(NotVisible):
                get_for(person, public_id)

    @given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
    def test_any_name_survives_the_header(self, name: str) -> None:
        header = views.content_disposition(name)
        assert "\r" not in header and "\n" not in header and header.isascii()
        plain, _, encoded = header.partition("; filename*=UTF-8''")
        assert plain.count('"') == 2
        assert (unquote(encoded) if encoded else plain.split('"')[1]) == name


class TestKeepingHouse:
    def old(self, file: StoredFile) -> None:
        os.utime(content_store().path(file.sha256), (0, 0))

    def test_forms_never_sent_leave_no_files(self, owner: Ref, monkeypatch: pytest.MonkeyPatch) -> None:
        later = FixedClock(CLOCK.now() + timedelta(days=3))
        monkeypatch.setattr(jobs, "town_clock", lambda: later)
        lost, attached = kept(b"lost"), kept(b"attached", owner=owner)
        self.old(lost)
        self.old(attached)
        jobs.sweep()
        lost.refresh_from_db()
        assert lost.state == FileState.DISCARDED
        assert list(content_store().digests()) == [attached.sha256]

    def test_a_content_shared_with_a_kept_file_stays(self, owner: Ref) -> None:
        gone, stays = kept(owner=owner), kept(owner=owner)
        discard_file(by=CLERK, file=gone, reason="取下げ")
        self.old(gone)
        jobs.sweep()
        assert read_content(stays) == b"memo"

    def test_a_content_just_stored_survives_the_sweep(self) -> None:
        content_store().put(b"the note comes in a moment")
        jobs.sweep()
        assert len(list(content_store().digests())) == 1

    def test_the_check_names_missing_changed_and_orphaned_contents(self, owner: Ref) -> None:
        whole, missing, changed = (kept(content, owner=owner) for content in (b"one", b"two", b"three"))
        assert check_store().is_whole
        content_store().path(missing.sha256).unlink()
        content_store().path(changed.sha256).write_bytes(b"thre3")
        orphan = content_store().put(b"orphan")
        report = check_store()
        assert (report.missing, report.changed, report.orphaned) == (
            (missing.public_id,),
            (changed.public_id,),
            (orphan,),
        )
        assert report.checked == 3 and not report.is_whole
        result = CliRunner().invoke(files_command, ["check", "--json"])
        assert result.exit_code == 1 and json.loads(result.stdout)["missing"] == [missing.public_id]
        told = CliRunner().invoke(files_command, ["check"])
        assert missing.public_id in told.stdout and "バックアップ" in told.stdout
        assert whole.public_id not in told.stdout
