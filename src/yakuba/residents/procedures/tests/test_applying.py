"""A resident applies at night on a telephone: page by page, without an account, and never loses a word."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from yakuba.kernel.cases.models import Case
from yakuba.kernel.forms.models import Filling, FillingState
from yakuba.residents.procedures.tests.counter import TYPED, start_of
from yakuba.residents.procedures.tests.filling import picture


def begin(client: Client, counter: Any, kind: str = "application") -> Any:
    return client.post(start_of(counter, kind), follow=True)


def send_page(client: Client, response: Any, action: str = "next", **typed: Any) -> Any:
    """Answer the page of a response; names with ``__`` stand for dots."""
    step = response.request["PATH_INFO"].rstrip("/").rpartition("/")[2]
    fields = {
        **TYPED.get(step, {}),
        **{name.replace("__", "."): value for name, value in typed.items()},
        "edition": response.context["filling"].edition,
        "_shown": response.context["shown"].shown,
        "action": action,
    }
    return client.post(
        response.request["PATH_INFO"], {name: value for name, value in fields.items() if value is not None}, follow=True
    )


def to_check(client: Client, counter: Any, kind: str = "application") -> Any:
    page = send_page(client, send_page(client, begin(client, counter, kind)))
    assert "/check/" in page.request["PATH_INFO"], page.content.decode()[-3000:]
    return page


def test_from_the_first_page_to_the_receipt_and_the_look_up(client, counter) -> None:
    check = to_check(client, counter)
    assert "勤務先に出すため" in check.content.decode()
    assert "600円" in check.content.decode()
    receipt = client.post(check.request["PATH_INFO"], follow=True)
    case = Case.objects.get()
    password = receipt.context["password"]
    assert case.number in receipt.content.decode() and password in receipt.content.decode()
    stranger = Client()
    found = stranger.post("/my/lookup/", {"number": case.number, "password": password}, follow=True)
    assert found.request["PATH_INFO"] == f"/my/cases/{case.public_id}/"
    assert "勤務先に出すため" in found.content.decode()


def test_pressing_send_twice_or_going_back_makes_one_case(client, counter) -> None:
    check = to_check(client, counter)
    for _ in range(3):
        client.post(check.request["PATH_INFO"], follow=True)
    assert Case.objects.count() == 1
    back = client.get(check.request["PATH_INFO"], follow=True)
    assert back.request["PATH_INFO"].endswith("/receipt/")


def test_what_is_wrong_is_said_at_its_place_and_nothing_typed_is_lost(client, counter) -> None:
    first = begin(client, counter)
    page = send_page(client, first, applicant_name__given_kana="123", applicant_phone="12")
    assert page.status_code == 422
    html = page.content.decode()
    assert 'value="123"' in html and 'value="12"' in html
    assert "フリガナを入力してください" in html and 'href="#q-applicant_name-given_kana"' in html
    again = client.get(page.request["PATH_INFO"])
    assert 'value="123"' in again.content.decode(), "also after coming back"


def test_a_my_number_is_refused_and_shown_back_but_never_kept(client, counter) -> None:
    page = send_page(client, begin(client, counter), applicant_name__family="123456789018")
    assert page.status_code == 422 and "123456789018" in page.content.decode()
    again = client.get(page.request["PATH_INFO"])
    assert "123456789018" not in again.content.decode()


def test_a_question_that_comes_up_on_the_same_page_is_asked_without_an_error(client, counter) -> None:
    second = send_page(client, begin(client, counter))
    page = send_page(client, second, purpose="school")
    assert page.status_code == 200
    html = page.content.decode()
    assert "質問が増えました" in html and 'name="school_name"' in html and "field__error" not in html
    missing = send_page(client, page, purpose="school")
    assert missing.status_code == 422
    done = send_page(client, missing, purpose="school", school_name="坂下高校")
    assert "/check/" in done.request["PATH_INFO"]


def test_rows_and_files_work_without_javascript(client, counter) -> None:
    page = send_page(client, begin(client, counter))
    page = send_page(client, page, action="add:children")
    assert page.context["filling"].edition and 'name="children.0.name"' in page.content.decode()
    page = send_page(client, page, action="upload", children__rows="1", children__0__name="一郎", photo=picture())
    assert "photo.png" in page.content.decode() and 'value="一郎"' in page.content.decode()
    file_id = re.search(r'value="drop:photo:([a-z0-9]+)"', page.content.decode())[1]
    page = send_page(client, page, action=f"drop:photo:{file_id}", children__rows="1")
    assert "photo.png" not in page.content.decode()
    page = send_page(client, page, action="remove:children:0", children__rows="1")
    assert 'name="children.0.name"' not in page.content.decode()


def test_a_file_that_is_no_picture_is_refused_by_its_content(client, counter) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    page = send_page(client, begin(client, counter))
    evil = SimpleUploadedFile("photo.png", b"<html><script>alert(1)</script></html>", content_type="image/png")
    page = send_page(client, page, action="upload", photo=evil)
    assert page.status_code == 422 and "受け取れなかったファイル" in page.content.decode()


def test_saved_on_a_telephone_it_goes_on_at_another_device(client, counter) -> None:
    page = send_page(client, begin(client, counter), action="save")
    link = page.context["link"]
    desktop = Client()
    resumed = desktop.get(link.replace("http://testserver", ""), follow=True)
    assert 'value="見本"' in resumed.content.decode()
    assert link.rpartition("/back/")[2].rstrip("/") not in resumed.request["PATH_INFO"], "the key leaves the address"
    stale = client.get(page.request["PATH_INFO"].replace("saved/", "s/who/"))
    send_page(desktop, resumed, applicant_name__family="別")
    conflict = send_page(client, stale)
    assert conflict.status_code == 409 and 'value="別"' in conflict.content.decode()


def test_nobody_else_reaches_a_filling(client, counter) -> None:
    page = begin(client, counter)
    stranger = Client()
    path = page.request["PATH_INFO"]
    public_id = Filling.objects.get().public_id
    for address in (
        path,
        f"/my/apply/f/{public_id}/check/",
        f"/my/apply/f/{public_id}/saved/",
        f"/my/apply/f/{public_id}/receipt/",
        f"/my/apply/f/{public_id}/back/wrong-key/",
    ):
        assert stranger.get(address).status_code == 404
        assert stranger.post(address).status_code in (404, 405)
    assert stranger.post(f"/my/apply/f/{public_id}/give-up/").status_code == 404


def test_thrown_away_it_is_gone(client, counter) -> None:
    page = begin(client, counter)
    public_id = Filling.objects.get().public_id
    client.post(f"/my/apply/f/{public_id}/give-up/")
    assert Filling.objects.get().state == FillingState.GIVEN_UP
    assert client.get(page.request["PATH_INFO"]).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"edition": "x"},
        {"edition": "9" * 40},
        {"action": "add:nothing"},
        {"action": "remove:children:99999"},
        {"action": "drop:applicant_name:../../etc"},
        {"children.rows": "999999"},
        {"children.rows": "-1"},
        {"applicant_name.family": "\x00"},
        {"_shown": "x" * 100_000},
        {"copies": "9" * 5000},
    ],
)
def test_tampered_fields_break_no_page(client, counter, fields) -> None:
    for step in ("who", "what"):
        filling = begin(client, counter).context["filling"]
        path = f"/my/apply/f/{filling.public_id}/s/{step}/"
        response = client.post(
            path, {"edition": filling.edition, "action": "next", **TYPED[step], **fields}, follow=True
        )
        assert response.status_code in (200, 409, 422)


def test_the_whole_form_on_one_page_leads_to_the_check_too(client, counter) -> None:
    filling = begin(client, counter).context["filling"]
    page = client.get(f"/my/apply/f/{filling.public_id}/s/all/")
    fields = {
        **TYPED["who"],
        **TYPED["what"],
        "edition": filling.edition,
        "_shown": page.context["shown"].shown,
        "action": "next",
    }
    done = client.post(page.request["PATH_INFO"], fields, follow=True)
    assert "/check/" in done.request["PATH_INFO"]


def test_a_procedure_that_needs_a_card_says_honestly_that_there_is_no_way_yet(client, counter) -> None:
    page = client.get(start_of(counter, "card"))
    assert "準備がまだ終わっていません" in page.content.decode()
    assert client.post(start_of(counter, "card")).status_code == 403
    assert not Filling.objects.exists()


def test_a_confirmed_mail_address_opens_the_door_and_fills_the_form(client, counter) -> None:
    procedure = counter.procedures["application"]
    from yakuba.kernel.audit.api import unaudited_writes

    with unaudited_writes("test"):
        procedure.identity = "mail"
        procedure.save()
    assert client.post(start_of(counter, "application")).status_code == 403
    page = client.post(f"{start_of(counter, 'application')}mail/", {"mail": "hanako@example.jp"})
    code = re.search(r"\d{6}", mail.outbox[-1].body)[0]
    assert code not in mail.outbox[-1].subject
    wrong = client.post(page.request["PATH_INFO"], {"code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 422
    right = client.post(page.request["PATH_INFO"], {"code": code}, follow=True)
    assert right.request["PATH_INFO"] == start_of(counter, "application")
    assert begin(client, counter).status_code == 200


def test_a_code_is_guessed_five_times_at_most(client, counter) -> None:
    address = f"{start_of(counter, 'application')}mail/"
    client.post(address, {"mail": "hanako@example.jp"})
    code = re.search(r"\d{6}", mail.outbox[-1].body)[0]
    for _ in range(5):
        client.post(address, {"code": "abcdef"})
    late = client.post(address, {"code": code})
    assert late.status_code != 302


def test_looking_up_is_throttled_and_tells_nothing(client, counter) -> None:
    check = to_check(client, counter)
    client.post(check.request["PATH_INFO"])
    case = Case.objects.get()
    stranger = Client()
    answers = {
        stranger.post("/my/lookup/", {"number": number, "password": "wrong-password"})
        .content.decode()
        .count("受付番号かパスワードが違います")
        for number in (case.number, "R8-99999-9")
    }
    assert answers == {answers.copy().pop()} and answers != {0}
    for _ in range(6):
        last = stranger.post("/my/lookup/", {"number": case.number, "password": "wrong-password"})
    assert last.status_code == 429
    assert stranger.get(f"/my/cases/{case.public_id}/").status_code == 404


@pytest.mark.parametrize("language", ["ja-easy", "en"])
def test_the_pages_speak_three_languages(client, counter, language) -> None:
    client.cookies["yakuba_language"] = language
    html = begin(client, counter).content.decode()
    assert "次へ</button>" in html if language == "ja-easy" else "Next</button>" in html


def test_no_code_is_asked_for_a_procedure_that_does_not_exist(counter) -> None:
    client = Client()
    for key in ("fjb1sqhhm7g2cmbh", "nothing-like-it"):
        assert client.get(f"/my/apply/{key}/mail/").status_code == 404
        assert client.post(f"/my/apply/{key}/mail/", {"mail": "hanako@example.jp"}).status_code == 404
