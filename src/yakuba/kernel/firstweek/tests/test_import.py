"""A workbook goes in: checked, applied in chunks, sent again, sent back with its faults."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from io import BytesIO

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from yakuba.kernel.access.api import NotAllowed, Role, system_person
from yakuba.kernel.files.api import FileRefused
from yakuba.kernel.firstweek import jobs
from yakuba.kernel.firstweek.cli import first_week
from yakuba.kernel.firstweek.models import Upload, UploadState
from yakuba.kernel.firstweek.reading import marked_workbook, read_workbook
from yakuba.kernel.firstweek.services import (
    apply_chunk,
    check_workbook,
    discard,
    forget_uploads,
    start_applying,
    take_in,
)
from yakuba.kernel.firstweek.tests.workbooks import TOWN, filled, town_with
from yakuba.kernel.identity.tests.people import a_staff_account, sign_in
from yakuba.kernel.organisation.api import postings_of, roles_of, verbs
from yakuba.kernel.organisation.models import Authority, Deputy, Posting, Section, Staff
from yakuba.kernel.organisation.tests.town_hall import CLERK
from yakuba.kernel.paper.api import TableRefused
from yakuba.kernel.values.api import FixedClock, Refusal

pytestmark = pytest.mark.django_db
BY = system_person("test")
DAY = date(2026, 6, 1)
CLOCK = FixedClock(DAY)


def brought_in(content: bytes) -> Upload:
    upload = take_in(by=BY, content=content, filename="町.xlsx", clock=CLOCK)
    assert upload.state == UploadState.CHECKED, upload.faults
    upload = start_applying(by=BY, upload=upload, in_background=False)
    while upload.state == UploadState.APPLYING:
        upload = apply_chunk(by=BY, upload=upload, clock=CLOCK)
    assert not upload.faults
    return upload


def test_checking_writes_nothing_of_the_organisation():
    upload = take_in(by=BY, content=filled(), filename="町.xlsx", clock=CLOCK)
    assert upload.state == UploadState.CHECKED
    assert upload.total == 19
    assert not Staff.objects.exists() and not Section.objects.exists()


def test_an_empty_town_is_filled_from_one_workbook():
    brought_in(filled())
    head = Staff.objects.get(number="0001")
    assert head.name == "髙﨑　花子"
    assert [str(one) for one in postings_of(head, DAY)] == ["総務課 課長", "教育課 主事"]
    keeper = Staff.objects.get(number="0002")
    assert Role.PERSONNEL in roles_of(keeper, DAY, postings_of(keeper, DAY))
    assert Section.objects.get(code="0101").parent == Section.objects.get(code="01")
    assert Deputy.objects.get().deputy == keeper
    assert Posting.objects.get(staff__number="0003").ends_on == date(2027, 4, 1)


def test_the_same_workbook_again_changes_nothing():
    brought_in(filled())
    _, plan = check_workbook(filled(), "町.xlsx")
    assert plan.faults == () and plan.work == ()


def test_a_corrected_workbook_changes_only_what_was_corrected():
    brought_in(filled())
    rows = town_with("職員", 1, 氏名="坂下　次郎")
    rows["所属"][2]["電話"] = "0242-00-0000"
    rows["発令"][2].update(所属コード="01")
    _, plan = check_workbook(filled(rows), "町.xlsx")
    assert [(line.sheet, line.action, line.changed) for line in plan.work] == [
        ("所属", "change", ("電話",)),
        ("職員", "change", ("氏名",)),
        ("発令", "change", ("所属コード",)),
    ]
    brought_in(filled(rows))
    staff = Staff.objects.get(number="0002")
    assert staff.name == "坂下　次郎"
    assert [str(one) for one in postings_of(staff, DAY)] == ["総務課 主事"]
    assert Posting.objects.filter(staff=staff).count() == 1


def test_rows_that_are_missing_stay():
    brought_in(filled())
    brought_in(filled({"執行機関": TOWN["執行機関"]}, without=["職員", "発令", "権限", "代決", "職", "所属"]))
    assert Staff.objects.count() == 4


def test_what_happened_with_a_day_is_not_undone_by_an_old_workbook():
    brought_in(filled())
    staff = Staff.objects.get(number="0002")
    verbs.transfer_staff(
        by=BY,
        staff=staff,
        section=Section.objects.get(code="50"),
        post=Posting.objects.get(staff=staff).post,
        on=date(2026, 10, 1),
    )
    verbs.record_leaving(by=BY, staff=Staff.objects.get(number="0004"), last_day=date(2027, 3, 31))
    _, plan = check_workbook(filled(), "町.xlsx")
    assert {(fault.sheet, fault.column) for fault in plan.faults} == {("発令", "終了日"), ("職員", "最後の在職日")}


def test_applying_goes_on_where_it_was_stopped_and_writes_nothing_twice():
    upload = take_in(by=BY, content=filled(), filename="町.xlsx", clock=CLOCK)
    start_applying(by=BY, upload=upload, in_background=False)
    upload = apply_chunk(by=BY, upload=upload, clock=CLOCK)
    assert 0 < upload.done < upload.total
    for _ in range(6):  # a second worker, a retried job: each asks the stored count
        upload = apply_chunk(by=BY, upload=Upload.objects.get(pk=upload.pk), clock=CLOCK)
    assert upload.state == UploadState.DONE and not upload.faults
    assert upload.done == 19
    assert bytes(Upload.objects.get(pk=upload.pk).content) == b"", "what is no longer needed is gone"
    assert Staff.objects.count() == 4 and Posting.objects.count() == 5


def test_a_line_the_house_no_longer_allows_is_kept_as_a_fault_and_the_rest_goes_on():
    upload = take_in(by=BY, content=filled(), filename="町.xlsx", clock=CLOCK)
    verbs.found_authority(by=BY, code="mayor", name="別の人が先に登録", head_title="町長")
    upload = start_applying(by=BY, upload=upload, in_background=False)
    while upload.state == UploadState.APPLYING:
        upload = apply_chunk(by=BY, upload=upload, clock=CLOCK)
    assert [(one["sheet"], one["row"]) for one in upload.faults] == [("執行機関", 6)]
    assert Staff.objects.count() == 4
    marked = load_workbook(BytesIO(marked_workbook(bytes(upload.content), "町.xlsx", [jobs_fault(upload)]).content))
    assert "すでに使われて" in str([cell.value for cell in marked["執行機関"][6]])


def jobs_fault(upload: Upload):
    from yakuba.kernel.firstweek.rules.lines import Fault

    return Fault(**upload.faults[0])


def test_a_workbook_with_faults_is_never_applied():
    upload = take_in(by=BY, content=filled(town_with("職員", 0, 氏名="")), filename="町.xlsx", clock=CLOCK)
    assert upload.state == UploadState.REFUSED and upload.lines == []
    with pytest.raises(Refusal, match="誤りあり"):
        start_applying(by=BY, upload=upload)


def test_the_workbook_comes_back_with_faults_on_every_sheet_and_can_be_sent_again():
    rows = town_with("職員", 0, 氏名="", 採用日="いつか")
    rows["職"][1]["順位"] = "低い"
    content = filled(rows)
    _, plan = check_workbook(content, "町.xlsx")
    marked = marked_workbook(content, "町.xlsx", plan.faults)
    assert marked.filename == "町_エラー.xlsx"
    book = load_workbook(BytesIO(marked.content))
    heads = [cell.value for cell in book["職員"][4]]
    told = book["職員"].cell(6, heads.index("エラー") + 1).value
    assert "氏名" in told and "採用日「いつか」" in told and "\n" in told
    assert (
        book["職"].cell(7, [cell.value for cell in book["職"][4]].index("エラー") + 1).value.startswith("順位「低い」")
    )
    book["職員"].cell(6, heads.index("氏名※") + 1).value = "髙﨑　花子"
    book["職員"].cell(6, heads.index("採用日※") + 1).value = "H25.4.1"
    book["職"].cell(7, 3).value = "10"
    out = io.BytesIO()
    book.save(out)
    _, again = check_workbook(out.getvalue(), marked.filename)
    assert again.faults == () and len(again.work) == 19


def test_cells_typed_as_dates_and_numbers_are_understood():
    rows = town_with("職員", 0, 採用日=date(2013, 4, 1))
    rows["職"][0]["順位"] = 60
    _, plan = check_workbook(filled(rows), "町.xlsx")
    assert plan.faults == ()


def test_unknown_sheets_and_columns_are_named_and_not_read():
    book = load_workbook(BytesIO(filled()))
    book.create_sheet("給与")
    book["職員"].cell(4, 20, "血液型")
    out = io.BytesIO()
    book.save(out)
    _, plan = check_workbook(out.getvalue(), "町.xlsx")
    assert any("給与" in one for one in plan.notices) and any("血液型" in one for one in plan.notices)


def _saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _with_member(content: bytes, name: str, inside: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for member in given.namelist():
            made.writestr(member, given.read(member))
        made.writestr(name, inside)
    return out.getvalue()


HOSTILE = {
    "nothing": lambda: b"",
    "text": lambda: "職員番号,氏名\n1,甲".encode(),
    "an old workbook": lambda: b"\xd0\xcf\x11\xe0" + b"0" * 512,
    "half a workbook": lambda: filled()[:2000],
    "a zip that is no workbook": lambda: _with_member(_empty_zip(), "a.txt", b"x"),
    "a workbook with a macro": lambda: _with_member(filled(), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
    "a workbook that unpacks to a gigabyte": lambda: _with_member(filled(), "xl/media/x.bin", b"0" * 300_000_000),
    "another workbook": lambda: _saved(Workbook()),
    "a workbook with an entity": lambda: _with_doctype(filled()),
}


def _empty_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w"):
        pass
    return out.getvalue()


def _with_doctype(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for member in given.namelist():
            inside = given.read(member)
            if member == "xl/workbook.xml":
                text = inside.decode()
                head, mark, rest = text.partition("?>")
                before, after = (head + mark, rest) if mark else ("", text)
                inside = (before + '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + after).encode()
            made.writestr(member, inside)
    return out.getvalue()


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_and_broken_files_are_refused_with_a_way_out(kind):
    content = HOSTILE[kind]()
    with pytest.raises((TableRefused, FileRefused)) as caught:
        check_workbook(content, "../../町\x00.xlsx")
    assert caught.value.hint
    assert not Upload.objects.exists()


def test_a_file_over_the_size_limit_is_refused_before_it_is_opened():
    with pytest.raises(TableRefused, match="大きすぎます"):
        read_workbook(b"PK" + b"0" * (5 * 1024 * 1024), "町.xlsx")


def test_too_many_rows_are_refused():
    book = load_workbook(BytesIO(filled({})))
    for number in range(3_100):
        book["職"].cell(6 + number, 2, f"職{number}")
        book["職"].cell(6 + number, 3, 1)
    with pytest.raises(TableRefused, match="行が多すぎます"):
        read_workbook(_saved(book), "町.xlsx")


def test_a_formula_without_a_result_is_a_fault_and_not_a_name():
    content = filled(town_with("職員", 0, 氏名='=HYPERLINK("http://example.com","x")'))
    _, plan = check_workbook(content, "町.xlsx")
    assert any((fault.sheet, fault.row, fault.column) == ("職員", 6, "氏名") for fault in plan.faults)


def test_only_those_who_keep_the_records_take_workbooks_in():
    with pytest.raises(NotAllowed):
        take_in(by=CLERK, content=filled(), filename="町.xlsx", clock=CLOCK)


def test_a_workbook_that_was_given_up_or_forgotten_leaves_nothing_personal():
    given_up = take_in(by=BY, content=filled(), filename="町.xlsx", clock=CLOCK)
    discard(by=BY, upload=given_up, clock=CLOCK)
    waiting = take_in(by=BY, content=filled(), filename="町.xlsx", clock=CLOCK)
    assert forget_uploads(by=BY, clock=FixedClock(date(2026, 6, 7))) == []
    forget_uploads(by=BY, clock=FixedClock(date(2026, 6, 9)))
    for upload in Upload.objects.filter(pk__in=[given_up.pk, waiting.pk]):
        assert (bytes(upload.content), upload.lines, upload.state) == (b"", [], UploadState.DISCARDED)


def clerk_of(client: Client, *roles: Role):
    account = a_staff_account("8001", roles=roles)
    sign_in(client, account)
    return account


def send(client: Client, content: bytes, name: str = "町.xlsx"):
    file = BytesIO(content)
    file.name = name
    return client.post(reverse("firstweek"), {"workbook": file})


def the_town_without_what_the_seat_needs():
    return filled({name: rows for name, rows in TOWN.items() if name != "執行機関"}, without=["執行機関"])


def test_on_the_page_a_workbook_is_sent_checked_and_applied_by_the_job(client):
    account = clerk_of(client, Role.PERSONNEL)
    verbs.found_authority(by=BY, code="education", name="教育委員会", head_title="教育長")
    rows = {name: [dict(row) for row in some] for name, some in TOWN.items() if name != "執行機関"}
    rows["所属"][1]["所属コード"] = rows["所属"][0]["上位の所属コード"] = "10"
    rows["所属"][1]["名称"] = "企画課"
    rows["発令"][0]["所属コード"] = "10"
    rows["職"] = rows["職"][:1]
    content = filled(rows, without=["執行機関"])
    answer = send(client, content)
    assert answer.status_code == 302
    upload = Upload.objects.get()
    shown = client.get(answer.url).content.decode()
    assert "まだ何も登録していません" in shown and "反映する（" in shown
    assert not Staff.objects.filter(number="0001").exists()
    client.post(reverse("firstweek-apply", args=[upload.public_id]))
    assert "progress" in client.get(answer.url).content.decode()
    jobs.apply(upload=upload.public_id)
    upload.refresh_from_db()
    assert upload.state == UploadState.DONE and not upload.faults
    assert "反映しました" in client.get(answer.url).content.decode()
    done = client.get(reverse("firstweek-progress", args=[upload.public_id]))
    assert done["HX-Redirect"].endswith(f"{upload.public_id}/")
    assert Staff.objects.filter(number="0001").exists()
    assert Upload.objects.get().uploaded_by == account.public_id


def test_on_the_page_a_faulty_workbook_comes_back_marked(client):
    clerk_of(client, Role.IT)
    answer = send(client, filled(town_with("職員", 0, 採用日="いつか")))
    shown = client.get(answer.url).content.decode()
    assert "何も登録していません" in shown and "いつか" in shown
    upload = Upload.objects.get()
    back = client.get(reverse("firstweek-errors", args=[upload.public_id]))
    assert load_workbook(BytesIO(back.content))["職員"].max_column > 9
    client.post(reverse("firstweek-apply", args=[upload.public_id]))
    assert not Staff.objects.filter(number="0002").exists()


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04", "職員番号,氏名".encode()])
def test_on_the_page_a_file_that_is_no_workbook_is_refused_at_its_field(client, content):
    clerk_of(client, Role.PERSONNEL)
    answer = send(client, content, "../../etc/passwd.xlsx")
    assert answer.status_code == 422
    assert "id_workbook_error" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR, Role.SECRETARIAT])
def test_the_pages_are_for_those_who_keep_the_records(client, role):
    clerk_of(client, role)
    upload = take_in(by=BY, content=filled(), filename="町.xlsx", clock=CLOCK)
    for name in ("firstweek", "firstweek-template"):
        assert client.get(reverse(name)).status_code == 403
    for name in ("firstweek-upload", "firstweek-errors", "firstweek-progress"):
        assert client.get(reverse(name, args=[upload.public_id])).status_code == 403
    for name in ("firstweek-apply", "firstweek-discard"):
        assert client.post(reverse(name, args=[upload.public_id])).status_code == 403


def test_the_template_downloads_and_is_itself_accepted_as_empty(client):
    clerk_of(client, Role.PERSONNEL)
    answer = client.get(reverse("firstweek-template"))
    assert "attachment" in answer["Content-Disposition"]
    _, plan = check_workbook(answer.content, "最初の登録.xlsx")
    assert plan.faults == () and plan.lines == ()


def test_the_command_checks_and_imports(tmp_path):
    file = tmp_path / "町.xlsx"
    runner = CliRunner()
    assert runner.invoke(first_week, ["template", str(file)]).exit_code == 0
    file.write_bytes(filled())
    dry = runner.invoke(first_week, ["import", str(file), "--dry-run", "--json"])
    assert dry.exit_code == 0
    assert json.loads(dry.output)["sheets"]["職員"]["add"] == 4
    assert not Staff.objects.exists() and not Upload.objects.exists()
    done = runner.invoke(first_week, ["import", str(file), "--json"])
    assert json.loads(done.stdout)["written"] == 19
    assert Staff.objects.count() == 4
    assert runner.invoke(first_week, ["import", str(file)]).exit_code == 0


def test_the_command_fails_on_faults_and_writes_the_marked_workbook(tmp_path):
    file, errors = tmp_path / "町.xlsx", tmp_path / "エラー.xlsx"
    file.write_bytes(filled(town_with("発令", 0, 所属コード="77")))
    failed = CliRunner().invoke(first_week, ["import", str(file), "--errors", str(errors)])
    assert failed.exit_code == 1 and "シート「発令」6行目 所属コード" in failed.output
    assert errors.exists() and not Authority.objects.exists()
