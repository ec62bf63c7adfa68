"""Pages of people: one's own particulars and mandates, protections for the appointed, the prefill file."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yakuba.kernel.access.api import Role
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.tests.people import a_resident_account, a_staff_account, sign_in
from yakuba.kernel.people.api import Party, is_protected
from yakuba.kernel.people.models import Mandate, Protection, ResidentProfile
from yakuba.kernel.people.rules.mandates import MandateKind
from yakuba.kernel.people.services import request_mandate
from yakuba.kernel.people.tests.persons import CLERK, CLOCK, protected
from yakuba.kernel.people.tests.test_prefill_file import HANAKO_ROW, table
from yakuba.kernel.values.api import SystemClock

pytestmark = pytest.mark.django_db

TYPED = {
    "family_name": "渡邉\U000e0100", "given_name": "花子", "family_reading": "わたなべ", "given_reading": "はなこ",
    "born_on": "昭和55年5月1日", "postal_code": "969-6547", "prefecture": "福島県", "city": "河沼郡会津坂下町",
    "street": "字見本1", "building": "", "district": "", "phone": "0242-84-1503", "preference": "mail",
    "language": "ja", "version": "0",
}  # fmt: skip


def seated(account: Account) -> Client:
    client = Client()
    sign_in(client, account)
    return client


@pytest.fixture
def hanako() -> Account:
    return a_resident_account("hanako@example.jp")


@pytest.mark.database
def test_a_resident_enters_and_changes_particulars(hanako: Account) -> None:
    client = seated(hanako)
    assert client.get("/my/profile/").status_code == 200
    answer = client.post("/my/profile/", TYPED)
    assert answer.status_code == 302, answer.content.decode()
    kept = ResidentProfile.objects.get()
    assert (kept.account, kept.family_name, kept.born_on.year) == (hanako.public_id, "渡邉\U000e0100", 1980)
    assert "渡邉\U000e0100" in client.get("/my/profile/").content.decode()
    assert client.post("/my/profile/", {**TYPED, "version": "1", "street": "字見本2"}).status_code == 302
    assert ResidentProfile.objects.get().street == "字見本2"


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"family_name": ""}, "family_name"),
        ({"family_reading": "渡辺"}, "family_reading"),
        ({"postal_code": "12"}, "postal_code"),
        ({"phone": "abc"}, "phone"),
        ({"preference": "post", "street": ""}, "street"),
        ({"preference": "pigeon"}, "preference"),
        ({"street": "番号は123456789018"}, "street"),
        ({"given_name": "あ" * 61}, "given_name"),
    ],
)
def test_a_fault_is_said_at_its_field_and_nothing_typed_is_lost(
    hanako: Account, language: str, changed: dict[str, str], field: str
) -> None:
    client = seated(hanako)
    client.cookies["yakuba_language"] = language
    answer = client.post("/my/profile/", {**TYPED, **changed})
    page = answer.content.decode()
    assert answer.status_code == 422 and not ResidentProfile.objects.exists()
    assert f'href="#id_{field}' in page and "河沼郡会津坂下町" in page
    if language == "en":
        assert "名前を確かめて" not in page and "入力してください" not in page


def test_another_window_is_noticed_and_the_next_press_is_meant(hanako: Account) -> None:
    client = seated(hanako)
    client.post("/my/profile/", TYPED)
    answer = client.post("/my/profile/", {**TYPED, "street": "字見本9"})
    assert answer.status_code == 422 and "字見本9" in answer.content.decode()
    assert 'value="1"' in answer.content.decode()
    assert client.post("/my/profile/", {**TYPED, "street": "字見本9", "version": "1"}).status_code == 302


def test_a_postal_code_brings_its_address_without_script_and_keeps_the_rest(hanako: Account) -> None:
    page = seated(hanako).post("/my/profile/", {**TYPED, "city": "", "street": "", "find": "1"}).content.decode()
    assert "河沼郡会津坂下町" in page and "渡邉\U000e0100" in page and not ResidentProfile.objects.exists()
    for odd in ("0000000", "abc", ""):
        answer = seated(hanako).post("/my/profile/", {**TYPED, "postal_code": odd, "find": "1"})
        assert answer.status_code == 200 and "notice--warning" in answer.content.decode()


@pytest.mark.database
def test_a_mandate_is_agreed_to_and_ended_by_its_parties_only(hanako: Account) -> None:
    taro, stranger = a_resident_account("taro@example.jp"), a_resident_account("stranger@example.jp")
    today = SystemClock().today()
    mandate = request_mandate(
        by=CLERK, kind=MandateKind.LETTER, principal=Party("渡邉　花子", hanako.public_id),
        agent=Party("渡邉　太郎", taro.public_id), scope=["x"], scope_words="所得証明書", is_for_everything=False,
        starts_on=today, last_day=today, evidence_file="", clock=CLOCK,
    )  # fmt: skip
    act = f"/my/mandates/{mandate.public_id}/"
    assert "渡邉" not in seated(stranger).get("/my/mandates/").content.decode()
    assert seated(stranger).post(f"{act}accept").status_code == 404
    assert seated(hanako).get(f"{act}accept").status_code == 405
    assert seated(hanako).post(f"{act}explode").status_code == 404
    page = seated(taro).get("/my/mandates/").content.decode()
    assert "渡邉　花子" in page and f"{act}accept" not in page
    seated(taro).post(f"{act}accept")
    assert Mandate.objects.get().state == "requested", "nobody agrees in another's name"
    seated(hanako).post(f"{act}accept")
    assert Mandate.objects.get().state == "in_force"
    seated(taro).post(f"{act}end")
    assert Mandate.objects.get().state == "revoked"


def keeper() -> Account:
    return a_staff_account("9001", roles=(Role.PROTECTION,))


@pytest.mark.database
def test_the_appointed_protect_extend_and_end() -> None:
    client, today = seated(keeper()), SystemClock().today()
    typed = {
        "name": "見本　安心", "born_on": "S50.1.1", "number": "M3", "account": "", "ground": "violence", "note": "申し送り",
        "starts_on": today.isoformat(), "last_day": today.isoformat(),
    }  # fmt: skip
    answer = client.post("/office/protections/new", typed)
    assert answer.status_code == 302, answer.content.decode()
    assert is_protected(number="M3", on=today)
    one = answer["Location"]
    assert "申し送り" in client.get(one).content.decode()
    assert "見本　安心" in client.get("/office/protections/").content.decode()
    views = AuditEvent.objects.filter(verb__startswith="people.protection", kind="view")
    assert views.count() == 2 and all(event.is_withheld for event in views)
    assert client.post(f"{one}extend", {"last_day": "2099-01-01"}).status_code == 422
    assert client.post(f"{one}end", {"last_day": today.isoformat(), "reason": ""}).status_code == 422
    assert client.post(f"{one}end", {"last_day": today.isoformat(), "reason": "申出"}).status_code == 302


def test_a_refused_protection_keeps_what_was_typed() -> None:
    answer = seated(keeper()).post(
        "/office/protections/new",
        {"name": "見本　安心", "ground": "child", "starts_on": "2026-11-01", "last_day": "2028-11-01"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "1年まで" in page and "見本　安心" in page
    assert not Protection.objects.exists()


@pytest.mark.parametrize(
    "roles", [(), (Role.CLERK,), (Role.SECTION_HEAD,), (Role.SECRETARIAT,), (Role.IT,), (Role.AUDITOR,)]
)
def test_others_find_no_protections(roles: tuple[Role, ...]) -> None:
    made = protected()
    client = seated(a_staff_account("9002", roles=roles))
    for path in ("", "new", f"{made.public_id}/", f"{made.public_id}/end"):
        answer = client.get(f"/office/protections/{path}")
        assert answer.status_code == 403 and "花子" not in answer.content.decode()


def test_the_prefill_file_is_sent_checked_and_thrown_away(settings, tmp_path: Path) -> None:
    settings.YAKUBA_HOME = tmp_path
    client, day = seated(keeper()), SystemClock().today().isoformat()

    def sent(content: bytes, act: str = "use"):
        file = SimpleUploadedFile("jumin.csv", content)
        return client.post("/office/register/", {"as_of": day, "file": file, "act": act})

    assert client.get("/office/register/").status_code == 200
    wrong = table({**HANAKO_ROW, "性別": "？"})
    answer = sent(wrong)
    assert answer.status_code == 422 and "「男」か「女」" in answer.content.decode()
    checked = sent(wrong, "check")
    assert checked["Content-Type"].startswith("text/csv") and "エラー" in checked.content.decode("utf-8-sig")
    assert sent(table(HANAKO_ROW)).status_code == 302
    page = client.get("/office/register/").content.decode()
    assert "証明には使えません" in page and "使用中" in page
    assert client.post("/office/register/remove").status_code == 302
    assert not list(tmp_path.glob("*prefill*"))
