"""The office keeps the catalogue through its pages; everybody does what is theirs and nothing else."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yakuba.kernel.access.api import Role
from yakuba.kernel.catalogue import services
from yakuba.kernel.catalogue.models import Channel, CountingEntry, Procedure, YearlyCount, YearlyPublication
from yakuba.kernel.catalogue.rules.kinds import ChannelKind
from yakuba.kernel.catalogue.tests.arranged import CLOCK, SECRETARY, TODAY, brought_in, staff, town_hall
from yakuba.kernel.identity.tests.people import a_staff_account, sign_in
from yakuba.kernel.kpi.api import approve_measurement, enter_measurement, take_snapshot
from yakuba.kernel.organisation.models import Section

pytestmark = pytest.mark.django_db
HOME = "/office/procedures/"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import yakuba.kernel.identity.middleware as identity

    monkeypatch.setattr(identity, "town_clock", lambda: CLOCK)
    yield


@pytest.fixture
def sections(db: None) -> dict[str, Section]:
    made = town_hall()
    for key in ("dog-registration", "moving-out", "opinion"):
        brought_in(key)
    return made


def seat(*roles: Role, section: Section | None = None, name: str = "坂下 花子") -> Client:
    client = Client()
    sign_in(client, a_staff_account(name=name, roles=roles, section=section))
    return client


@pytest.fixture
def secretary(sections: dict[str, Section]) -> Client:
    return seat(Role.SECRETARIAT, name="事務局 花子")


@pytest.fixture
def clerk(sections: dict[str, Section]) -> Client:
    return seat(Role.CLERK, section=sections["161"], name="担当 次郎")


def told(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def send(client: Client, address: str, status: int = 302, **values: Any) -> Any:
    answer = client.post(address, values)
    assert answer.status_code == status, (address, answer.status_code, answer.content.decode()[-3000:])
    return answer


def form_of(client: Client, address: str) -> dict[str, Any]:
    """What the form of a page would send as it stands."""
    shown = client.get(address).context["form"]
    return {name: shown[name].value() for name in shown.fields if shown[name].value() not in (None, "", False)}


def test_the_list_filters_by_section_online_and_missing_facts(secretary: Client, sections: dict[str, Section]) -> None:
    assert "犬の登録申請" in told(secretary, HOME)
    narrowed = told(secretary, f"{HOME}?section={sections['131'].public_id}")
    assert "転出届" in narrowed
    assert "犬の登録申請" not in narrowed
    assert "転出届" not in told(secretary, f"{HOME}?online=yes")
    assert "町政への意見" in told(secretary, f"{HOME}?missing=absent:ground")
    assert "犬の登録申請" not in told(secretary, f"{HOME}?missing=absent:ground")
    assert secretary.get(f"{HOME}?export=csv").status_code == 200


def test_the_worklist_of_missing_facts_leads_to_where_they_are_written(clerk: Client) -> None:
    page = told(clerk, f"{HOME}missing/")
    assert "犬の登録申請" in page
    assert "転出届" not in page
    assert "転出届" in told(clerk, f"{HOME}missing/?all=1")


def test_a_clerk_of_the_section_edits_and_a_stranger_may_not(clerk: Client, sections: dict[str, Section]) -> None:
    address = f"{HOME}dog-registration/edit/basics/"
    send(clerk, address, **form_of(clerk, address) | {"standard_days": 4, "note": "規則に合わせた"})
    assert Procedure.objects.get(key="dog-registration").standard_days == 4
    stranger = seat(Role.CLERK, section=sections["131"])
    send(stranger, address, status=403, **form_of(clerk, address) | {"standard_days": 9})
    adviser = seat(Role.ADVISER)
    assert adviser.get(address).status_code == 403


@pytest.mark.parametrize("part", ["texts", "basics", "documents", "fees", "grounds", "evidence"])
def test_every_part_is_shown_and_kept_as_it_is(secretary: Client, part: str) -> None:
    """Sending a form back unchanged changes nothing: no field loses anything on the way."""
    address = f"{HOME}dog-registration/edit/{part}/"
    answer = send(secretary, address, status=422, **form_of(secretary, address))
    assert "変えたところがありません" in answer.content.decode()


def test_things_to_bring_fees_and_grounds_are_edited_row_by_row(secretary: Client) -> None:
    address = f"{HOME}dog-registration/edit/documents/"
    values = form_of(secretary, address)
    values |= {
        "r1_name_ja": "犬の写真",
        "r1_name_en": "Photo",
        "r1_when_ja": "初めてのとき",
        "r0_order": 2,
        "r1_order": 1,
    }
    send(secretary, address, **values)
    first, second = Procedure.objects.get(key="dog-registration").documents
    assert (first.name.ja, first.when.ja if first.when else "", second.id) == ("犬の写真", "初めてのとき", "microchip")
    fees = f"{HOME}dog-registration/edit/fees/"
    send(secretary, fees, **form_of(secretary, fees) | {"r0_yen": 3500})
    assert Procedure.objects.get(key="dog-registration").fee.items[0].yen == 3500
    refused = send(secretary, fees, status=422, **form_of(secretary, fees) | {"is_free": "on"})
    assert "無料なのに" in refused.content.decode()
    grounds = f"{HOME}dog-registration/edit/grounds/"
    refused = send(secretary, grounds, status=422, **form_of(secretary, grounds) | {"r0_url": "javascript:alert(1)"})
    assert "https://" in refused.content.decode()


def test_two_clerks_at_once_see_both_versions_and_nothing_typed_is_lost(secretary: Client, clerk: Client) -> None:
    address = f"{HOME}dog-registration/edit/texts/"
    mine, theirs = form_of(clerk, address), form_of(secretary, address)
    send(secretary, address, **theirs | {"who_ja": "事務局が書いた文"})
    refused = send(clerk, address, status=422, **mine | {"who_ja": "担当が書いた文"}).content.decode()
    assert "事務局が書いた文" in refused
    assert "担当が書いた文" in refused
    assert "事務局 花子さん" in refused
    again = mine | {"who_ja": "二つを合わせた文", "seen_edition": "2"}
    send(clerk, address, **again)
    assert Procedure.objects.get(key="dog-registration").who.ja == "二つを合わせた文"


def test_the_preview_shows_the_page_and_keeps_nothing(clerk: Client) -> None:
    address = f"{HOME}dog-registration/edit/texts/"
    values = form_of(clerk, address) | {"about_ja": "まだ登録していない文"}
    shown = send(clerk, address, status=200, preview="1", **values).content.decode()
    assert shown.count("まだ登録していない文") >= 2
    live = send(clerk, f"{HOME}dog-registration/preview/texts/", status=200, **values).content.decode()
    assert "まだ登録していない文" in live
    assert Procedure.objects.get(key="dog-registration").edition == 1


def test_my_numbers_are_refused(clerk: Client) -> None:
    address = f"{HOME}dog-registration/edit/texts/"
    refused = send(clerk, address, status=422, **form_of(clerk, address) | {"about_ja": "番号は123456789018です"})
    assert "個人番号" in refused.content.decode()
    assert Procedure.objects.get(key="dog-registration").edition == 1


def test_a_channel_is_added_opened_by_a_decision_corrected_and_closed(clerk: Client) -> None:
    page = f"{HOME}dog-registration/"
    send(
        clerk,
        f"{page}channels/new/",
        kind="prefecture",
        target="https://example.lg.jp/a",
        note_ja="",
        note_easy="",
        note_en="",
    )
    channel = Channel.objects.get(kind="prefecture")
    refused = send(
        clerk, f"{HOME}channels/{channel.public_id}/open/", status=422,
        target="https://example.lg.jp/a", live_since="2026-11-01", decision="", source="",
    )  # fmt: skip
    assert refused.context["form"].errors["decision"]
    send(
        clerk, f"{HOME}channels/{channel.public_id}/open/",
        target="https://example.lg.jp/a", live_since="R8.11.1", decision="8坂第77号", source="公開の起案",
    )  # fmt: skip
    assert "8坂第77号" in told(clerk, page)
    assert "8坂第77号" in told(clerk, f"{HOME}counting/")
    edit = f"{HOME}channels/{channel.public_id}/"
    send(clerk, edit, **form_of(clerk, edit) | {"target": "https://example.lg.jp/b"})
    send(clerk, f"{HOME}channels/{channel.public_id}/close/", on="2026-11-20", reason="移行した")
    channel.refresh_from_db()
    assert (channel.target, channel.closed_on) == ("https://example.lg.jp/b", date(2026, 11, 20))


def test_the_counting_page_says_what_is_unknown_and_never_counts_samples(secretary: Client) -> None:
    assert "未計測" in told(secretary, f"{HOME}counting/")
    baseline()
    page = told(secretary, f"{HOME}counting/")
    assert "どの手続きを数えた値かは分かっていません" in page
    assert "見本の町です" not in page


def test_the_sample_town_says_that_its_procedures_do_not_count(
    secretary: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yakuba.kernel.catalogue.services.channels.is_sample_town", lambda: True)
    monkeypatch.setattr("yakuba.residents.procedures.views.catalogue_office.counting.is_sample_town", lambda: True)
    services.open_channel(
        by=SECRETARY, procedure=Procedure.objects.get(key="dog-registration"), kind=ChannelKind.PREFECTURE,
        target="https://example.lg.jp/a", decision="見本", live_since=TODAY, clock=CLOCK,
    )  # fmt: skip
    page = told(secretary, f"{HOME}counting/")
    assert "見本の手続きは数えません" in page
    assert "見本（数えない）" in page


def baseline() -> None:
    entered = enter_measurement(
        by=staff("担当", Role.CLERK), measure_id="procedures.online_live", on=date(2025, 12, 31), value=Decimal(30), n=None,
        how="計画の現状値", evidence="DX推進計画 1-①", evidence_file="", is_baseline=True, clock=CLOCK,
    )  # fmt: skip
    approve_measurement(by=SECRETARY, measurement=entered, clock=CLOCK)


def test_the_live_measure_is_the_figure_plus_what_came_online_since(sections: dict[str, Section]) -> None:
    person = staff("計測", Role.IT)
    assert take_snapshot(by=person, measure_id="procedures.online_live", clock=CLOCK) is None
    baseline()
    services.open_channel(
        by=SECRETARY, procedure=Procedure.objects.get(key="dog-registration"), kind=ChannelKind.PREFECTURE,
        target="https://example.lg.jp/a", decision="8坂第1号", live_since=TODAY, clock=CLOCK,
    )  # fmt: skip
    snapshot = take_snapshot(by=person, measure_id="procedures.online_live", clock=CLOCK)
    assert snapshot is not None
    assert (snapshot.value, snapshot.n) == (31, 1)


def csv_file(*lines: str) -> SimpleUploadedFile:
    head = "手続き,方法,オンラインになった日,公開を決めた決裁,最初の受付日,出典"
    return SimpleUploadedFile("list.csv", "\n".join([head, *lines]).encode("cp932"), "text/csv")


def test_the_list_behind_the_baseline_is_imported_or_comes_back_marked(secretary: Client) -> None:
    address = f"{HOME}counting/baseline/"
    bad = csv_file("存在しない手続き,ぴったりサービス,R5.2.1,5坂第3号,,調査票", "転出届,窓口,R5.2.1,5坂第3号,,調査票")
    refused = send(secretary, address, status=422, as_of="2025-12-31", file=bad).content.decode()
    assert "カタログにありません" in refused
    assert "オンラインの方法ではありません" in refused
    assert not CountingEntry.objects.exists()
    token = refused.split("/errors/")[1].split("/")[0]
    assert secretary.get(f"{HOME}errors/{token}/").content.startswith(b"PK")
    assert seat(Role.SECRETARIAT, name="ほかの人").get(f"{HOME}errors/{token}/").status_code == 404
    good = csv_file("転出届,ぴったりサービス,R5.2.6,5坂第3号,R5.2.8,調査票", "72,県,2024/4/1,6坂第9号,,調査票")
    send(secretary, address, as_of="2025-12-31", file=good)
    assert CountingEntry.objects.filter(is_baseline=True).count() == 2
    page = told(secretary, f"{HOME}counting/")
    assert "一覧から数えています" in page


def test_a_clerk_may_not_import_the_list_or_the_sheet_or_publish(clerk: Client) -> None:
    for address in ("counting/baseline/", "sheet/", "yearly/publish/", "new/"):
        assert clerk.get(f"{HOME}{address}").status_code == 403


def test_the_sheet_goes_out_is_edited_and_comes_back_after_a_look(secretary: Client) -> None:
    out = secretary.get(f"{HOME}sheet.csv").content
    edited = out.decode("utf-8-sig").replace("犬の登録申請", "犬の登録の申請")

    def upload() -> SimpleUploadedFile:
        return SimpleUploadedFile("catalogue.csv", edited.encode("utf-8-sig"), "text/csv")

    looked = send(secretary, f"{HOME}sheet/", status=200, file=upload(), note="").content.decode()
    assert "1件が変わり" in looked
    assert Procedure.objects.get(key="dog-registration").title_ja == "犬の登録申請"
    send(secretary, f"{HOME}sheet/", file=upload(), note="名前の統一", write="1")
    assert Procedure.objects.get(key="dog-registration").title_ja == "犬の登録の申請"


def test_characters_that_do_not_fit_are_named_before_the_file_is_given(secretary: Client) -> None:
    address = f"{HOME}dog-registration/edit/texts/"
    send(secretary, address, **form_of(secretary, address) | {"about_ja": "𠮷田さんの犬"})
    shown = told(secretary, f"{HOME}sheet.csv?encoding=cp932")
    assert "𠮷" in shown
    assert secretary.get(f"{HOME}sheet.csv?encoding=cp932&anyway=1")["Content-Type"] == "text/csv"


def test_counts_of_a_year_are_entered_by_channel_and_published(clerk: Client, secretary: Client) -> None:
    address = f"{HOME}yearly/dog-registration/?year=2025"
    send(clerk, address, counter="120", post="3", counter_seen="0", post_seen="0", source="犬の台帳")
    assert YearlyCount.objects.count() == 2
    stale = send(
        clerk, address, status=422, counter="130", counter_seen="0", post_seen="1", post="3", source="犬の台帳"
    )
    assert "ほかの人が変えました" in stale.content.decode()
    assert "123" in told(secretary, f"{HOME}yearly/?year=2025")
    assert "None" not in told(secretary, f"{HOME}yearly/?year=2025")
    send(secretary, f"{HOME}yearly/publish/?year=2025", note="")
    assert YearlyPublication.objects.get().table["total"] == 123
    assert "120" not in Client().get("/procedures/figures/2025.csv").content.decode("utf-8-sig")


def test_the_poster_is_a_tagged_pdf_with_the_short_address(secretary: Client) -> None:
    answer = secretary.get(f"{HOME}dog-registration/poster.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    from pypdf import PdfReader

    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert "/p/72" in text
    assert "犬の登録申請" in text


def test_the_code_on_the_poster_holds_the_public_hosts_address(settings: Any, rf: Any) -> None:
    from yakuba.kernel.access.api import Face
    from yakuba.residents.procedures.views.catalogue_office.posters import code_of, public_address

    dog = brought_in()
    settings.YAKUBA_FACE_HOSTS = {Face.PUBLIC: "www.example.lg.jp"}
    assert public_address(rf.get("/", secure=True), dog) == "https://www.example.lg.jp/p/72"
    assert code_of("https://www.example.lg.jp/p/72").startswith(b"<?xml")


def test_a_procedure_of_the_town_and_its_editions(secretary: Client) -> None:
    values = {
        "key": "snow-help", "kind": "sign_up", "event": "living", "section": "roads", "identity": "mail",
        "title_ja": "雪かきの手伝い", "about_ja": "a", "who_ja": "b", "when_ja": "c", "happens_ja": "d",
    }  # fmt: skip
    send(secretary, f"{HOME}new/", **values)
    assert "雪かきの手伝い" in told(secretary, f"{HOME}snow-help/")
    assert "第1版" in told(secretary, f"{HOME}snow-help/editions/1/")
    refused = send(secretary, f"{HOME}new/", status=422, **values | {"key": "guide"})
    assert "案内ページの名前" in refused.content.decode()


def test_the_section_in_charge_is_chosen_and_hiding_needs_no_open_channel(
    secretary: Client, sections: dict[str, Section]
) -> None:
    page = f"{HOME}dog-registration/"
    send(secretary, f"{page}section/", section=sections["131"].public_id, seen_edition="1")
    assert Procedure.objects.get(key="dog-registration").section == sections["131"]
    send(secretary, f"{page}act/hide/")
    assert not Procedure.objects.get(key="dog-registration").is_shown


def test_visitors_and_residents_see_no_office_page() -> None:
    for address in ("", "counting/", "yearly/", "missing/", "dog-registration/", "sheet.csv"):
        assert Client().get(f"{HOME}{address}").status_code in (302, 403, 404)


def test_the_worklist_and_the_search_of_the_office_know_procedures(sections: dict[str, Section]) -> None:
    from yakuba.residents.procedures.catalogue_home import found, open_work

    clerk = staff("担当", Role.CLERK, sections=(sections["161"],))
    assert [item.title for item in open_work(clerk, CLOCK)] == ["足りない事項のある手続き（1件）"]
    assert [hit.title for hit in found(clerk, "犬")][:1] == ["犬の登録申請"]
