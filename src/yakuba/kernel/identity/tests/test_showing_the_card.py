"""Residents show by My Number Card who they are, with the sample town's double at the other end."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone

from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent, EventKind
from yakuba.kernel.identity.api import IdentityLevel, remember_mail_proof
from yakuba.kernel.identity.digital_auth.sample import sample_provider
from yakuba.kernel.identity.jobs import forget_card_facts
from yakuba.kernel.identity.models import Account, AccountKind, LinkedIdentity, SignIn
from yakuba.kernel.identity.session_store import SessionStore
from yakuba.kernel.identity.tests.asking import a_request, asked_by, session_of
from yakuba.kernel.identity.tests.people import a_resident_account, make_sample_installation, sign_in

pytestmark = pytest.mark.django_db
HOME = "/my/account/"
ONWARD = "/my/account/mail"


@pytest.fixture(autouse=True)
def _sample_town(_fresh: Any) -> None:
    make_sample_installation()


def start(client: Client, purpose: str = "sign-in", onward: str = ONWARD) -> str:
    """Press the button; the address of the app."""
    answer = client.post(f"/my/digital-auth/?purpose={purpose}&next={onward}")
    assert answer.status_code == 302, answer.status_code
    return str(answer["Location"])


def show(client: Client, card: str = "taro", *, purpose: str = "sign-in", onward: str = ONWARD) -> Any:
    """Walk the whole way with a card; the answer of the page people come back to."""
    back = client.post(start(client, purpose, onward), {"act": card})
    assert back["Location"].startswith("/my/digital-auth/callback?")
    return client.get(back["Location"])


def linked(account: Account, card: str = "taro") -> LinkedIdentity:
    provider = sample_provider()
    from yakuba.kernel.identity.digital_auth.sample import sample_double

    now = timezone.now()
    with unaudited_writes("test"):
        return LinkedIdentity.objects.create(
            account=account,
            issuer=provider.issuer,
            subject=sample_double().subject(provider.client_id, card),
            linked_at=now,
            last_used_at=now,
        )


def fault_on(client: Client, answer: Any) -> str:
    """What the start page says after somebody was led back to it."""
    assert answer["Location"].startswith("/my/digital-auth/?"), answer["Location"]
    return str(client.get(answer["Location"]).content.decode())


def refusals() -> int:
    return AuditEvent.objects.filter(kind=EventKind.REFUSAL, verb="identity.not_proven").count()


# Signing in.


@pytest.mark.database
def test_the_holder_of_a_linked_card_comes_in(client: Client) -> None:
    account = a_resident_account()
    link = linked(account)
    answer = show(client)
    assert answer["Location"] == ONWARD
    assert client.get(HOME).status_code == 200
    entry = SignIn.objects.get()
    assert (entry.account, entry.method) == (account, "card")
    request = asked_by(client)
    assert request.level is IdentityLevel.PUBLIC_AUTH
    assert request.proof.is_sample and request.proof.by == "card"
    link.refresh_from_db()
    assert link.last_used_at > link.linked_at
    event = AuditEvent.objects.get(verb="identity.prove_identity")
    assert event.actor == account.public_id


def test_an_unknown_card_opens_nothing_before_its_holder_has_chosen(client: Client) -> None:
    # Same name, same mail domain: nothing is joined by that.
    twin = a_resident_account(name="見本　太郎")
    answer = show(client)
    assert answer["Location"] == "/my/digital-auth/choose"
    assert client.get(HOME).status_code == 302, "not signed in"
    assert asked_by(client).level is IdentityLevel.NONE
    assert not LinkedIdentity.objects.exists() and Account.objects.count() == 1
    page = client.get("/my/digital-auth/choose").content.decode()
    assert "見本　太郎" in page and "新しく利用登録をする" in page and twin.email not in page


def test_its_holder_registers_anew(client: Client) -> None:
    show(client)
    answer = client.post("/my/digital-auth/choose", {"act": "register", "name": "たろう"})
    assert answer["Location"] == ONWARD
    account = Account.objects.get()
    assert (account.kind, account.display_name, account.email) == (AccountKind.RESIDENT, "たろう", "")
    assert LinkedIdentity.objects.get().account == account
    assert AuditEvent.objects.get(verb="identity.register_by_identity").actor == account.public_id
    page = client.get(HOME).content.decode()
    assert "見本のカードと結び付いています" in page and "登録していません。" in page
    Client().get("/")
    again = Client()
    show(again)
    assert again.get(HOME).status_code == 200 and Account.objects.count() == 1


def test_its_holder_links_an_account_after_signing_in_to_it(client: Client) -> None:
    account = a_resident_account()
    show(client)
    sign_in(other := Client(), account)
    client.cookies["yakuba_session"] = carried(client, other)
    page = client.get("/my/digital-auth/choose").content.decode()
    assert "今の利用登録に結び付ける" in page and "新しく利用登録をする" not in page
    answer = client.post("/my/digital-auth/choose", {"act": "link"})
    assert answer["Location"].startswith("/my/account/confirm?"), "not fresh enough: asked again first"
    confirmed(client)
    answer = client.post("/my/digital-auth/choose", {"act": "link"})
    assert answer["Location"] == ONWARD
    assert LinkedIdentity.objects.get().account == account


def carried(visitor: Client, signed_in: Client) -> str:
    """The session of somebody who was a visitor first, as signing in keeps what visitors had."""
    ours, theirs = session_of(visitor), session_of(signed_in)
    for key, value in theirs.items():
        ours[key] = value
    ours.save()
    with unaudited_writes("test"):
        from yakuba.kernel.identity.session_store import row_key

        SignIn.objects.update(session_digest=row_key(str(ours.session_key)))
    return str(ours.session_key)


def confirmed(client: Client) -> None:
    session = session_of(client)
    session["yakuba.sign_in"] = {**session["yakuba.sign_in"], "confirmed": timezone.now().timestamp()}
    session.save()


def test_what_a_card_said_waits_a_quarter_of_an_hour_for_the_choice(client: Client, monkeypatch: Any) -> None:
    show(client)
    later(monkeypatch, minutes=16)
    answer = client.post("/my/digital-auth/choose", {"act": "register", "name": "x"})
    assert "時間がたったか" in fault_on(client, answer)
    assert not Account.objects.exists()


def later(monkeypatch: Any, *, minutes: float) -> None:
    """Let so much time go by for the town's clock."""
    from yakuba.kernel.identity import middleware
    from yakuba.kernel.values.api import FixedClock

    monkeypatch.setattr(middleware, "town_clock", lambda: FixedClock(timezone.now() + timedelta(minutes=minutes)))


def test_a_closed_account_is_not_opened_by_its_card(client: Client) -> None:
    account = a_resident_account()
    linked(account)
    with unaudited_writes("test"):
        Account.objects.update(is_active=False)
    answer = show(client)
    assert answer["Location"] == "/my/sign-in/closed"
    assert client.get(HOME).status_code == 302 and refusals() == 1


# Raising the level.


def test_somebody_signed_in_raises_the_level_without_linking(client: Client) -> None:
    sign_in(client, account := a_resident_account())
    assert asked_by(client).level is IdentityLevel.ACCOUNT
    answer = show(client, purpose="level")
    assert answer["Location"] == ONWARD
    request = asked_by(client)
    assert request.level is IdentityLevel.PUBLIC_AUTH
    assert (request.facts.name, request.facts.gender, request.facts.source) == ("見本　太郎", "male", "card")
    assert str(request.facts.birth_date) == "1985-04-02"
    assert not LinkedIdentity.objects.exists()
    assert AuditEvent.objects.get(verb="identity.prove_identity").actor == account.public_id


def test_a_visitor_may_use_the_card_this_once(client: Client) -> None:
    show(client, "kiku", purpose="level")
    page = client.get("/my/digital-auth/choose").content.decode()
    assert "登録せずに、今回だけ使う" in page
    answer = client.post("/my/digital-auth/choose", {"act": "once"})
    assert answer["Location"] == ONWARD
    request = asked_by(client)
    assert request.level is IdentityLevel.PUBLIC_AUTH and request.facts.name == "渡邉󠄀　菊"
    assert not Account.objects.exists()


def test_only_where_a_level_was_asked_for(client: Client) -> None:
    show(client, purpose="sign-in")
    assert client.post("/my/digital-auth/choose", {"act": "once"}).status_code == 422
    assert asked_by(client).level is IdentityLevel.NONE


def test_a_visitors_proof_is_not_inherited_by_whoever_signs_in_next(client: Client) -> None:
    show(client, purpose="level")
    client.post("/my/digital-auth/choose", {"act": "once"})
    sign_in(other := Client(), a_resident_account())
    client.cookies["yakuba_session"] = carried(client, other)
    request = asked_by(client)
    assert request.level is IdentityLevel.ACCOUNT and request.facts is None


def test_a_proof_counts_an_hour_and_the_facts_half_an_hour(client: Client, monkeypatch: Any) -> None:
    sign_in(client, a_resident_account())
    show(client, purpose="level")
    assert asked_by(client, minutes=29).facts is not None
    request = asked_by(client, minutes=31)
    assert request.facts is None and request.level is IdentityLevel.PUBLIC_AUTH
    assert asked_by(client, minutes=61).level is IdentityLevel.ACCOUNT


def test_signing_out_takes_the_proof_along(client: Client) -> None:
    sign_in(client, a_resident_account())
    show(client, purpose="level")
    client.post("/my/sign-out")
    request = asked_by(client)
    assert request.level is IdentityLevel.NONE and request.facts is None


def test_what_the_card_said_can_be_deleted_at_once(client: Client) -> None:
    sign_in(client, a_resident_account())
    show(client, purpose="level")
    assert client.post("/my/digital-auth/forget", {"next": HOME})["Location"] == HOME
    request = asked_by(client)
    assert request.level is IdentityLevel.ACCOUNT and request.facts is None


def test_facts_lie_sealed_in_the_session_and_leave_it_without_anybody_opening_it(
    client: Client, monkeypatch: Any
) -> None:
    sign_in(client, a_resident_account())
    show(client, purpose="level")
    stored = [str(one.get_decoded()) for one in Session.objects.all()]
    assert any("yakuba.card_facts" in one for one in stored)
    assert not any("見本" in one or "19850402" in one or "1985-04-02" in one for one in stored)
    forget_card_facts()
    assert any("yakuba.card_facts" in str(one.get_decoded()) for one in Session.objects.all()), "their time is not over"
    from yakuba.kernel.identity.card_facts import forget_facts_of_others

    assert forget_facts_of_others(now=timezone.now() + timedelta(minutes=31)) == 1
    assert not any("yakuba.card_facts" in str(one.get_decoded()) for one in Session.objects.all())
    assert client.get(HOME).status_code == 200, "the session itself goes on"


# Somebody else's card.


def test_a_card_linked_with_another_account_raises_nothing(client: Client) -> None:
    linked(a_resident_account())
    sign_in(client, a_resident_account())
    answer = show(client, purpose="level")
    assert "別の利用登録に結び付いています" in fault_on(client, answer)
    assert asked_by(client).level is IdentityLevel.ACCOUNT and refusals() == 1


def test_another_card_than_the_accounts_own_raises_nothing(client: Client) -> None:
    account = a_resident_account()
    linked(account, "hanako")
    sign_in(client, account)
    answer = show(client, "taro", purpose="level")
    assert "別の方のカードです" in fault_on(client, answer)
    assert asked_by(client).level is IdentityLevel.ACCOUNT


def test_a_card_that_confirms_is_the_accounts_own(client: Client) -> None:
    account = a_resident_account()
    sign_in(client, account)
    assert "マイナンバーカードで確かめる" not in client.get("/my/account/confirm").content.decode()
    assert "結び付いていません" in fault_on(client, show(client, purpose="confirm"))
    linked(account)
    assert "マイナンバーカードで確かめる" in client.get("/my/account/confirm").content.decode()
    assert client.get("/my/account/password").status_code == 302, "asked to confirm first"
    show(client, purpose="confirm", onward="/my/account/password")
    assert client.get("/my/account/password").status_code == 200


# Linking and its end.


def test_linking_needs_somebody_who_is_signed_in_and_has_just_shown_it(client: Client) -> None:
    here = "/my/digital-auth/?purpose=link"
    assert client.get(here)["Location"].startswith("/my/sign-in?")
    sign_in(client, account := a_resident_account())
    assert client.get(here)["Location"].startswith("/my/account/confirm?")
    assert client.post(here)["Location"].startswith("/my/account/confirm?")
    confirmed(client)
    assert show(client, purpose="link", onward=HOME)["Location"] == HOME
    link = LinkedIdentity.objects.get()
    assert link.account == account
    assert AuditEvent.objects.filter(verb="identity.link_identity").count() == 1


def test_a_link_is_not_made_when_the_confirmation_is_stale_by_the_time_people_come_back(client: Client) -> None:
    sign_in(client, a_resident_account(), confirmed=timezone.now().timestamp())
    address = start(client, "link", HOME)
    session = session_of(client)
    session["yakuba.sign_in"] = {**session["yakuba.sign_in"], "confirmed": 0}
    session.save()
    back = client.post(address, {"act": "taro"})
    assert client.get(back["Location"])["Location"].startswith("/my/account/confirm?")
    assert not LinkedIdentity.objects.exists()


def test_one_card_has_one_account_and_one_account_one_card(client: Client) -> None:
    linked(a_resident_account(), "taro")
    account = a_resident_account()
    linked(account, "hanako")
    sign_in(client, account, confirmed=timezone.now().timestamp())
    assert "別の利用登録" in fault_on(client, show(client, "taro", purpose="link"))
    assert "別の方のカード" in fault_on(client, show(client, "kiku", purpose="link"))
    assert LinkedIdentity.objects.count() == 2


def test_a_resident_ends_the_link(client: Client) -> None:
    account = a_resident_account()
    link = linked(account)
    address = f"/my/digital-auth/{link.public_id}/unlink"
    sign_in(client, account)
    assert client.post(address)["Location"].startswith("/my/account/confirm")
    confirmed(client)
    assert client.post(address)["Location"] == HOME
    assert not LinkedIdentity.objects.exists()
    assert AuditEvent.objects.filter(verb="identity.unlink_identity").count() == 1


def test_nobody_ends_anothers_link(client: Client) -> None:
    link = linked(a_resident_account())
    sign_in(client, a_resident_account(), confirmed=timezone.now().timestamp())
    assert client.post(f"/my/digital-auth/{link.public_id}/unlink").status_code == 404
    assert Client().post(f"/my/digital-auth/{link.public_id}/unlink").status_code == 403
    assert LinkedIdentity.objects.count() == 1


def test_the_last_way_in_is_not_taken_away(client: Client) -> None:
    show(client)
    client.post("/my/digital-auth/choose", {"act": "register", "name": ""})
    link = LinkedIdentity.objects.get()
    client.post(f"/my/digital-auth/{link.public_id}/unlink")
    assert LinkedIdentity.objects.exists()
    assert "ログインする方法がなくなります" in client.get(HOME).content.decode()


def test_giving_the_account_up_ends_the_link_and_the_card_is_free_again(client: Client) -> None:
    account = a_resident_account()
    linked(account)
    sign_in(client, account, confirmed=timezone.now().timestamp())
    client.post("/my/account/close")
    assert not LinkedIdentity.objects.exists()
    assert show(Client())["Location"] == "/my/digital-auth/choose"


# What comes back from the outside.


def test_an_answer_nobody_asked_for(client: Client) -> None:
    for query in (
        "",
        "?code=abc",
        "?code=abc&state=made-up",
        "?state=",
        "?error=access_denied&state=x",
        f"?state={'s' * 5000}",
    ):
        answer = client.get(f"/my/digital-auth/callback{query}")
        assert "時間がたったか" in fault_on(client, answer)
    assert refusals() == 6 and not SignIn.objects.exists()
    assert not Session.objects.exists(), "strangers leave nothing behind"


def test_an_answer_in_another_browser_than_the_one_that_asked(client: Client) -> None:
    linked(a_resident_account())
    back = client.post(start(client), {"act": "taro"})["Location"]
    thief = Client()
    assert "時間がたったか" in fault_on(thief, thief.get(back))
    assert thief.get(HOME).status_code == 302
    assert client.get(back)["Location"] == ONWARD, "the one who asked is not disturbed"


def test_an_answer_that_comes_twice(client: Client) -> None:
    linked(a_resident_account())
    back = client.post(start(client), {"act": "taro"})["Location"]
    assert client.get(back)["Location"] == ONWARD
    assert "時間がたったか" in fault_on(client, client.get(back))


def test_a_wrong_code_spends_the_question(client: Client) -> None:
    linked(a_resident_account())
    back = client.post(start(client), {"act": "taro"})["Location"]
    state = parse_qs(urlsplit(back).query)["state"][0]
    answer = client.get(f"/my/digital-auth/callback?code=guess&state={state}")
    assert "完了しませんでした" in fault_on(client, answer)
    assert "時間がたったか" in fault_on(client, client.get(back)), "the right code comes too late"
    assert refusals() == 2


def test_somebody_who_gives_up_in_the_app_finds_the_other_ways(client: Client) -> None:
    answer = client.get(client.post(start(client), {"act": "cancel"})["Location"])
    page = fault_on(client, answer)
    assert "取りやめました" in page and f"next={ONWARD.replace('/', '%2F')}" in answer["Location"]


def test_an_error_a_stranger_made_up_is_not_shown(client: Client) -> None:
    state = parse_qs(urlsplit(start(client)).query)["state"][0]
    answer = client.get("/my/digital-auth/callback", {"state": state, "error": "<script>", "error_description": "山田"})
    page = fault_on(client, answer)
    assert "完了しませんでした" in page and "山田" not in page


def test_a_question_waits_a_quarter_of_an_hour(client: Client, monkeypatch: Any) -> None:
    back = client.post(start(client), {"act": "taro"})["Location"]
    later(monkeypatch, minutes=16)
    assert "時間がたったか" in fault_on(client, client.get(back))


def test_somebody_who_signed_in_meanwhile_is_not_answered_for_the_visitor(client: Client) -> None:
    back = client.post(start(client), {"act": "taro"})["Location"]
    sign_in(other := Client(), a_resident_account())
    client.cookies["yakuba_session"] = carried(client, other)
    assert "時間がたったか" in fault_on(client, client.get(back))


def test_two_tabs_do_not_disturb_each_other_and_the_sixth_takes_the_place_of_the_first(client: Client) -> None:
    linked(a_resident_account())
    addresses = [start(client, onward=f"/my/account/?tab={number}") for number in range(6)]
    backs = [client.post(address, {"act": "taro"})["Location"] for address in addresses]
    assert "時間がたったか" in fault_on(client, client.get(backs[0]))
    assert client.get(backs[3])["Location"] == "/my/account/?tab=3"


def test_nobody_is_led_to_another_host(client: Client) -> None:
    linked(a_resident_account())
    answer = show(client, onward="https://evil.example.jp/")
    assert answer["Location"] == "/my/" or answer["Location"].startswith("/my/")


def test_verifier_and_nonce_lie_sealed_and_every_question_has_its_own(client: Client) -> None:
    first, second = (parse_qs(urlsplit(start(client)).query) for _ in range(2))
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name] and len(first[name][0]) >= 43
    assert first["response_type"] == ["code"] and first["code_challenge_method"] == ["S256"]
    stored = str(session_of(client)["yakuba.card_asked"])
    assert first["state"][0] not in stored and first["nonce"][0] not in stored


def test_too_many_starts_have_to_wait(client: Client) -> None:
    for _ in range(60):
        start(client)
    answer = client.post("/my/digital-auth/?purpose=level")
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0


# The sample's own page.


def test_the_sample_page_says_what_it_is_and_refuses_what_is_not_in_order(client: Client) -> None:
    page = client.get(start(client)).content.decode()
    assert "見本の認証" in page and "だれの本人確認にもなりません" in page and "見本　花子" in page
    address = start(client)
    for tampered in (
        address.replace("S256", "plain"),
        address.replace("SAMPLETOWN", "SOMEBODY"),
        re.sub(r"redirect_uri=[^&]*", "redirect_uri=https%3A%2F%2Fevil.example.jp", address),
        "/my/sample-card/",
    ):
        answer = client.post(tampered, {"act": "taro"})
        assert answer.status_code == 400 and "Location" not in answer
    assert client.post(address, {"act": "nobody"}).status_code == 404


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_the_pages_speak_three_languages(client: Client, language: str) -> None:
    client.cookies["yakuba_language"] = language
    words = {"ja": "見本の認証", "ja-easy": "みほんの にんしょう", "en": "Sample authentication"}
    pages = [client.get("/my/digital-auth/?purpose=level").content.decode(), client.get(start(client)).content.decode()]
    show(client, purpose="level")
    pages.append(client.get("/my/digital-auth/choose").content.decode())
    for page in pages:
        assert words[language] in page
        if language == "en":
            main = re.sub(r"<nav.*?</nav>|<footer.*?</footer>|<header.*?</header>", "", page, flags=re.S)
            assert not re.findall(r"[ぁ-ん]{2,}", main)


# Where nothing is configured.


def test_in_a_town_without_settings_the_button_is_not_there_and_nothing_answers() -> None:
    from yakuba.kernel.parameters.api import forget_installation
    from yakuba.kernel.parameters.models import Installation

    with unaudited_writes("test"):
        Installation.objects.all().delete()
    forget_installation()
    client = Client()
    door = client.get("/my/sign-in").content.decode()
    assert "/my/digital-auth/" not in door and "未設定" in door
    page = client.get("/my/digital-auth/?purpose=level").content.decode()
    assert "まだ使えません（未設定）" in page and "<form" not in page.split("door__head")[1].split("</main>")[0]
    assert client.post("/my/digital-auth/?purpose=level").status_code == 200
    assert client.get("/my/sample-card/").status_code == 404
    assert client.get("/my/digital-auth/callback?code=a&state=b")["Location"].startswith("/my/digital-auth/")
    assert client.get("/my/digital-auth/choose").status_code == 302
    sign_in(client, a_resident_account())
    account = client.get(HOME).content.decode()
    assert "まだ使えません（未設定）" in account and "カードを結び付ける" not in account


def test_sessions_are_found_by_their_digest(client: Client) -> None:
    show(client)
    assert isinstance(session_of(client), SessionStore)


def test_whoever_registered_by_card_adds_a_mail_address_and_may_then_end_the_link(client: Client) -> None:
    show(client)
    client.post("/my/digital-auth/choose", {"act": "register", "name": ""})
    link = LinkedIdentity.objects.get()
    assert client.get(ONWARD).status_code == 200
    client.post(ONWARD, {"action_add": "1", "email": "taro@example.jp"})
    code = re.search(r"^\s*(\d{6})\s*$", mail.outbox[-1].body, re.M)
    assert code is not None
    client.post("/my/register/code", {"action": "verify", "code": code.group(1)})
    link.account.refresh_from_db()
    assert link.account.email == "taro@example.jp"
    client.post(f"/my/digital-auth/{link.public_id}/unlink")
    assert not LinkedIdentity.objects.exists()


def test_an_account_without_mail_is_not_offered_a_code_by_mail(client: Client) -> None:
    show(client)
    client.post("/my/digital-auth/choose", {"act": "register", "name": ""})
    page = client.get("/my/account/confirm").content.decode()
    assert "メールの番号で" not in page and "マイナンバーカードで確かめる" in page


def test_a_mail_address_shown_without_an_account_is_the_lowest_level(client: Client) -> None:
    assert asked_by(client).level is IdentityLevel.NONE
    request = a_request(client)
    remember_mail_proof(request, "Hanako@Example.jp")
    request.session.save()
    client.cookies["yakuba_session"] = request.session.session_key
    seen = asked_by(client)
    assert (seen.level, seen.proof.by, seen.mail) == (IdentityLevel.MAIL, "mail", "hanako@example.jp")
    assert asked_by(client, minutes=61).level is IdentityLevel.NONE and not asked_by(client, minutes=61).mail
    assert IdentityLevel.NONE < IdentityLevel.MAIL < IdentityLevel.ACCOUNT < IdentityLevel.PUBLIC_AUTH
    assert [one.key for one in IdentityLevel] == ["none", "mail", "account", "public_auth"]
