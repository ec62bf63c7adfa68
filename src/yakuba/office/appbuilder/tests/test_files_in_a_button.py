"""Files and photos that a button asks for: given in its own form, with all that holds for files of a record."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from yakuba.kernel.approval.api import Outcome, decide, requests_on
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.tests.fake_clamd import VIRUS, running
from yakuba.kernel.files.tests.making import pdf, picture
from yakuba.kernel.things.api import ref_of
from yakuba.office.appbuilder.models import PressRequest, Record
from yakuba.office.appbuilder.services import RecordFault, change_record
from yakuba.office.appbuilder.tests.lending import (
    ASK,
    HAND_OUT,
    LENDING,
    PROCESS,
    TAKE_BACK,
    lending,
    press,
    put_to_use,
)
from yakuba.office.appbuilder.tests.test_attachments import ALL, jpeg, sent, text
from yakuba.office.appbuilder.tests.world import CLOCK, sit

FIELDS = [
    *LENDING,
    {"key": "photos", "label": "貸出時の写真", "type": "photos"},
    {"key": "papers", "label": "借用書", "type": "files"},
]
BUTTONS = [
    {**HAND_OUT, "asks": ["due_on", "photos"]},
    TAKE_BACK,
    {**ASK, "asks": ["papers"]},
]


@pytest.fixture
def lent(desk: Any) -> Any:
    """The desk whose button 貸し出す asks for a day and photos, and whose decision asks for a paper."""
    desk.app = put_to_use(desk, lending({**PROCESS, "buttons": BUTTONS}, fields=FIELDS))
    return desk


def at(desk: Any, record: Record, key: str = "hand_out") -> str:
    return f"/office/apps/{desk.app.public_id}/r/{record.public_id}/press/{key}/"


def test_the_photo_is_given_in_the_buttons_form_and_survives_an_error_in_another_field(lent) -> None:
    record = lent.add(by=lent.colleague, price=5000)
    clerk = sit(lent, "総務 課長")
    assert 'type="file"' in text(clerk.get(at(lent, record)))
    wrong = clerk.post(at(lent, record), {"version": "1", "f_due_on": "いつか", "f_photos": [jpeg()]})
    assert wrong.status_code == 422 and "現場.jpg" in text(wrong)
    (file,) = StoredFile.objects.all()
    assert (file.owner, Record.objects.get().version) == (None, 1)
    typed = {"version": "1", "f_due_on": "2027-03-20", "f_photos__kept": [file.public_id]}
    assert clerk.post(at(lent, record), typed).status_code == 302
    moved, file = Record.objects.get(), StoredFile.objects.get()
    assert (moved.values["state"], moved.values["photos"], file.owner_id) == ("out", [file.public_id], record.public_id)


def test_what_was_given_stays_when_somebody_else_changed_the_record_meanwhile(lent) -> None:
    record = lent.add(by=lent.colleague, price=5000, secret="事情")
    changes = {"note": "角が欠けている", "secret": "別の事情"}
    change_record(by=lent.colleague, record=record, values=changes, version=1, clock=CLOCK)
    lent.permit(
        {"name": "自分の課", "staff": [lent.hall.staff["総務 課長"].public_id], "see": True, "edit": True,
         "columns": {"secret": "hide"}},
        {"name": "管理する人", "staff": [lent.hall.staff["教育 主事"].public_id]},
    )  # fmt: skip
    clerk = sit(lent, "総務 課長")
    late = clerk.post(at(lent, record), {"version": "1", "f_due_on": "2027-03-20", "f_photos": [jpeg()]})
    told = text(late)
    assert late.status_code == 409 and "変わった項目：備考。" in told and "現場.jpg" in told and "2027-03-20" in told
    assert Record.objects.get().values["state"] == "booked" and 'name="version" value="2"' in told
    (file,) = StoredFile.objects.all()
    again = {"version": "2", "f_due_on": "2027-03-20", "f_photos__kept": [file.public_id]}
    assert clerk.post(at(lent, record), again).status_code == 302
    assert Record.objects.get().values["photos"] == [file.public_id]


def test_a_button_without_its_photo_is_not_pressed_and_one_that_is_there_already_counts(lent) -> None:
    record = lent.add(by=lent.colleague, price=5000)
    shown = sit(lent, "総務 課長").post(at(lent, record), {"version": "1", "f_due_on": "2027-03-20"})
    assert shown.status_code == 422 and "「貸出時の写真」を付けてください" in text(shown)
    with pytest.raises(RecordFault, match="貸出時の写真"):
        press(record, "hand_out", by=lent.colleague, due_on="2027-03-20")
    file = sent(lent.colleague, picture("JPEG"), "机.jpg")
    other = lent.add(by=lent.colleague, price=5000, photos=[file.public_id])
    shown = sit(lent, "総務 課長").get(at(lent, other))
    assert "机.jpg" in text(shown)
    typed = {"version": "1", "f_due_on": "2027-03-20", "f_photos__kept": [file.public_id]}
    assert sit(lent, "総務 課長").post(at(lent, other), typed).status_code == 302
    assert Record.objects.get(pk=other.pk).values["state"] == "out"


def test_a_button_with_a_decision_takes_the_paper_before_it_asks(lent) -> None:
    record = lent.add(by=lent.maker, price=200_000)
    maker = sit(lent, "行政 主事")
    paper = SimpleUploadedFile("借用書.pdf", pdf())
    assert maker.post(at(lent, record, "ask"), {"version": "1", "f_papers": [paper]}).status_code == 302
    file = StoredFile.objects.get()
    assert file.owner_id == record.public_id
    request = requests_on(ref_of(record))[0]
    assert PressRequest.objects.get().content["values"]["papers"] == [file.public_id]
    assert "借用書.pdf" in request.content_text
    decide(by=lent.colleague, request=request, outcome=Outcome.APPROVED, comment="", clock=CLOCK)
    assert Record.objects.get().values["state"] == "out"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (pdf(), "a.pdf"),
        (b"<script>", "a.jpg"),
        (b"MZ\x90\x00", "a.exe"),
        (b"", "a.jpg"),
        (picture(), "123456789018.jpg"),
    ],
)
def test_what_is_no_photo_is_refused_at_its_field_and_nothing_moves(lent, content, name) -> None:
    record = lent.add(by=lent.colleague, price=5000)
    typed = {"version": "1", "f_due_on": "2027-03-20", "f_photos": [SimpleUploadedFile(name, content)]}
    shown = sit(lent, "総務 課長").post(at(lent, record), typed)
    assert shown.status_code == 422 and "field__error" in text(shown)
    assert Record.objects.get().version == 1 and not StoredFile.objects.filter(owner_kind="appbuilder.record").exists()


def test_a_virus_in_a_paper_is_refused_and_nobody_is_asked(lent, settings) -> None:
    record = lent.add(by=lent.maker, price=200_000)
    paper = SimpleUploadedFile("借用書.pdf", pdf() + VIRUS)
    with running() as (address, _):
        settings.YAKUBA_CLAMAV = address
        shown = sit(lent, "行政 主事").post(at(lent, record, "ask"), {"version": "1", "f_papers": [paper]})
    assert shown.status_code == 422 and "ウイルス" in text(shown)
    assert not StoredFile.objects.exists() and not PressRequest.objects.exists()


def test_who_may_not_press_stores_no_file_and_nobody_draws_in_a_file_of_others(lent) -> None:
    record = lent.add(by=lent.colleague, price=5000)
    lent.permit(
        {"name": "自分の課", "staff": [lent.hall.staff["総務 課長"].public_id], "create": True, "edit": True},
        {"name": "管理する人", "staff": [lent.hall.staff["教育 主事"].public_id]},
        ALL,
    )
    typed = {"version": "1", "f_due_on": "2027-03-20", "f_photos": [jpeg()]}
    assert sit(lent, "財政 主事").post(at(lent, record), typed).status_code == 403
    assert not StoredFile.objects.exists() and Record.objects.get().version == 1
    foreign = sent(lent.maker, picture("JPEG"), "秘密.jpg")
    typed = {"version": "1", "f_due_on": "2027-03-20", "f_photos__kept": [foreign.public_id]}
    shown = sit(lent, "総務 課長").post(at(lent, record), typed)
    assert shown.status_code == 422 and "秘密" not in text(shown) and Record.objects.get().version == 1
