"""Clerks replace the town's sheets themselves: look, try, use, go back; nobody overwrites anybody unseen."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yakuba.kernel.access.api import VISITOR, NotAllowed, Person, PersonKind, Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.files.tests import making
from yakuba.kernel.identity import middleware
from yakuba.kernel.organisation.models import Authority, Section
from yakuba.kernel.paper.models import Sheet, SheetVersion
from yakuba.kernel.paper.queries import SheetMissing, fill_sheet
from yakuba.kernel.paper.services import ChangedMeanwhile, assign_section, restore_sheet
from yakuba.kernel.paper.sheets import fields
from yakuba.kernel.paper.sheets.fields import FieldKind, SheetField, SheetKind, UnknownSheet, sheet
from yakuba.kernel.values.api import FixedClock, Refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CLOCK = FixedClock(date(2026, 11, 23))
KEEPER = Person(id="keeper", name="事務 花子", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.SECRETARIAT}))
CLERK = Person(id="clerk", name="担当 太郎", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.CLERK}))
AUDITOR = Person(id="auditor", name="監査 一郎", kind=PersonKind.OUTSIDE, roles=frozenset({Role.AUDITOR, Role.IT}))
KEY = "tests.permit"
PERMIT = f"/office/sheets/{KEY}/"


def permit(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def permit_values() -> dict[str, Any]:
    return {}


def lines_of(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> Path:
    """One sheet with a file shipped with the house."""
    settings.YAKUBA_HOME = tmp_path
    settings.YAKUBA_CLAMAV = ""
    monkeypatch.setattr(fields, "_declared", {})
    shipped = tmp_path / "permit.docx"
    shipped.write_bytes(permit("標準 {{氏名}} {{使用日}}"))
    rows = SheetField(
        "明細", "使う部屋", [{"部屋": "大ホール"}], FieldKind.ROWS, (SheetField("部屋", "部屋の名前", "大ホール"),)
    )
    sheet(
        key=KEY,
        title="施設使用許可書",
        kind=SheetKind.WORD,
        number="様式第2号（第5条関係）",
        ground="施設条例施行規則第5条",
        fields=[
            SheetField("氏名", "使う人", "会津 太郎"),
            SheetField("使用日", "使う日", date(2026, 4, 1), FieldKind.DATE),
            rows,
        ],
        default=shipped,
    )(dict)
    return shipped


@pytest.fixture
def be(monkeypatch: pytest.MonkeyPatch) -> Callable[[Person], Client]:
    """A browser of the given person."""

    def browser(person: Person) -> Client:
        monkeypatch.setattr(middleware, "_person", lambda request: person)
        return Client()

    return browser


@pytest.fixture
def section() -> Section:
    with unaudited_writes("test"):
        authority = Authority.objects.create(code="mayor", name="町長部局", head_title="町長")
        return Section.objects.create(code="01", name="総務課", authority=authority, starts_on=date(2020, 4, 1))


def send(browser: Client, content: bytes, name: str = "許可書.docx") -> Any:
    return browser.post(PERMIT, {"file": SimpleUploadedFile(name, content)})


def use(browser: Client, content: bytes, *, seen: int, reason: str = "規則の改正") -> Any:
    return browser.post(send(browser, content).url, {"reason": reason, "seen": seen})


class TestReplacing:
    def test_from_the_upload_over_the_test_print_to_the_new_version(self, be: Callable[[Person], Client]) -> None:
        browser = be(KEEPER)
        answer = send(browser, permit("新しい許可書", "{{氏名}} 様　{{使用目的}}"))
        assert answer.status_code == 302
        trial = browser.get(answer.url)
        page = trial.content.decode()
        assert "使用目的" in page and "使用日、明細、明細の部屋" in page
        tried = browser.get(f"{answer.url}test/")
        assert lines_of(tried.content) == ["新しい許可書", "会津 太郎 様　{{使用目的}}"]
        assert tried["Content-Disposition"].startswith("attachment")
        assert fill_sheet(KEY, {"氏名": "甲"}).content != tried.content  # not in use before somebody decides
        used = browser.post(answer.url, {"reason": "規則の改正（令和8年12月1日施行）", "seen": 0}, follow=True)
        assert "第1版を使い始めました" in used.content.decode()
        filled = fill_sheet(KEY, {"氏名": "髙橋"}, name="使用許可書_髙橋")
        assert lines_of(filled.content)[1] == "髙橋 様　{{使用目的}}"
        assert filled.filename == "使用許可書_髙橋.docx" and filled.check.unknown == (("使用目的", "本文"),)
        version = SheetVersion.objects.get()
        assert (version.number, version.made_name, version.reason) == (
            1,
            "事務 花子",
            "規則の改正（令和8年12月1日施行）",
        )
        assert AuditEvent.objects.filter(verb="paper.replace_sheet", actor="keeper").count() == 1

    def test_until_the_town_has_its_own_the_shipped_sheet_is_filled(self) -> None:
        filled = fill_sheet(KEY, {"氏名": "甲", "使用日": date(2026, 4, 1)})
        assert lines_of(filled.content) == ["標準 甲 令和8年4月1日"]
        assert filled.filename == "施設使用許可書.docx"

    def test_a_sheet_without_any_file_says_where_to_put_one(self, be: Callable[[Person], Client]) -> None:
        sheet(key="tests.none", title="証明書", kind=SheetKind.EXCEL, fields=[SheetField("氏名", "", "")])(dict)
        with pytest.raises(SheetMissing) as caught:
            fill_sheet("tests.none", {})
        assert "証明書" in caught.value.message and "様式" in (caught.value.hint or "")
        assert "様式のファイルがまだありません" in be(KEEPER).get("/office/sheets/tests.none/").content.decode()
        assert "ファイルなし" in be(KEEPER).get("/office/sheets/").content.decode()

    def test_one_goes_back_by_a_new_version_and_to_the_shipped_sheet(self, be: Callable[[Person], Client]) -> None:
        browser = be(KEEPER)
        use(browser, permit("一 {{氏名}}"), seen=0)
        use(browser, permit("二 {{氏名}}"), seen=1)
        assert lines_of(fill_sheet(KEY, {"氏名": "甲"}).content) == ["二 甲"]
        browser.post(f"{PERMIT}restore/", {"number": 1, "seen": 2})
        assert lines_of(fill_sheet(KEY, {"氏名": "甲"}).content) == ["一 甲"]
        browser.post(f"{PERMIT}restore/", {"number": 0, "seen": 3})
        assert lines_of(fill_sheet(KEY, {"氏名": "甲"}).content) == ["標準 甲 "]
        history = list(SheetVersion.objects.order_by("number").values_list("number", "restored"))
        assert history == [(1, None), (2, None), (3, 1), (4, 0)]
        page = browser.get(PERMIT).content.decode()
        assert "第4版" in page and "標準の様式に戻した" in page
        assert lines_of(browser.get(f"{PERMIT}versions/2/").content) == ["二 {{氏名}}"]
        assert lines_of(browser.get(f"{PERMIT}file/").content) == ["標準 {{氏名}} {{使用日}}"]
        assert browser.get(f"{PERMIT}versions/9/").status_code == 404

    def test_two_people_at_once_do_not_overwrite_each_other(self, be: Callable[[Person], Client]) -> None:
        browser = be(KEEPER)
        first = send(browser, permit("一 {{氏名}}")).url
        second = send(browser, permit("二 {{氏名}}")).url
        browser.post(first, {"reason": "一", "seen": 0})
        late = browser.post(second, {"reason": "私の理由", "seen": 0})
        page = late.content.decode()
        assert late.status_code == 422 and "ほかの人が先に" in page and "私の理由" in page
        assert lines_of(fill_sheet(KEY, {"氏名": "甲"}).content) == ["一 甲"]
        with pytest.raises(ChangedMeanwhile):
            restore_sheet(by=KEEPER, key=KEY, number=0, seen=0, clock=CLOCK)

    def test_versions_that_are_not_there_cannot_be_used(self) -> None:
        for number in (0, 5):
            with pytest.raises(Refusal):
                restore_sheet(by=KEEPER, key=KEY, number=number, seen=0, clock=CLOCK)
        assert not SheetVersion.objects.exists()

    @pytest.mark.parametrize(
        ("content", "name", "told"),
        [
            (b"", "空.docx", "空（0 バイト）"),
            (making.excel("{{氏名}}"), "表.xlsx", "受け付けていません"),
            (making.repacked(making.word(), added={"word/vbaProject.bin": b"x"}), "マクロ.docx", "マクロ"),
            (b"MZ\x90", "a.docx", "実行ファイル"),
            (making.pdf(), "a.docx", "受け付けていません"),
        ],
    )
    def test_what_is_no_clean_word_file_is_refused_with_the_reason(
        self, be: Callable[[Person], Client], content: bytes, name: str, told: str
    ) -> None:
        answer = send(be(KEEPER), content, name)
        assert answer.status_code == 422 and told in answer.content.decode()
        assert not StoredFile.objects.exists()

    def test_a_file_of_another_sheet_is_not_put_in_use(self, be: Callable[[Person], Client]) -> None:
        answer = use(be(KEEPER), permit("まったく別の文書"), seen=0)
        assert answer.status_code == 422 and "項目が一つも書かれていません" in answer.content.decode()
        assert not SheetVersion.objects.exists()

    def test_a_reason_is_asked_for(self, be: Callable[[Person], Client]) -> None:
        browser = be(KEEPER)
        answer = browser.post(send(browser, permit("{{氏名}}")).url, {"reason": " ", "seen": 0})
        assert answer.status_code == 422 and not SheetVersion.objects.exists()


class TestWhoMay:
    def test_everybody_in_the_office_sees_sheets_and_test_prints(self, be: Callable[[Person], Client]) -> None:
        browser = be(CLERK)
        page = browser.get(PERMIT).content.decode()
        assert "施設使用許可書" in page and "様式を差し替える" not in page and "担当を決める" not in page
        for path in ("", "file/", "test/"):
            assert browser.get(PERMIT + path).status_code == 200

    def test_only_those_in_charge_replace(self, be: Callable[[Person], Client], section: Section) -> None:
        for person in (CLERK, AUDITOR):
            browser = be(person)
            assert send(browser, permit("{{氏名}}")).status_code == 403
            assert browser.post(f"{PERMIT}restore/", {"number": 0, "seen": 0}).status_code == 403
            assert browser.post(f"{PERMIT}section/", {"section": ""}).status_code == 403
        assert not Sheet.objects.exists() and not StoredFile.objects.exists()

    def test_the_section_in_charge_may_after_it_was_assigned(
        self, be: Callable[[Person], Client], section: Section
    ) -> None:
        be(KEEPER).post(f"{PERMIT}section/", {"section": section.public_id})
        of_section = Person(
            id="of-section",
            name="総務 一",
            kind=PersonKind.STAFF,
            roles=frozenset({Role.STAFF}),
            section_ids=frozenset({section.pk}),
        )
        assert use(be(of_section), permit("課の {{氏名}}"), seen=0).status_code == 302
        assert lines_of(fill_sheet(KEY, {"氏名": "甲"}).content) == ["課の 甲"]
        with pytest.raises(NotAllowed):
            assign_section(by=of_section, key=KEY, section=None)
        be(KEEPER).post(f"{PERMIT}section/", {"section": ""})
        assert send(be(of_section), permit("{{氏名}}")).status_code == 403

    def test_a_file_sent_by_another_person_cannot_be_put_in_use(self, be: Callable[[Person], Client]) -> None:
        address = send(be(KEEPER), permit("{{氏名}}")).url
        other = Person(id="other", name="別", kind=PersonKind.STAFF, roles=frozenset({Role.STAFF, Role.IT}))
        for call in (
            be(other).get(address),
            be(other).post(address, {"reason": "x", "seen": 0}),
            be(other).get(address + "test/"),
        ):
            assert call.status_code == 404

    def test_residents_and_visitors_see_nothing(self, be: Callable[[Person], Client]) -> None:
        assert be(VISITOR).get("/office/sheets/").status_code == 302
        assert be(Person(id="r", name="住民", kind=PersonKind.RESIDENT)).get(PERMIT).status_code == 403

    @pytest.mark.parametrize("key", ["none", "../x", "%00", "a" * 300, "tests.permit%0a"])
    def test_unknown_sheets_are_not_found(self, be: Callable[[Person], Client], key: str) -> None:
        assert be(KEEPER).get(f"/office/sheets/{key}/").status_code == 404


class TestDeclaring:
    def test_a_key_and_a_field_are_declared_once(self) -> None:
        with pytest.raises(ValueError, match="twice"):
            sheet(
                key="x",
                title="x",
                kind=SheetKind.WORD,
                fields=[SheetField("氏名", "", ""), SheetField("氏 名", "", "")],
            )(dict)
        with pytest.raises(ValueError, match="twice"):
            sheet(key=KEY, title="x", kind=SheetKind.WORD, fields=[SheetField("氏名", "", "")])(permit_values)
        with pytest.raises(ValueError, match="field name"):
            SheetField("氏{名", "", "")
        with pytest.raises(ValueError, match="rows"):
            SheetField("明細", "", [], FieldKind.ROWS)

    def test_an_unknown_key_is_refused(self) -> None:
        with pytest.raises(UnknownSheet):
            fill_sheet("nowhere", {})

    def test_the_list_shows_how_every_sheet_fits(self, be: Callable[[Person], Client]) -> None:
        assert "載せていない項目 2" in be(CLERK).get("/office/sheets/").content.decode()
        use(be(KEEPER), permit("{{氏名}}{{知らない}}"), seen=0)
        assert "要確認" in be(CLERK).get("/office/sheets/").content.decode()
