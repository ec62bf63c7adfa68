"""The counter registers who acts for whom: the paper, the account found for it, only then the power."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from yakuba.kernel.access.api import Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.cases.models import Case, CaseParty
from yakuba.kernel.forms.models import Filling
from yakuba.kernel.identity.models import Account, LinkedIdentity
from yakuba.kernel.identity.tests.people import a_resident_account, a_staff_account, sign_in
from yakuba.kernel.notify.models import Delivery, Message
from yakuba.kernel.parameters.api import town_clock
from yakuba.kernel.people.models import Mandate, Protection
from yakuba.kernel.people.rules.protections import Ground
from yakuba.kernel.people.services.protect import protect
from yakuba.kernel.people.tests.persons import KEEPER
from yakuba.residents.procedures.queries.mandates import scope_words
from yakuba.residents.procedures.tests.counter import TYPED, start_of
from yakuba.residents.procedures.tests.filling import picture
from yakuba.residents.procedures.tests.own import answer
from yakuba.residents.procedures.views.office.mandates import NAME_DIFFERS

PAPER = {
    "kind": "letter",
    "principal_name": "見本　花子",
    "principal_born_on": "S55.5.1",
    "principal_address": "会津坂下町字見本1番地",
    "principal_mail": "",
    "agent_name": "例示　太郎",
    "agent_address": "会津坂下町字例示2番地",
    "agent_mail": "taro@example.jp",
    "scope": "chosen",
    "procedures": ["sample-application"],
    "starts_on": "",
    "last_day": "",
    "evidence_note": "委任状（原本）と、代理人の運転免許証",
}
ABOUT_ME = {"name": "例示 太郎", "address": "会津坂下町字例示2番地", "phone": "0242-00-0001", "mail": ""}


def paper(**changed: Any) -> dict[str, Any]:
    today = town_clock().today()
    given = {**PAPER, "starts_on": today.isoformat(), "last_day": (today + timedelta(days=90)).isoformat()}
    return {**given, **changed}


@pytest.fixture
def taro(world: Any) -> Account:
    return a_resident_account("taro@example.jp", name="例示 太郎")


@pytest.fixture
def hanako(world: Any) -> Account:
    return a_resident_account("hanako@example.jp", name="見本 花子")


def register(clerk: Client, **changed: Any) -> Mandate:
    """Look, then register."""
    looked = clerk.post("/office/mandates/new", paper(**changed, act="check"))
    assert looked.status_code == 200 and not Mandate.objects.exists(), "looking registers nothing"
    done = clerk.post("/office/mandates/new", {**paper(**changed), "act": "save"}, follow=True)
    assert done.status_code == 200, done.content.decode()
    return Mandate.objects.get(state="in_force")


def begin(client: Client, world: Any, ground: str) -> Any:
    page = client.post(start_of(world, "application"), {"for_whom": ground}, follow=True)
    assert page.request["PATH_INFO"].endswith("/agent/"), page.content.decode()[-1500:]
    page = client.post(page.request["PATH_INFO"], ABOUT_ME, follow=True)
    return answer(client, answer(client, page))


def seated(account: Account) -> Client:
    client = Client()
    sign_in(client, account)
    return client


class TestTheWholeWay:
    def test_from_the_counter_to_the_case_and_no_further_once_revoked(self, world, seat, taro, hanako) -> None:
        clerk, agent = seat(), seated(taro)
        mandate = register(clerk, principal_mail="hanako@example.jp")
        assert (mandate.principal_account, mandate.agent_account) == (hanako.public_id, taro.public_id)
        assert mandate.scope == ["sample-application"] and mandate.evidence_note.startswith("委任状（原本）")

        assert "見本　花子 さんの代わり" in agent.get(start_of(world, "application")).content.decode()
        check = begin(agent, world, mandate.public_id)
        receipt = agent.post(check.request["PATH_INFO"], follow=True)
        case = Case.objects.get(pk=receipt.context["case"].pk)
        assert CaseParty.objects.get(case=case, role="agent").mandate == mandate
        shown = clerk.get(f"/office/cases/{case.public_id}/").content.decode()
        assert f'href="/office/mandates/{mandate.public_id}/"' in shown and "委任状による代理" in shown
        assert case.number in clerk.get(f"/office/mandates/{mandate.public_id}/").content.decode()

        draft = begin(agent, world, mandate.public_id).request["PATH_INFO"]
        revoked = clerk.post(f"/office/mandates/{mandate.public_id}/revoke", {"reason": "本人の申出"}, follow=True)
        assert "委任を取り消しました" in revoked.content.decode() and "本人の申出" in revoked.content.decode()

        assert mandate.public_id not in agent.get(start_of(world, "application")).content.decode()
        seen = agent.get(draft).content.decode()
        assert "この委任では、もう送れません" in seen and "送信する</button>" not in seen
        assert agent.post(draft).status_code == 422
        assert Case.objects.count() == 1 and Filling.objects.filter(state="sent").count() == 1
        assert "今は取消し" in clerk.get(f"/office/cases/{case.public_id}/").content.decode()

    def test_who_was_revoked_opens_the_case_no_more_and_the_applicant_is_told_from_then_on(
        self, world, seat, taro, hanako
    ) -> None:
        clerk, agent = seat(), seated(taro)
        mandate = register(clerk, principal_mail="hanako@example.jp")
        receipt = agent.post(begin(agent, world, mandate.public_id).request["PATH_INFO"], follow=True)
        case = Case.objects.get(pk=receipt.context["case"].pk)
        assert agent.get(f"/my/cases/{case.public_id}/").status_code == 200
        clerk.post(f"/office/mandates/{mandate.public_id}/revoke", {"reason": "本人の申出"})
        fresh = seated(taro)
        assert fresh.get(f"/my/cases/{case.public_id}/").status_code == 404
        assert fresh.get(receipt.request["PATH_INFO"]).status_code == 404
        theirs = seated(hanako).get(f"/my/cases/{case.public_id}/").content.decode()
        assert "これからのお知らせは、本人に届きます" in theirs
        case.refresh_from_db()
        assert (case.agent_account, case.applicant_account) == ("", hanako.public_id)

    def test_a_draft_is_refused_too_when_the_period_is_over(self, world, seat, taro) -> None:
        agent = seated(taro)
        mandate = register(seat())
        draft = begin(agent, world, mandate.public_id).request["PATH_INFO"]
        with unaudited_writes("test"):
            Mandate.objects.update(starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 2))
        assert agent.post(draft).status_code == 422 and not Case.objects.exists()

    def test_a_mandate_serves_for_its_principal_only(self, world, seat, taro, monkeypatch) -> None:
        agent = seated(taro)
        mandate = register(seat())
        monkeypatch.setitem(TYPED["who"], "applicant_name.given", "華子")
        check = begin(agent, world, mandate.public_id)
        assert "申請する人の名前が、委任の登録と違います" in check.content.decode()
        assert agent.post(check.request["PATH_INFO"]).status_code == 422 and not Case.objects.exists()


class TestTelling:
    def test_both_are_told_and_the_mail_says_nothing_of_it(self, world, seat, taro, hanako) -> None:
        clerk = seat()
        mandate = register(clerk, principal_mail="hanako@example.jp")
        told = {one.account: one for one in Message.objects.all()}
        mine, theirs = told[taro.public_id], told[hanako.public_id]
        assert (mine.kind, theirs.kind) == ("procedures.may_act", "procedures.agent_registered")
        assert "見本　花子さん" in mine.texts["body"]["ja"] and "例示　太郎さん" in theirs.texts["body"]["ja"]
        assert all("字見本" not in str(one.texts) and "字例示" not in str(one.texts) for one in told.values())
        assert mine.link == theirs.link == "/my/mandates/"
        assert Delivery.objects.filter(channel="mail").count() == 2
        clerk.post(f"/office/mandates/{mandate.public_id}/revoke", {"reason": "秘密の事情"})
        after = Message.objects.filter(kind__in=("procedures.may_act_no_more", "procedures.agent_revoked"))
        assert {one.account for one in after} == {taro.public_id, hanako.public_id}
        assert "秘密の事情" not in str([one.texts for one in after])

    def test_a_principal_without_account_is_no_fault(self, world, seat, taro) -> None:
        register(seat())
        assert [one.account for one in Message.objects.all()] == [taro.public_id]

    def test_each_language_reads_it(self, world, seat, taro) -> None:
        register(seat())
        texts = Message.objects.get().texts["body"]
        assert texts["en"].startswith("The town hall registered you") and "代（か）わり" in texts["ja-easy"]


class TestTheAccount:
    def test_the_name_found_stands_beside_the_name_on_the_paper(self, world, seat, taro) -> None:
        html = seat().post("/office/mandates/new", paper(act="check")).content.decode()
        assert "例示　太郎" in html and "例示 太郎" in html and "紙と同じ" in html
        assert "t…@example.jp" in html and "利用登録によるログイン" in html
        seen = AuditEvent.objects.get(verb="procedures.mandate_account")
        assert seen.subjects == [f"identity.account:{taro.public_id}"]

    def test_a_card_linked_to_the_account_is_said(self, world, seat, taro) -> None:
        now = town_clock().now()
        with unaudited_writes("test"):
            LinkedIdentity.objects.create(account=taro, issuer="i", subject="s", linked_at=now, last_used_at=now)
        html = seat().post("/office/mandates/new", paper(act="check")).content.decode()
        assert "公的個人認証による本人確認" in html

    def test_another_name_needs_a_word_of_the_clerk(self, world, seat) -> None:
        stranger = a_resident_account("taro@example.jp", name="他人 三郎")
        clerk = seat()
        looked = clerk.post("/office/mandates/new", paper(act="check")).content.decode()
        assert "紙と違う" in looked and "他人 三郎" in looked
        refused = clerk.post("/office/mandates/new", paper(act="save"))
        assert refused.status_code == 422 and "確かめてから、印を付けてください" in refused.content.decode()
        assert "会津坂下町字例示2番地" in refused.content.decode() and not Mandate.objects.exists()
        clerk.post("/office/mandates/new", paper(act="save", is_sure="on"))
        kept = Mandate.objects.get()
        assert kept.agent_account == stranger.public_id and kept.evidence_note.endswith(NAME_DIFFERS)

    def test_an_account_without_a_name_is_not_taken_for_the_agents(self, world, seat) -> None:
        a_resident_account("taro@example.jp", name="")
        html = seat().post("/office/mandates/new", paper(act="check")).content.decode()
        assert "名前の登録がありません" in html and "紙と違う" in html
        assert "taro@example.jp</" not in html, "nor does the address stand in for a name"

    @pytest.mark.parametrize("case", ["nobody", "staff", "unconfirmed", "locked"])
    def test_nobodys_address_names_the_way_out(self, world, seat, case) -> None:
        if case == "unconfirmed":
            account = a_resident_account("taro@example.jp", name="例示 太郎")
            with unaudited_writes("test"):
                account.emailaddress_set.create(email="taro@example.jp", verified=False, primary=True)
        if case == "locked":
            account = a_resident_account("taro@example.jp", name="例示 太郎")
            with unaudited_writes("test"):
                Account.objects.filter(pk=account.pk).update(is_active=False)
        if case == "staff":
            a_staff_account("taro@example.jp", name="例示 太郎")
        page = seat().post("/office/mandates/new", paper(act="save", is_sure="on"))
        html = page.content.decode()
        assert page.status_code == 422 and "手続きのたびに委任状の写真を付けてもらって" in html
        assert 'value="見本　花子"' in html and "会津坂下町字見本1番地" in html
        assert not Mandate.objects.exists()

    def test_a_confirmed_address_is_found_in_any_case(self, world, seat, taro) -> None:
        with unaudited_writes("test"):
            taro.emailaddress_set.create(email="taro@example.jp", verified=True, primary=True)
        assert register(seat(), agent_mail="Taro@Example.JP").agent_account == taro.public_id

    def test_one_address_of_two_accounts_is_not_guessed(self, world, seat, taro) -> None:
        second = a_resident_account("second@example.jp", name="例示 次郎")
        with unaudited_writes("test"):
            Account.objects.filter(pk=second.pk).update(email="taro@example.jp")
        page = seat().post("/office/mandates/new", paper(act="check"))
        assert page.status_code == 422 and "二つ以上あります" in page.content.decode()

    def test_principal_and_agent_are_two(self, world, seat, taro) -> None:
        page = seat().post("/office/mandates/new", paper(act="check", principal_mail="taro@example.jp"))
        assert page.status_code == 422 and "同じアカウント" in page.content.decode()


class TestThePaper:
    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"principal_name": ""}, "principal_name"),
            ({"principal_born_on": ""}, "生年月日を入力してください"),
            ({"agent_mail": ""}, "agent_mail"),
            ({"agent_mail": "no address"}, "agent_mail"),
            ({"procedures": []}, "手続きを選ぶか"),
            ({"procedures": ["no-such-procedure"]}, "procedures"),
            ({"evidence_note": ""}, "evidence_note"),
            ({"agent_address": "番号は123456789018"}, "個人番号"),
            ({"kind": "pigeon"}, "kind"),
        ],
    )
    def test_a_fault_is_said_and_nothing_typed_is_lost(self, world, seat, taro, changed, said) -> None:
        page = seat().post("/office/mandates/new", paper(**changed, act="save"))
        html = page.content.decode()
        assert page.status_code == 422 and said in html and not Mandate.objects.exists()
        assert "会津坂下町字見本1番地" in html and "エラー：" in html

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"last_day": ""}, "1年以内の日"),
            ({"last_day": "2030-01-01"}, "期間が長すぎます"),
            ({"kind": "parent"}, "成年になるため"),
        ],
    )
    def test_what_the_rules_refuse_stands_at_the_form(self, world, seat, taro, changed, said) -> None:
        page = seat().post("/office/mandates/new", paper(**changed, act="save"))
        html = page.content.decode()
        assert page.status_code == 422 and said in html and "会津坂下町字見本1番地" in html
        assert not Mandate.objects.exists()

    def test_going_back_keeps_everything(self, world, seat, taro) -> None:
        page = seat().post("/office/mandates/new", paper(act="back"))
        html = page.content.decode()
        assert page.status_code == 200 and 'value="例示　太郎"' in html and "委任を登録する" in html
        assert 'value="sample-application"' in html and "checked" in html and not Mandate.objects.exists()

    def test_a_parent_needs_no_last_day(self, world, seat, taro) -> None:
        mandate = register(seat(), kind="parent", principal_born_on="2020-05-01", last_day="", scope="everything")
        assert mandate.last_day == date(2038, 4, 30) and mandate.is_for_everything and mandate.scope == []

    def test_a_body_has_no_birth_and_its_officer_is_known_by_name(self, world, seat, taro) -> None:
        changed = {
            "kind": "officer",
            "principal_name": "株式会社見本",
            "principal_born_on": "",
            "agent_name": "株式会社見本　総務係　例示　太郎",
        }
        mandate = register(seat(), **changed)
        assert mandate.principal_born_on is None and not mandate.evidence_note.endswith(NAME_DIFFERS)

    def test_pressed_twice_it_is_one(self, world, seat, taro) -> None:
        clerk = seat()
        for _ in range(2):
            assert clerk.post("/office/mandates/new", paper(act="save")).status_code == 302
        assert Mandate.objects.count() == 1 and Message.objects.count() == 1

    def test_only_procedures_that_take_an_agent_are_offered(self, world, seat) -> None:
        offered = dict(seat().get("/office/mandates/new").context["form"].fields["procedures"].choices)
        assert "sample-application" in offered
        with unaudited_writes("test"):
            version = world.versions["small"] if "small" in world.versions else next(iter(world.versions.values()))
            version.definition["steps"][0]["questions"] = [
                one for one in version.definition["steps"][0]["questions"] if one["key"] != "mandate"
            ]
            version.save()
        page = seat().get("/office/mandates/new")
        assert not page.context["form"].fields["procedures"].choices
        assert "いまは一つも公開されていません" in page.content.decode()

    def test_a_case_with_a_letter_leads_here_with_what_is_known(self, world, seat, taro) -> None:
        agent = seated(taro)
        page = agent.post(start_of(world, "application"), {"for_whom": "letter"}, follow=True)
        page = agent.post(page.request["PATH_INFO"], ABOUT_ME, follow=True)
        check = answer(agent, answer(agent, page, mandate=picture()))
        case = Case.objects.get(pk=agent.post(check.request["PATH_INFO"], follow=True).context["case"].pk)
        clerk = seat()
        link = f"/office/mandates/new?case={case.public_id}"
        assert link in clerk.get(f"/office/cases/{case.public_id}/").content.decode()
        form = clerk.get(link).context["form"]
        assert form["principal_name"].value() == "見本　花子" and form["agent_name"].value() == "例示 太郎"
        assert form["procedures"].value() == ["sample-application"]
        with unaudited_writes("test"):
            Protection.objects.all().delete()
        protected("例示　太郎", None)
        hidden = clerk.get(link).context["form"]
        assert not hidden["agent_address"].value() and hidden["agent_name"].value() == "例示 太郎"


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.IT, Role.SECRETARIAT, Role.AUDITOR, Role.PROTECTION, None])
    def test_others_are_told_no(self, world, seat, taro, role) -> None:
        mandate = register(seat())
        other = seated(a_staff_account(post="専門員", roles=(role,))) if role else seat("町長 一郎")
        for address in ("/office/mandates/", "/office/mandates/new", f"/office/mandates/{mandate.public_id}/"):
            assert other.get(address).status_code == 403, address
        assert other.post("/office/mandates/new", paper(act="save")).status_code == 403
        assert other.post(f"/office/mandates/{mandate.public_id}/revoke", {"reason": "x"}).status_code == 403
        assert Mandate.objects.get().state == "in_force"

    def test_nobody_without_a_seat(self, world, seat, taro) -> None:
        mandate = register(seat())
        for address in ("/office/mandates/", "/office/mandates/new", f"/office/mandates/{mandate.public_id}/"):
            assert Client().get(address).status_code in (302, 403)

    def test_what_is_not_there_is_not_found(self, world, seat) -> None:
        clerk = seat()
        assert clerk.get("/office/mandates/0123456789abcdef/").status_code == 404
        assert clerk.post("/office/mandates/0123456789abcdef/revoke", {"reason": "x"}).status_code == 404


class TestFinding:
    def test_by_a_name_never_a_list(self, world, seat, taro) -> None:
        register(seat())
        other = seat("行政 班長")
        page = other.get("/office/mandates/")
        assert page.status_code == 200 and "見本　花子" not in page.content.decode()
        found = other.get("/office/mandates/", {"name": "例示太郎"}).content.decode()
        assert "見本　花子" in found and "所得" not in found and "字見本" not in found
        assert "見つかりませんでした" in other.get("/office/mandates/", {"name": "佐藤"}).content.decode()
        short = other.get("/office/mandates/", {"name": "花"})
        assert short.status_code == 422 and "短すぎます" in short.content.decode()
        number = other.get("/office/mandates/", {"name": "123456789018"})
        assert number.status_code == 422

    def test_ones_own_of_today_are_at_hand(self, world, seat, taro) -> None:
        clerk = seat()
        register(clerk)
        assert "今日、自分が登録した委任" in clerk.get("/office/mandates/").content.decode()

    def test_reading_one_is_logged(self, world, seat, taro) -> None:
        clerk = seat()
        mandate = register(clerk)
        html = clerk.get(f"/office/mandates/{mandate.public_id}/").content.decode()
        assert "会津坂下町字見本1番地" in html and "t…@example.jp" in html and "taro@example.jp" not in html
        assert AuditEvent.objects.filter(verb="people.read_mandate").exists()

    def test_revoking_needs_a_reason_and_happens_once(self, world, seat, taro) -> None:
        clerk = seat()
        address = f"/office/mandates/{register(clerk).public_id}/revoke"
        empty = clerk.post(address, {"reason": ""})
        assert empty.status_code == 422 and Mandate.objects.get().state == "in_force"
        number = clerk.post(address, {"reason": "123456789018"})
        assert number.status_code == 422 and Mandate.objects.get().state == "in_force"
        assert clerk.post(address, {"reason": "本人の死亡"}).status_code == 302
        again = clerk.post(address, {"reason": "もう一度"})
        assert again.status_code == 422 and Mandate.objects.get().reason == "本人の死亡"


def protected(name: str, born_on: date | None) -> None:
    today = town_clock().today()
    protect(
        by=KEEPER,
        clock=town_clock(),
        name=name,
        born_on=born_on,
        account="",
        number="",
        ground=Ground.VIOLENCE,
        note="",
        starts_on=today - timedelta(days=10),
        last_day=today + timedelta(days=10),
    )


class TestProtectedPeople:
    def test_no_place_is_kept_or_shown(self, world, seat, taro) -> None:
        protected("見本　花子", date(1980, 5, 1))
        clerk = seat()
        looked = clerk.post("/office/mandates/new", paper(act="check")).content.decode()
        assert "支援措置の対象者がいます" in looked and ">会津坂下町字見本1番地" not in looked
        mandate = register(clerk)
        assert (mandate.principal_address, mandate.agent_address) == ("", "")

    def test_protection_that_began_later_hides_what_was_kept(self, world, seat, taro) -> None:
        clerk = seat()
        mandate = register(clerk)
        protected("例示　太郎", None)
        for address in ("/office/mandates/?name=花子", f"/office/mandates/{mandate.public_id}/"):
            html = clerk.get(address).content.decode()
            assert "字見本" not in html and "字例示" not in html and "昭和55年5月1日" not in html
            assert "見本　花子" in html


@pytest.mark.parametrize(
    ("titles", "said"),
    [
        (["所得証明書"], "所得証明書"),
        (["あ" * 100, "い" * 80, "う" * 80], f"{'あ' * 100}、{'い' * 80}ほか1件"),
    ],
)
def test_many_procedures_fit_one_line(titles: list[str], said: str) -> None:
    assert scope_words(titles) == said and len(said) <= 200
