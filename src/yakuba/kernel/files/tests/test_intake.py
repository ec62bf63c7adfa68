"""What may come in, what is refused, and how the refusal helps."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from yakuba.kernel.files.intake.inspect import DEFAULT_LIMITS, inspect
from yakuba.kernel.files.intake.limits import Kind, Limits
from yakuba.kernel.files.intake.refusals import FileRefused, Reason
from yakuba.kernel.files.tests import making

SAMPLES = Path(__file__).parent / "samples"
WORD_RELS = "word/_rels/document.xml.rels"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def refused(content: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        inspect(content, name, limits)
    return caught.value


@pytest.mark.parametrize(
    ("content", "name", "kind", "media_type"),
    [
        (making.picture("JPEG"), "写真.jpg", Kind.JPEG, "image/jpeg"),
        (making.picture("PNG"), "図.png", Kind.PNG, "image/png"),
        (making.picture("WEBP"), "図.webp", Kind.WEBP, "image/webp"),
        (making.picture("GIF", mode="P"), "図.gif", Kind.PNG, "image/png"),
        (making.pdf(3), "申請書.pdf", Kind.PDF, "application/pdf"),
        (making.word(), "起案.docx", Kind.DOCX, Kind.DOCX.media_type),
        (making.excel(), "名簿.xlsx", Kind.XLSX, Kind.XLSX.media_type),
        ("氏名,金額\n髙橋,10\n".encode("cp932"), "一覧.csv", Kind.CSV, "text/csv"),
        ("メモ".encode("utf-8-sig"), "メモ.txt", Kind.TEXT, "text/plain"),
        ("メモ".encode("utf-16"), "メモ.txt", Kind.TEXT, "text/plain"),
    ],
)
def test_a_file_of_every_allowed_kind_is_taken_in(content: bytes, name: str, kind: Kind, media_type: str) -> None:
    taken = inspect(content, name)
    assert (taken.kind, taken.media_type) == (kind, media_type)
    assert taken.size == len(taken.content) > 0


def test_an_iphone_photo_becomes_a_jpeg_that_every_clerk_can_open() -> None:
    taken = inspect((SAMPLES / "photo.heic").read_bytes(), "IMG_0001.HEIC")
    assert (taken.kind, taken.name) == (Kind.JPEG, "IMG_0001.jpg")
    with Image.open(io.BytesIO(taken.content)) as picture:
        assert picture.size == (64, 48)
        red, green, _blue = picture.convert("RGB").getpixel((60, 4))
        assert red > 200 and green < 60


def test_documents_keep_every_byte() -> None:
    for content, name in (
        (making.pdf(), "a.pdf"),
        (making.word(), "a.docx"),
        (b"a,b\r\n", "a.csv"),
    ):
        assert inspect(content, name).content == content


def test_a_stream_is_read_only_as_far_as_the_limit() -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1, /) -> bytes:
            assert size > 0
            return b"x" * size

    with pytest.raises(FileRefused) as caught:
        inspect(Endless(), "大.txt", Limits(max_bytes=1000))
    assert caught.value.reason is Reason.TOO_LARGE


class TestPictures:
    def test_place_maker_and_comment_are_gone_and_the_photo_stands_upright(
        self,
    ) -> None:
        sent = making.phone_photo(orientation=6)
        assert b"SecretPhone" in sent
        taken = inspect(sent, "photo.jpg")
        assert (taken.width, taken.height) == (40, 60)
        assert b"SecretPhone" not in taken.content and b"taken at home" not in taken.content
        with Image.open(io.BytesIO(taken.content)) as picture:
            assert dict(picture.getexif()) == {}
            assert "comment" not in picture.info
            top, bottom = picture.getpixel((20, 5)), picture.getpixel((20, 55))
        assert top[1] < 80 and bottom[1] > 200  # the red strip was at the left and is now on top

    @pytest.mark.parametrize("kind", ["PNG", "WEBP"])
    def test_exif_is_gone_from_every_format(self, kind: str) -> None:
        exif = Image.Exif()
        exif[0x010F] = "SecretPhone"
        taken = inspect(making.picture(kind, exif=exif.tobytes()), "a")
        assert b"SecretPhone" not in taken.content

    def test_transparency_stays(self) -> None:
        out = io.BytesIO()
        Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(out, "PNG")
        with Image.open(io.BytesIO(inspect(out.getvalue(), "印影.png").content)) as picture:
            assert picture.convert("RGBA").getpixel((0, 0))[3] == 0

    def test_sixteen_bit_and_cmyk_pictures_are_readable_afterwards(self) -> None:
        deep = io.BytesIO()
        Image.new("I;16", (2, 2), 40_000).save(deep, "PNG")
        with Image.open(io.BytesIO(inspect(deep.getvalue(), "a.png").content)) as picture:
            assert abs(picture.convert("L").getpixel((0, 0)) - 40_000 // 256) <= 1
        with Image.open(io.BytesIO(inspect(making.picture("JPEG", mode="CMYK"), "a.jpg").content)) as picture:
            assert picture.mode == "RGB"

    def test_a_large_photo_is_scaled_down_and_the_sender_is_told(self) -> None:
        for kind, name in (("JPEG", "大.jpg"), ("PNG", "大.png")):
            taken = inspect(making.picture(kind, (1000, 500)), name, Limits(longest_side=400))
            assert (taken.width, taken.height) == (400, 200)
            assert "縮めました" in taken.notes[0]

    def test_of_an_animation_the_first_picture_is_kept(self) -> None:
        out = io.BytesIO()
        first, second = Image.new("RGB", (9, 9), "red"), Image.new("RGB", (9, 9), "blue")
        first.save(out, "GIF", save_all=True, append_images=[second])
        taken = inspect(out.getvalue(), "動.gif")
        assert taken.name == "動.png" and "最初の一枚" in taken.notes[0]

    def test_too_many_pixels_are_refused_before_decoding(self) -> None:
        header = making.picture("PNG", (10, 10))
        huge = header[:16] + struct.pack(">II", 60_000, 60_000) + header[24:29]
        huge += struct.pack(">I", zlib.crc32(huge[12:29])) + header[33:]
        assert refused(huge, "爆弾.png").reason is Reason.TOO_MANY_PIXELS
        assert (
            refused(making.picture("PNG", (200, 200)), "a.png", Limits(max_pixels=100)).reason is Reason.TOO_MANY_PIXELS
        )

    def test_a_cut_off_photo_is_refused(self) -> None:
        photo = making.picture("JPEG", (600, 400))
        assert refused(photo[: len(photo) // 2], "途中.jpg").reason is Reason.BROKEN

    def test_random_bytes_under_a_picture_header_are_refused(self) -> None:
        for head in (
            b"\xff\xd8\xff\xe0",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"RIFF\x10\0\0\0WEBP",
            b"\0\0\0\x18ftypheic",
        ):
            assert refused(head + bytes(range(256)) * 4, "偽.jpg").reason is Reason.BROKEN


class TestPdf:
    def test_javascript_is_refused_with_a_way_out(self) -> None:
        answer = refused(making.pdf_with_script(), "申請.pdf")
        assert answer.reason is Reason.ACTIVE_CONTENT
        assert "「申請.pdf」" in answer.message and "JavaScript" in answer.message
        assert answer.hint and "PDF に保存" in answer.hint

    @pytest.mark.parametrize(
        "action",
        [
            {"/S": "/Launch", "/F": "cmd.exe"},
            {"/S": "/JavaScript", "/JS": "app.alert(1)"},
            {"/S": "/SubmitForm", "/F": "http://example.com/"},
            {"/S": "/GoToE", "/T": "x"},
        ],
    )
    def test_actions_that_start_or_send_something_are_refused(self, action: dict[str, str]) -> None:
        assert refused(making.pdf_with_open_action(action), "a.pdf").reason is Reason.ACTIVE_CONTENT

    def test_an_action_that_only_turns_to_a_page_is_harmless(self) -> None:
        assert inspect(making.pdf_with_open_action({"/S": "/GoTo", "/D": "first"}), "a.pdf").pages == 1

    def test_names_written_with_escapes_do_not_hide_a_script(self) -> None:
        plain = making.pdf_with_open_action({"/S": "/JavaScript", "/JS": "app.alert(1)"})
        hidden = plain.replace(b"/JavaScript", b"/J#61v#61Script").replace(b"/JS ", b"/J#53 ")
        assert refused(hidden, "a.pdf").reason is Reason.ACTIVE_CONTENT

    def test_a_script_in_an_older_revision_is_found(self) -> None:
        old = making.pdf()
        orphan = b"\n99 0 obj\n<< /S /JavaScript /JS (app.alert(1)) >>\nendobj\n"
        position = old.rfind(b"startxref")
        assert refused(old[:position] + orphan + old[position:], "a.pdf").reason is Reason.ACTIVE_CONTENT

    def test_embedded_files_are_refused(self) -> None:
        assert refused(making.pdf_with_attachment(), "a.pdf").reason is Reason.EMBEDDED_OBJECT

    def test_a_password_is_named_as_the_reason(self) -> None:
        answer = refused(making.locked_pdf(), "a.pdf")
        assert answer.reason is Reason.ENCRYPTED and "パスワード" in answer.message

    def test_pages_are_counted_and_limited(self) -> None:
        assert inspect(making.pdf(3), "a.pdf").pages == 3
        assert refused(making.pdf(3), "a.pdf", Limits(max_pages=2)).reason is Reason.TOO_MANY_PAGES

    def test_a_broken_pdf_is_refused(self) -> None:
        assert refused(b"%PDF-1.7\n" + b"\x00\x01" * 200, "a.pdf").reason is Reason.BROKEN


class TestPolyglots:
    def test_a_picture_or_pdf_that_is_also_a_zip_is_refused(self) -> None:
        tail = making.zipped({"evil.class": b"\xca\xfe\xba\xbe"})
        for content, name in (
            (making.picture("JPEG"), "a.jpg"),
            (making.picture("GIF", mode="P"), "a.gif"),
            (making.picture("PNG"), "a.png"),
            (making.pdf(), "a.pdf"),
        ):
            assert refused(content + tail, name).reason is Reason.POLYGLOT

    def test_a_gif_that_is_also_a_script_is_refused(self) -> None:
        gif = making.picture("GIF", (0x2A2F, 1), mode="P")  # the width spells "/*" in the header
        assert gif[6:8] == b"/*"
        assert refused(gif + b"*/=1;alert(document.domain)", "a.gif").reason is Reason.POLYGLOT

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
    def test_a_script_behind_a_picture_is_refused(self, kind: str) -> None:
        content = making.picture(kind, mode="P" if kind == "GIF" else "RGB")
        assert refused(content + b"<script>alert(1)</script>", "a.img").reason is Reason.POLYGLOT

    def test_a_page_in_the_head_of_a_picture_is_refused(self) -> None:
        assert refused(making.picture("JPEG", comment=b"<html><script>"), "a.jpg").reason is Reason.POLYGLOT

    def test_a_pdf_header_inside_a_picture_is_refused(self) -> None:
        assert refused(making.picture("JPEG", comment=b"%PDF-1.4 1 0 obj"), "a.jpg").reason is Reason.POLYGLOT

    def test_bytes_that_a_telephone_leaves_behind_a_photo_do_no_harm_and_are_dropped(
        self,
    ) -> None:
        trailer = b"SEFH" + bytes(range(200, 256)) * 10
        assert b"SEFH" not in inspect(making.picture("JPEG") + trailer, "a.jpg").content

    def test_a_pdf_hidden_behind_other_bytes_is_not_a_pdf(self) -> None:
        assert refused(b"MZ" + b"\x90" * 40 + making.pdf(), "a.pdf").reason is Reason.UNSUPPORTED


class TestOffice:
    @pytest.mark.parametrize(
        ("part", "content_type"),
        [
            ("word/vbaProject.bin", "application/vnd.ms-office.vbaProject"),
            ("word/vbaData.xml", "application/vnd.ms-word.vbaData+xml"),
            ("xl/macrosheets/sheet1.xml", "application/vnd.ms-excel.macrosheet+xml"),
        ],
    )
    def test_macros_are_refused(self, part: str, content_type: str) -> None:
        assert refused(making.with_content_type(making.word(), part, content_type), "a.docx").reason is Reason.MACRO

    def test_a_macro_document_renamed_to_docx_is_refused(self) -> None:
        types = making.member(making.word(), "[Content_Types].xml")
        macro = types.replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        )
        answer = refused(
            making.repacked(making.word(), changed={"[Content_Types].xml": macro}),
            "a.docx",
        )
        assert answer.reason is Reason.MACRO and answer.hint and ".docx" in answer.hint

    def test_a_hidden_macro_part_without_its_content_type_is_refused(self) -> None:
        assert (
            refused(
                making.repacked(making.excel(), added={"xl/VBAPROJECT.BIN": b"x"}),
                "a.xlsx",
            ).reason
            is Reason.MACRO
        )

    @pytest.mark.parametrize(
        ("kind", "target"),
        [
            (RELATION + "/attachedTemplate", "http://example.com/evil.dotm"),
            (RELATION + "/attachedTemplate", r"\\server\share\evil.dotm"),
            (RELATION + "/image", "http://example.com/pixel.png"),
            (RELATION + "/frame", "http://example.com/"),
            (RELATION + "/subDocument", "file://server/a.docx"),
            (making.HYPERLINK, "file://server/share/a.exe"),
            (making.HYPERLINK, "javascript:alert(1)"),
            (making.HYPERLINK, "ms-msdt:/id PCWDiagnostic"),
        ],
    )
    def test_whatever_reaches_outside_is_refused(self, kind: str, target: str) -> None:
        assert (
            refused(making.with_relation(making.word(), WORD_RELS, kind, target), "a.docx").reason
            is Reason.EXTERNAL_LINK
        )

    def test_ordinary_hyperlinks_and_the_writers_own_template_are_fine(self) -> None:
        for kind, target in (
            (making.HYPERLINK, "https://www.example.jp/"),
            (making.HYPERLINK, "mailto:soumu@example.jp"),
            (RELATION + "/attachedTemplate", "file:///C:\\Users\\yakuba\\Normal.dotm"),
        ):
            assert (
                inspect(
                    making.with_relation(making.word(), WORD_RELS, kind, target),
                    "a.docx",
                ).kind
                is Kind.DOCX
            )

    def test_ole_objects_and_activex_are_refused(self) -> None:
        ole = making.with_relation(
            making.word(),
            WORD_RELS,
            RELATION + "/oleObject",
            "embeddings/x.bin",
            external=False,
        )
        assert refused(ole, "a.docx").reason is Reason.EMBEDDED_OBJECT
        for part in ("word/embeddings/oleObject1.bin", "word/activeX/activeX1.xml"):
            assert refused(
                making.repacked(making.word(), added={part: b"\xd0\xcf\x11\xe0"}),
                "a.docx",
            ).reason is (Reason.EMBEDDED_OBJECT)

    def test_the_workbook_behind_a_chart_is_checked_and_allowed(self) -> None:
        chart = "word/embeddings/Microsoft_Excel_Sheet.xlsx"
        assert inspect(making.repacked(making.word(), added={chart: making.excel()}), "a.docx").kind is Kind.DOCX
        evil = making.repacked(making.excel(), added={"xl/vbaProject.bin": b"x"})
        assert refused(making.repacked(making.word(), added={chart: evil}), "a.docx").reason is Reason.MACRO

    def test_links_to_other_workbooks_are_refused(self) -> None:
        linked = making.repacked(
            making.excel(),
            added={"xl/externalLinks/externalLink1.xml": b"<externalLink/>"},
        )
        assert refused(linked, "a.xlsx").reason is Reason.EXTERNAL_LINK

    @pytest.mark.parametrize("formula", ['=WEBSERVICE("http://x/")', "=cmd|'/c calc'!A0", '=RTD("a","","b")'])
    def test_formulas_that_call_out_are_refused(self, formula: str) -> None:
        assert refused(making.excel(formula), "a.xlsx").reason is Reason.ACTIVE_CONTENT

    def test_ordinary_formulas_are_fine(self) -> None:
        assert inspect(making.excel('=IF(SUM(A2:A9)>0,VLOOKUP(B1,C1:D9,2,FALSE),"")'), "a.xlsx").kind is Kind.XLSX

    @pytest.mark.parametrize(
        "runs",
        [
            ["DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe"],
            ["DD", "EAU", "TO cmd"],
            [' INCLUDEPICTURE "http://x/"'],
            ["QUOTE 68 68 69"],
        ],
    )
    def test_fields_that_start_or_fetch_something_are_refused_even_when_split(self, runs: list[str]) -> None:
        word = making.word("ここ")
        field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        field += "".join(f"<w:r><w:instrText>{run.replace('&', '&amp;')}</w:instrText></w:r>" for run in runs)
        field += '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        body = making.member(word, "word/document.xml").decode().replace("</w:p>", field + "</w:p>", 1)
        assert refused(
            making.repacked(word, changed={"word/document.xml": body.encode()}),
            "a.docx",
        ).reason is (Reason.ACTIVE_CONTENT)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_entities_are_refused_in_every_encoding_and_part(self, encoding: str) -> None:
        bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode(encoding)
        for package, part in (
            (making.word(), "word/styles.xml"),
            (making.word(), "[Content_Types].xml"),
            (making.word(), WORD_RELS),
            (making.excel(), "xl/workbook.xml"),
        ):
            assert refused(making.repacked(package, changed={part: bomb}), "a.docx").reason is Reason.HOSTILE_XML

    def test_templates_are_told_how_to_become_documents(self) -> None:
        types = making.member(making.word(), "[Content_Types].xml").replace(b"document.main", b"template.main")
        answer = refused(
            making.repacked(making.word(), changed={"[Content_Types].xml": types}),
            "a.dotx",
        )
        assert answer.reason is Reason.UNSUPPORTED and answer.hint and "名前を付けて保存" in answer.hint

    def test_old_and_locked_documents_get_their_own_words(self) -> None:
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
        assert ".docx" in (refused(ole, "a.doc").hint or "")
        locked = refused(ole + "EncryptedPackage".encode("utf-16-le"), "a.docx")
        assert locked.reason is Reason.ENCRYPTED


class TestArchives:
    ZIP = Limits(allow=frozenset(Kind))

    def test_zip_is_off_unless_the_place_allows_it(self) -> None:
        archive = making.zipped({"写真.jpg": making.picture()})
        assert refused(archive, "a.zip").reason is Reason.UNSUPPORTED
        assert inspect(archive, "a.zip", self.ZIP).kind is Kind.ZIP

    def test_every_member_must_be_something_that_could_be_sent_by_itself(self) -> None:
        answer = refused(
            making.zipped({"a.jpg": making.picture(), "b.exe": b"MZ\x90"}),
            "a.zip",
            self.ZIP,
        )
        assert answer.reason is Reason.UNSUPPORTED and "b.exe" in answer.message and "a.zip" in answer.message

    def test_archives_in_archives_are_refused(self) -> None:
        inner = making.zipped({"a.txt": b"a"})
        assert refused(making.zipped({"inner.zip": inner}), "a.zip", self.ZIP).reason is Reason.ZIP_BOMB
        assert (
            refused(
                making.zipped({"inner.txt": b"\x1f\x8b\x08" + b"\0" * 20}),
                "a.zip",
                self.ZIP,
            ).reason
            is Reason.ZIP_BOMB
        )

    def test_a_bomb_is_refused_by_ratio_by_size_and_by_number(self) -> None:
        assert refused(making.zipped({"0.txt": b"0" * 5_000_000}), "a.zip", self.ZIP).reason is Reason.ZIP_BOMB
        many = making.zipped({f"{number}.txt": b"a" for number in range(60)})
        assert refused(many, "a.zip", Limits(allow=frozenset(Kind), max_entries=50)).reason is Reason.ZIP_BOMB
        small = Limits(allow=frozenset(Kind), max_unpacked=1000)
        assert (
            refused(
                making.zipped({"a.txt": b"a" * 600, "b.txt": b"b" * 600}),
                "a.zip",
                small,
            ).reason
            is Reason.ZIP_BOMB
        )

    def test_a_bomb_inside_a_word_file_is_refused(self) -> None:
        bomb = making.repacked(
            making.word(),
            added={"word/media/x.xml": b"<a>" + b" " * 9_000_000 + b"</a>"},
        )
        assert refused(bomb, "a.docx").reason is Reason.ZIP_BOMB

    def test_a_member_that_lies_about_its_size_is_refused(self) -> None:
        honest = making.zipped({"a.txt": b"a" * 5000})
        lying = honest.replace(struct.pack("<I", 5000), struct.pack("<I", 50))
        assert refused(lying, "a.zip", self.ZIP).reason in (
            Reason.ZIP_BOMB,
            Reason.BROKEN,
        )

    def test_members_that_share_their_bytes_are_refused(self) -> None:
        archive = bytearray(making.zipped({"a.txt": b"a" * 900, "b.txt": b"b" * 900}))
        first = archive.find(b"PK\x01\x02")
        second = archive.find(b"PK\x01\x02", first + 4)
        archive[second + 42 : second + 46] = archive[first + 42 : first + 46]
        assert refused(bytes(archive), "a.zip", self.ZIP).reason in (
            Reason.ZIP_BOMB,
            Reason.BROKEN,
        )

    @pytest.mark.parametrize(
        "path",
        [
            "../../etc/passwd.txt",
            "/etc/a.txt",
            "..\\a.txt",
            "C:\\a.txt",
            "a/../../b.txt",
        ],
    )
    def test_paths_that_lead_outside_are_refused(self, path: str) -> None:
        assert refused(making.zipped({path: b"a"}), "a.zip", self.ZIP).reason is Reason.HOSTILE_ARCHIVE

    def test_two_members_of_one_name_are_refused(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("a.txt", b"1")
            with pytest.warns(UserWarning):
                archive.writestr("a.txt", b"2")
        assert refused(out.getvalue(), "a.zip", self.ZIP).reason is Reason.HOSTILE_ARCHIVE

    def test_a_password_is_named(self) -> None:
        locked = bytearray(making.zipped({"a.txt": b"a"}))
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            locked[locked.find(mark) + offset] |= 1
        assert refused(bytes(locked), "a.zip", self.ZIP).reason is Reason.ENCRYPTED


class TestOtherThings:
    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"MZ\x90\x00", "setup.exe"),
            (b"MZ\x90\x00", "photo.jpg"),
            (b"\x7fELF", "a.pdf"),
            (b"<html><body>", "a.html"),
            (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "a.svg"),
            (b"<?xml version='1.0'?><a/>", "a.xml"),
            (b"#!/bin/sh\n", "a.sh"),
            (b"alert(1)", "a.js"),
            (b"\x1f\x8b\x08", "a.tar.gz"),
            (b"plain", "noextension"),
        ],
    )
    def test_kinds_outside_the_list_are_refused_by_content(self, content: bytes, name: str) -> None:
        answer = refused(content, name)
        assert answer.reason is Reason.UNSUPPORTED
        assert f"「{name}」" in answer.message and answer.hint and "送れるのは" in answer.hint

    def test_nothing_is_not_a_file(self) -> None:
        assert refused(b"", "空.pdf").reason is Reason.EMPTY

    @pytest.mark.parametrize("content", [b"a\x00b", b"\x1b[31m", b"\x81\xff\xfe\x80"])
    def test_binary_under_a_text_name_is_refused(self, content: bytes) -> None:
        assert refused(content, "a.csv").reason is Reason.BROKEN

    def test_a_page_under_a_text_name_is_refused(self) -> None:
        assert refused("﻿ <script>alert(1)</script>".encode(), "a.txt").reason is Reason.UNSUPPORTED

    def test_a_place_that_takes_only_pictures_says_so(self) -> None:
        answer = refused(making.pdf(), "a.pdf", Limits().allowing(Kind.JPEG, Kind.PNG))
        assert answer.hint == "送れるのは、JPEG 画像、PNG 画像（20 MB まで）です。"

    @settings(max_examples=300, deadline=None)
    @given(
        st.binary(max_size=400),
        st.sampled_from([b"", b"\xff\xd8\xff", b"%PDF-1.4\n", b"PK\x03\x04", b"GIF89a"]),
        st.text(max_size=40),
    )
    def test_whatever_is_sent_is_taken_or_refused_and_never_breaks(self, tail: bytes, head: bytes, name: str) -> None:
        try:
            inspect(head + tail, name)
        except FileRefused as answer:
            assert answer.message and answer.hint

    @settings(max_examples=120, deadline=None)
    @given(st.data())
    def test_one_changed_byte_in_a_good_file_is_taken_or_refused_and_never_breaks(self, data: st.DataObject) -> None:
        good = data.draw(st.sampled_from(GOOD))
        position = data.draw(st.integers(0, len(good) - 1))
        damaged = good[:position] + bytes([data.draw(st.integers(0, 255))]) + good[position + 1 :]
        try:
            inspect(damaged, "a.csv", Limits(allow=frozenset(Kind)))
        except FileRefused as answer:
            assert answer.message and answer.hint


GOOD = (
    making.picture("JPEG"),
    making.picture("PNG"),
    making.picture("WEBP"),
    making.picture("GIF", mode="P"),
    making.pdf(),
    making.word(),
    making.excel(),
    making.zipped({"a.txt": b"a" * 300}),
    (SAMPLES / "photo.heic").read_bytes(),
)
