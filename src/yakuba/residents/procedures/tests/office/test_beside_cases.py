"""Letters, receipts of other channels, templates, handling, disposal, and the homes."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.api import Case
from yakuba.kernel.cases.models import (
    AnswerTemplate,
    DisposalList,
    Draw,
    ExternalReceipt,
    Handling,
    Notice,
    Programme,
)
from yakuba.kernel.cases.services import ask_correction, assign_case, complete_case, send_notice
from yakuba.kernel.cases.tests.deciding import decided, lettered
from yakuba.kernel.cases.tests.world import CLOCK, HANAKO, TODAY
from yakuba.kernel.home.api import entries_of, work_of
from yakuba.kernel.home.plugins import search
from yakuba.kernel.identity.models import Account
from yakuba.kernel.identity.tests.people import a_resident_account, sign_in
from yakuba.kernel.values.api import FixedClock

pytestmark = pytest.mark.django_db
MY_NUMBER = "123456789018"


def words(answer) -> str:
    return answer.content.decode()


class TestLetters:
    @pytest.fixture
    def notice(self, world) -> Notice:
        return lettered(world, decided(world, world.submit()))

    def test_what_waits_to_be_sent_lies_in_its_box(self, world, seat, notice) -> None:
        page = seat().get(reverse("office-case-letters"))
        assert notice.case.number in words(page)
        counted = {one["title"]: one["badge"] for one in page.context["tabs"]}
        assert counted["紙で送る前"] == 1

    def test_ticked_letters_are_sent_at_once(self, world, seat, notice) -> None:
        client = seat()
        answer = client.post(
            reverse("office-case-letters-send"), {"picked": [notice.public_id, "nothing"]}, follow=True
        )
        assert "1通を送りました" in words(answer)
        notice.refresh_from_db()
        assert notice.state == "sent"
        assert "送れませんでした" not in words(answer)
        again = client.post(reverse("office-case-letters-send"), {"picked": [notice.public_id]}, follow=True)
        assert "もう送られています" in words(again)

    def test_letters_of_other_sections_are_nowhere(self, world, seat, notice) -> None:
        other = seat("教育 主事")
        for box in ("paper", "electronic", "unopened", "making", "all"):
            assert notice.case.number not in words(other.get(reverse("office-case-letters"), {"box": box}))
        other.post(reverse("office-case-letters-send"), {"picked": [notice.public_id]})
        notice.refresh_from_db()
        assert notice.state == "ready"

    def test_what_nobody_opened_says_when_it_goes_on_paper(self, world, seat) -> None:
        case = world.submit(accepts_enotice=True, password="hirakanai-1")
        notice = lettered(world, decided(world, case))
        send_notice(by=world.clerk(), notice=notice, clock=CLOCK)
        page = words(seat().get(reverse("office-case-letters"), {"box": "unopened"}))
        assert case.number in page and "紙に" in page


class TestReceipts:
    URL = reverse("office-case-receipts-import")

    def send(self, client, text: str, channel: str = "mynaportal", name: str = "list.csv"):
        file = SimpleUploadedFile(name, text.encode("utf-8-sig"), content_type="text/csv")
        return client.post(self.URL, {"channel": channel, "file": file}, follow=True)

    def test_a_list_is_taken_in_and_twice_changes_nothing(self, world, seat) -> None:
        text = "手続,受付番号,受付日時,状態\r\n見本の手続き（application）,A-1,2026-11-02 09:30,受付済\r\n"
        client = seat()
        assert "新しい受付1件" in words(self.send(client, text))
        assert "新しい受付0件" in words(self.send(client, text))
        assert ExternalReceipt.objects.get().number == "A-1"
        assert "A-1" in words(client.get(reverse("office-case-receipts")))

    def test_a_wrong_list_comes_back_marked_and_nothing_of_it_is_kept(self, world, seat) -> None:
        text = "手続,受付番号,受付日時,状態\r\nない手続き,A-1,2026-11-02 09:30,受付済\r\n"
        client = seat()
        answer = self.send(client, text)
        assert answer.status_code == 422 and "カタログにない手続き" in words(answer)
        assert not ExternalReceipt.objects.exists()
        sheet = client.get(reverse("office-case-receipts-errors", args=[answer.context["token"]]))
        assert sheet.status_code == 200 and sheet.content[:2] == b"PK"
        stolen = seat("教育 主事").get(reverse("office-case-receipts-errors", args=[answer.context["token"]]))
        assert stolen.status_code == 404

    @pytest.mark.parametrize(
        ("text", "name"),
        [("", "empty.csv"), ("a,b\r\n1,2\r\n", "other.csv"), ("\x00\x01\x02", "bad.xlsx"),
         (f"手続,受付番号,受付日時,状態,備考\r\nx,1,2026-11-02,受付済,{MY_NUMBER}\r\n", "number.csv")],
    )  # fmt: skip
    def test_hostile_lists_are_refused_in_words(self, world, seat, text, name) -> None:
        answer = self.send(seat(), text, name=name)
        assert answer.status_code == 422
        assert not ExternalReceipt.objects.exists()

    def test_a_clerk_takes_in_no_list_of_another_section(self, world, seat) -> None:
        text = "手続,受付番号,受付日時,状態\r\n見本の手続き（school）,A-1,2026-11-02 09:30,受付済\r\n"
        assert "あなたの課の手続きではありません" in words(self.send(seat(), text))

    def test_receipts_are_given_to_colleagues(self, world, seat) -> None:
        self.send(seat(), "手続,受付番号,受付日時,状態\r\n見本の手続き（application）,A-1,2026-11-02 09:30,受付済\r\n")
        receipt = ExternalReceipt.objects.get()
        staff = world.hall.staff["行政 主事"]
        seat().post(reverse("office-case-receipts-assign"), {"picked": [receipt.public_id], "who": staff.public_id})
        receipt.refresh_from_db()
        assert receipt.assignee == staff
        seat("教育 主事").post(reverse("office-case-receipts-assign"), {"picked": [receipt.public_id], "who": "x"})
        assert ExternalReceipt.objects.get().assignee == staff

    def test_the_template_has_the_columns(self, world, seat) -> None:
        assert "手続,受付番号,受付日時,状態" in seat().get(reverse("office-case-receipts-template")).content.decode(
            "utf-8-sig"
        )


class TestTemplates:
    def test_a_template_is_made_changed_and_taken_out_of_use(self, world, seat) -> None:
        client = seat()
        section = world.hall.sections["行政管理班"].public_id
        sent = {
            "section": section,
            "procedure": "",
            "use": "correction",
            "title": "写真",
            "words": "撮り直してください",
        }
        client.post(reverse("office-case-template-new"), sent)
        kept = AnswerTemplate.objects.get()
        assert kept.words == "撮り直してください"
        client.post(reverse("office-case-template", args=[kept.public_id]), sent | {"is_retired": "on"})
        kept.refresh_from_db()
        assert kept.is_retired
        assert "使わない" in words(client.get(reverse("office-case-templates")))

    @pytest.mark.parametrize(
        "sent", [{"title": ""}, {"words": " "}, {"use": "x"}, {"section": "x"}, {"words": f"番号 {MY_NUMBER}"}]
    )
    def test_what_is_wrong_stays_on_the_page(self, world, seat, sent) -> None:
        section = world.hall.sections["行政管理班"].public_id
        good = {"section": section, "procedure": "", "use": "note", "title": "題", "words": "文の中身"}
        answer = seat().post(reverse("office-case-template-new"), {**good, **sent})
        assert answer.status_code == 422
        assert not AnswerTemplate.objects.exists()

    def test_other_sections_neither_see_nor_change_it(self, world, seat) -> None:
        section = world.hall.sections["行政管理班"].public_id
        good = {"section": section, "procedure": "", "use": "note", "title": "うちの文", "words": "中身"}
        seat().post(reverse("office-case-template-new"), good)
        kept = AnswerTemplate.objects.get()
        other = seat("教育 主事")
        assert "うちの文" not in words(other.get(reverse("office-case-templates")))
        assert other.post(reverse("office-case-template", args=[kept.public_id]), good).status_code == 404


class TestHandling:
    def test_the_section_says_how_its_cases_are_handled(self, world, seat) -> None:
        client = seat()
        url = reverse("office-case-handling", args=[world.procedures["application"].key])
        assert "標準のまま" in words(client.get(url))
        client.post(
            url, {"edition": "0", "act_kind": "disposition", "decider": "authority_head", "correction_days": "7"}
        )
        held = Handling.objects.get()
        assert (held.decider, held.correction_days) == ("authority_head", 7)
        late = client.post(url, {"edition": "0", "act_kind": "disposition", "decider": "section_head"})
        assert late.status_code == 422 and "この取扱いを変えました" in words(late)

    def test_a_notification_is_never_a_disposition(self, world, seat) -> None:
        url = reverse("office-case-handling", args=[world.procedures["notification"].key])
        answer = seat().post(url, {"edition": "0", "act_kind": "disposition", "decider": "section_head"})
        assert answer.status_code == 422 and "届出には処分" in words(answer)

    def test_places_and_draws_of_sign_ups(self, world, seat) -> None:
        client = seat()
        key = world.procedures["sign_up"].key
        world.submit("sign_up"), world.submit("sign_up")
        url = reverse("office-case-handling", args=[key])
        refused = client.post(reverse("office-case-handling-draw", args=[key]), {"reserves": "0"})
        assert refused.status_code == 422 and "定員が決まっていません" in words(refused)
        client.post(
            url,
            {"edition": "0", "act_kind": "other", "decider": "section_head", "places": "1", "sign_up_mode": "lottery"},
        )
        client.post(reverse("office-case-handling-draw", args=[key]), {"reserves": "1"})
        assert len(Draw.objects.get().order) == 2
        assert "2件（当選 1、補欠 1）" in words(client.get(url))

    def test_the_budget_of_a_subsidy(self, world, seat) -> None:
        client = seat("産業 課長")
        procedure = world.procedures["subsidy"]
        page = client.get(reverse("office-case-handling", args=[procedure.key]))
        year = page.context["budgets"][0]["year"].year
        url = reverse("office-case-programme", args=[procedure.key, year])
        client.post(
            url, {"edition": "0", "ceiling": "3000000", "most_per_grant": "", "report_by": "", "ground": "要綱"}
        )
        assert Programme.objects.get().ceiling == 3_000_000
        assert client.post(url, {"edition": "0", "ceiling": "-1"}).status_code == 422
        assert (
            client.post(reverse("office-case-programme", args=[procedure.key, year + 40]), {"ceiling": "1"}).status_code
            == 404
        )

    def test_other_sections_do_not_reach_it(self, world, seat) -> None:
        url = reverse("office-case-handling", args=[world.procedures["application"].key])
        assert seat("教育 主事").get(url).status_code == 404
        assert seat("教育 主事").post(url, {}).status_code == 404


class TestDisposal:
    @pytest.fixture
    def old(self, world) -> Case:
        case = world.submit("notification", clock=FixedClock(date(2015, 5, 1)))
        complete_case(by=world.clerk(on=TODAY), case=case, clock=FixedClock(date(2015, 5, 7)))
        return case

    def draw_up(self, world, client) -> DisposalList:
        section = world.hall.sections["行政管理班"].public_id
        client.post(reverse("office-case-disposals"), {"section": section, "until": "2026-04-01"})
        return DisposalList.objects.get()

    def test_one_draws_up_and_another_approves(self, world, seat, old) -> None:
        clerk, head = seat(), seat("総務 課長")
        disposal = self.draw_up(world, clerk)
        url = reverse("office-case-disposal", args=[disposal.public_id])
        page = words(clerk.get(url))
        assert old.number in page and old.applicant_name not in page
        assert clerk.post(reverse("office-case-disposal-act", args=[disposal.public_id, "approve"])).status_code == 403
        assert "廃棄を承認する" in words(head.get(url))
        head.post(reverse("office-case-disposal-act", args=[disposal.public_id, "approve"]))
        disposal.refresh_from_db()
        assert disposal.state == "approved"

    def test_nothing_to_dispose_of_is_said(self, world, seat) -> None:
        section = world.hall.sections["行政管理班"].public_id
        answer = seat().post(reverse("office-case-disposals"), {"section": section, "until": "2026-04-01"})
        assert "保存期間の終わった案件はありません" in words(answer)

    def test_other_sections_see_no_list(self, world, seat, old) -> None:
        disposal = self.draw_up(world, seat())
        other = seat("教育 主事")
        assert other.get(reverse("office-case-disposal", args=[disposal.public_id])).status_code == 404
        assert other.post(reverse("office-case-disposal-act", args=[disposal.public_id, "drop"])).status_code == 404

    def test_a_list_can_be_given_up(self, world, seat, old) -> None:
        client = seat()
        disposal = self.draw_up(world, client)
        client.post(reverse("office-case-disposal-act", args=[disposal.public_id, "drop"]))
        disposal.refresh_from_db()
        assert disposal.state == "dropped"


class TestHomes:
    def test_the_clerk_s_home_has_their_cases_with_deadlines_and_what_has_no_clerk(self, world) -> None:
        mine = world.submit()
        world.submit("notification")
        assign_case(by=world.clerk(), case=mine, to=world.hall.staff["行政 主事"], clock=CLOCK)
        items = [one for one in work_of(world.clerk(), CLOCK) if one.kind == "受付案件"]
        assert {one.lane: one.due for one in items if mine.number in one.note} == {"mine": date(2026, 11, 10)}
        assert any("担当の決まっていない案件が1件" in one.title for one in items)
        assert not [one for one in work_of(world.clerk("教育 主事"), CLOCK) if one.kind == "受付案件"]

    def test_the_resident_s_home_has_open_cases_corrections_first_and_drafts(self, world) -> None:
        case = world.submit()
        ask_correction(
            by=world.clerk(),
            case=case,
            items=[("reason", "詳しく")],
            message="",
            deadline=date(2026, 11, 16),
            clock=CLOCK,
        )
        world.begin()
        entries = [one for one in entries_of(HANAKO, CLOCK) if one.group == "applications"]
        assert len(entries) == 2
        first = entries[0]
        assert first.due == date(2026, 11, 16) and first.url == reverse("correct-case", args=[case.public_id])
        assert first.note is not None and all(first.note.in_language(one) for one in ("ja", "ja-easy", "en"))
        stranger = Person(id="acct-other", name="他人", kind=PersonKind.RESIDENT)
        assert not [one for one in entries_of(stranger, CLOCK) if one.group == "applications"]

    def test_the_search_finds_what_the_person_sees_and_nothing_else(self, world) -> None:
        case = world.submit()
        for asked in (case.number, "花子"):
            assert [one.url for one in search(world.clerk(), asked) if one.kind == "受付案件"] == [
                reverse("office-case", args=[case.public_id])
            ]
            assert not [one for one in search(world.clerk("教育 主事"), asked) if one.kind == "受付案件"]

    def test_the_menu_leads_to_the_worklist_of_clerks_only(self, world, seat) -> None:
        assert reverse("office-cases") in words(seat().get(reverse("office-home")))
        assert reverse("office-cases") not in words(seat("町長 一郎").get(reverse("office-home")))


def test_residents_and_visitors_do_not_get_into_the_office(world) -> None:
    account: Account = a_resident_account()
    client = Client()
    sign_in(client, account)
    for who in (client, Client()):
        for name in (
            "office-cases",
            "office-enter",
            "office-case-letters",
            "office-case-receipts",
            "office-case-disposals",
        ):
            assert who.get(reverse(name)).status_code in (302, 403)


def test_pages_beside_cases_open_for_who_may(world, seat) -> None:
    with unaudited_writes("test"):
        client = seat()
    for name in (
        "office-case-letters", "office-case-receipts", "office-case-templates", "office-case-handlings",
        "office-case-disposals", "office-enter", "office-case-receipts-import", "office-case-template-new",
    ):  # fmt: skip
        assert client.get(reverse(name)).status_code == 200, name
