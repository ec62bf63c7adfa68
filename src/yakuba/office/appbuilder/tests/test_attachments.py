"""Files and photos of a record: who brings them in, who opens them, and what becomes of them."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from PIL import Image

from yakuba.kernel.access.api import NotVisible
from yakuba.kernel.files.api import file_link, get_for, read_content, receive_file
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.tests.making import pdf, phone_photo, picture
from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.models import Record
from yakuba.office.appbuilder.rules.definition import AppField, FieldType
from yakuba.office.appbuilder.rules.values import Names, converted, from_text, in_words, is_shaped
from yakuba.office.appbuilder.services import RecordFault, change_record, delete_record, go_back, restore_record
from yakuba.office.appbuilder.tests.world import CLOCK, FIELDS, sit

PAPERS = {"key": "papers", "label": "書類", "type": "files"}
PHOTOS = {"key": "photos", "label": "現場の写真", "type": "photos", "in_list": True}
ALL = {"name": "全員", "everybody": True, "create": True, "edit": True}


@pytest.fixture
def album(desk: Any) -> Any:
    """The desk with files and photos."""
    desk.publish([*FIELDS, PAPERS, PHOTOS])
    return desk


def at(desk: Any, path: str = "") -> str:
    return f"/office/apps/{desk.app.public_id}/{path}"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def jpeg(name: str = "現場.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture("JPEG"))


def sent(by: Any, content: bytes = b"", name: str = "a.pdf") -> StoredFile:
    return receive_file(by=by, stream=content or pdf(), filename=name, clock=CLOCK)


def with_photo(desk: Any, **values: Any) -> tuple[Record, StoredFile]:
    file = sent(desk.maker, picture("JPEG"), "机.jpg")
    return desk.add(photos=[file.public_id], **values), StoredFile.objects.get(pk=file.pk)


class TestTheRules:
    PHOTO = AppField(key="photos", label="写真", type=FieldType.PHOTOS)
    FILE = AppField(key="photos", label="写真", type=FieldType.FILES)
    ONE, TWO = "a" * 16, "b" * 16

    @pytest.mark.parametrize("value", [[], ["x"], "a" * 16, [1], ["a" * 16] * 2, [f"{n:016}" for n in range(21)], {}])
    def test_a_value_is_a_list_of_different_files(self, value) -> None:
        assert not is_shaped(self.PHOTO, value)
        assert is_shaped(self.PHOTO, [self.ONE, self.TWO])

    def test_are_called_by_name(self) -> None:
        assert in_words(self.FILE, [self.ONE, self.TWO], Names(files={self.ONE: "図.pdf"})) == "図.pdf、（ファイル）"

    def test_no_sheet_brings_them_in(self) -> None:
        with pytest.raises(Refusal, match="表からは入れられません"):
            from_text(self.FILE, self.ONE)

    def test_photos_become_files_and_nothing_else(self) -> None:
        assert converted(self.PHOTO, self.FILE, [self.ONE]) == [self.ONE]
        for before, after in (
            (self.FILE, self.PHOTO),
            (self.FILE, AppField(key="x", label="x", type=FieldType.SHORT_TEXT)),
            (AppField(key="x", label="x", type=FieldType.SHORT_TEXT), self.FILE),
        ):
            with pytest.raises(Refusal):
                converted(before, after, [self.ONE] if before.type.holds_files else "字")


class TestSending:
    def test_several_are_sent_shown_and_taken_out_again(self, album) -> None:
        maker = sit(album, "行政 主事")
        typed = {"f_item": "机", "f_state": "in", "f_photos": [jpeg(), jpeg("裏.jpg")]}
        made = maker.post(at(album, "new/"), typed)
        assert made.status_code == 302, text(made)
        record = Record.objects.get()
        _, second = record.values["photos"]
        assert {one.owner_id for one in StoredFile.objects.all()} == {record.public_id}
        shown = text(maker.get(made.url))
        assert "現場.jpg" in shown and "裏.jpg" in shown and shown.count("photos__picture") == 2
        link = re.search(r'src="(/office/files/[^"]+)"', shown)
        assert link and maker.get(link[1]).headers["Content-Type"] == "image/jpeg"
        kept = {"f_item": "机", "f_state": "in", "f_photos__kept": [second], "version": "1"}
        assert maker.post(at(album, f"r/{record.public_id}/change/"), kept).status_code == 302
        assert Record.objects.get().values["photos"] == [second]
        assert "現場.jpg" in text(maker.get(made.url))  # in the history, by name

    def test_nothing_sent_is_lost_when_another_field_is_wrong(self, album) -> None:
        maker = sit(album, "行政 主事")
        shown = maker.post(at(album, "new/"), {"f_item": "", "f_photos": [jpeg()]})
        assert shown.status_code == 422 and "現場.jpg" in text(shown)
        (file,) = StoredFile.objects.all()
        again = {"f_item": "机", "f_state": "in", "f_photos__kept": [file.public_id]}
        assert maker.post(at(album, "new/"), again).status_code == 302
        assert Record.objects.get().values["photos"] == [file.public_id]

    def test_a_photo_keeps_neither_place_nor_time(self, album) -> None:
        sit(album, "行政 主事").post(
            at(album, "new/"),
            {"f_item": "机", "f_state": "in", "f_photos": [SimpleUploadedFile("p.jpg", phone_photo())]},
        )
        assert not Image.open(io.BytesIO(read_content(StoredFile.objects.get()))).getexif()

    @pytest.mark.parametrize(
        ("field", "content", "name"),
        [
            ("f_photos", pdf(), "a.pdf"),
            ("f_photos", b"<script>", "a.jpg"),
            ("f_papers", b"MZ\x90\x00", "a.exe"),
            ("f_papers", b"PK\x03\x04", "a.zip"),
            ("f_papers", b"", "a.pdf"),
            ("f_papers", pdf(), "123456789018.pdf"),
        ],
    )
    def test_what_is_none_is_refused_at_its_field(self, album, field, content, name) -> None:
        typed = {"f_item": "机", "f_state": "in", field: [SimpleUploadedFile(name, content)]}
        shown = sit(album, "行政 主事").post(at(album, "new/"), typed)
        assert shown.status_code == 422 and "field__error" in text(shown)
        assert not Record.objects.exists()

    def test_a_required_one_is_asked_for(self, desk) -> None:
        desk.publish([*FIELDS, {**PHOTOS, "required": True}])
        shown = sit(desk, "行政 主事").post(at(desk, "new/"), {"f_item": "机", "f_state": "in"})
        assert shown.status_code == 422 and "「現場の写真」を付けてください" in text(shown)

    def test_are_not_asked_of_a_sheet(self, desk) -> None:
        desk.publish([*FIELDS, {**PHOTOS, "required": True}])
        book = Workbook()
        for row in (["品名", "現場の写真"], ["机", "a.jpg"]):
            book.active.append(row)
        out = io.BytesIO()
        book.save(out)
        maker = sit(desk, "行政 主事")
        checked = maker.post(at(desk, "import/"), {"sheet": SimpleUploadedFile("a.xlsx", out.getvalue())})
        assert "取り込まない列：現場の写真" in text(maker.get(checked.url))
        assert maker.post(checked.url).status_code == 302


class TestOneOpensOnlyWhatOneSees:
    def test_through_the_record_and_the_field(self, album) -> None:
        record, file = with_photo(album)
        with pytest.raises(NotVisible):
            get_for(album.stranger, file.public_id)
        album.permit({**ALL})
        assert get_for(album.stranger, file.public_id) == file
        album.permit({**ALL, "columns": {"photos": "hide"}})
        with pytest.raises(NotVisible):
            get_for(album.stranger, file.public_id)
        album.permit({**ALL, "rows": "own"})
        with pytest.raises(NotVisible):
            get_for(album.stranger, file.public_id)
        assert get_for(album.maker, file.public_id) == file
        assert record.values["photos"] == [file.public_id]

    def test_an_address_made_for_another_person_opens_nothing(self, album) -> None:
        _, file = with_photo(album)
        album.permit({**ALL})
        stranger = sit(album, "財政 主事")
        assert stranger.get(file_link(file, to=album.maker, purpose="x")).status_code == 404
        own = file_link(file, to=album.stranger, purpose="x")
        assert stranger.get(own).status_code == 200
        album.permit({**ALL, "columns": {"photos": "hide"}})
        assert stranger.get(own).status_code == 404

    def test_a_file_is_not_drawn_into_another_field_or_record(self, album) -> None:
        record, file = with_photo(album)
        other = album.add()
        album.permit({**ALL, "columns": {"photos": "hide"}})
        for target in (record, other):
            with pytest.raises(RecordFault, match="見つかりません"):
                change_record(
                    by=album.stranger, record=target, values={"papers": [file.public_id]}, version=1, clock=CLOCK
                )
        foreign = sent(album.maker)
        with pytest.raises(RecordFault, match="見つかりません"):
            change_record(
                by=album.stranger, record=other, values={"papers": [foreign.public_id]}, version=1, clock=CLOCK
            )

    def test_names_of_other_peoples_files_are_not_told_by_the_form(self, album) -> None:
        foreign = sent(album.maker, name="秘密の計画.pdf")
        album.permit({**ALL})
        typed = {"f_item": "", "f_papers__kept": [foreign.public_id, "../etc", ""]}
        shown = sit(album, "財政 主事").post(at(album, "new/"), typed)
        assert shown.status_code == 422 and "秘密の計画" not in text(shown)


class TestWhatBecomesOfThem:
    def test_one_taken_out_opens_to_nobody_until_the_record_goes_back(self, album) -> None:
        record, file = with_photo(album)
        change_record(by=album.maker, record=record, values={"photos": None}, version=1, clock=CLOCK)
        with pytest.raises(NotVisible):
            get_for(album.maker, file.public_id)
        go_back(by=album.maker, record=record, to=1, version=2, clock=CLOCK)
        assert get_for(album.maker, file.public_id) == file

    def test_those_of_a_deleted_record_are_closed_until_it_comes_back(self, album) -> None:
        record, file = with_photo(album)
        delete_record(by=album.maker, record=record, version=1, clock=CLOCK)
        with pytest.raises(NotVisible):
            get_for(album.maker, file.public_id)
        restore_record(by=album.maker, record=record, clock=CLOCK)
        assert get_for(album.maker, file.public_id) == file

    def test_those_of_a_removed_field_are_closed_until_it_comes_back(self, album) -> None:
        _, file = with_photo(album)
        album.publish(FIELDS)
        with pytest.raises(NotVisible):
            get_for(album.maker, file.public_id)
        album.publish([*FIELDS, PHOTOS])
        assert get_for(album.maker, file.public_id) == file

    def test_a_file_written_out_is_its_name(self, album) -> None:
        with_photo(album)
        sheet = load_workbook(io.BytesIO(sit(album, "行政 主事").get(at(album), {"export": "xlsx"}).content)).active
        heads, row = [[cell.value for cell in line] for line in sheet.iter_rows(max_row=2)]
        assert dict(zip(heads, row, strict=True))["現場の写真"] == "机.jpg"
