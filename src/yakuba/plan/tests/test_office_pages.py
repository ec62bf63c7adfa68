"""The office works the plan through its pages; every seat sees and does what it may and nothing else."""

import re
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yakuba.kernel.access.api import Role
from yakuba.kernel.identity.tests.people import a_section, a_staff_account, sign_in
from yakuba.plan.models import (
    Advice,
    AgendaItem,
    Assessment,
    Meeting,
    MilestoneConfirmation,
    News,
    OodaLoop,
    PdcaEntry,
    PhaseConfirmation,
    PlanVersion,
    ProjectTeam,
    SavedWork,
    Survey,
    Task,
    TeamMember,
)
from yakuba.plan.rules.ooda import Stage
from yakuba.plan.tests.arranged import CLOCK, measured, plan_text

pytestmark = pytest.mark.django_db
PLAN = "/office/plan/"


def words_of_docx(content: bytes) -> str:
    with ZipFile(BytesIO(content)) as archive:
        return re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode())


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    import yakuba.kernel.identity.middleware as identity

    monkeypatch.setattr(identity, "town_clock", lambda: CLOCK)


def seat(*roles, name="坂下 花子"):
    client = Client()
    sign_in(client, a_staff_account(name=name, roles=roles))
    return client


@pytest.fixture
def secretary(real_plan):
    return seat(Role.SECRETARIAT, name="事務局 花子")


@pytest.fixture
def head(real_plan):
    return seat(Role.SECTION_HEAD, name="課長 太郎")


@pytest.fixture
def clerk(real_plan):
    return seat(Role.CLERK, name="担当 次郎")


def html_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code, answer.content.decode()[:300])
    return answer.content.decode()


def send(client, address, status=302, **values):
    answer = client.post(address, values)
    assert answer.status_code == status, (address, answer.status_code, _errors(answer))
    return answer


def _errors(answer):
    return re.findall(r'class="field__error">.*?</p>|error-summary__list">.*?</ul>', answer.content.decode(), re.S)


LISTS = (
    "",
    "loops/",
    "meetings/",
    "tasks/",
    "teams/",
    "advice/",
    "surveys/",
    "hours/",
    "news/",
    "versions/",
    "reports/",
)
FORMS = (
    "loops/new/",
    "meetings/new/",
    "tasks/new/",
    "teams/new/",
    "advice/new/",
    "surveys/new/",
    "hours/new/",
    "news/new/",
    "versions/revise/",
    "initiatives/1-1/grade/",
    "initiatives/1-1/pdca/plan/",
)


def test_a_visitor_is_led_to_the_sign_in_and_sees_nothing(client, real_plan):
    for page in (*LISTS, *FORMS, "initiatives/1-1/"):
        answer = client.get(PLAN + page)
        assert answer.status_code == 302 and "sign-in" in answer["Location"], page


def test_every_seat_reads_every_list(secretary, real_plan):
    for client in (secretary, seat(Role.ADVISER), seat(Role.AUDITOR), seat()):
        for page in (*LISTS, "initiatives/1-1/", "initiatives/2-6/?year=2027"):
            html = html_of(client, PLAN + page)
            assert html.count("<h1") == 1 and " style=" not in html, page


def test_forms_open_for_those_who_may_and_for_nobody_else(secretary, real_plan):
    for page in FORMS:
        assert "<form" in html_of(secretary, PLAN + page)
    for client in (seat(Role.AUDITOR), seat()):
        for page in FORMS:
            html_of(client, PLAN + page, 403)


def test_before_any_plan_the_board_says_how_to_begin(db):
    html = html_of(seat(Role.SECRETARIAT), PLAN)
    assert "計画がまだ読み込まれていません" in html and "versions/revise/" in html


class TestGrading:
    def test_a_head_grades_the_secretariat_publishes_and_the_public_reads(self, head, secretary, client):
        measured("procedures.online_live", (date(2026, 10, 31), 34))
        page = html_of(head, PLAN + "initiatives/1-1/grade/")
        assert "計画どおり" in page and "34手続き" in page
        send(
            head, PLAN + "initiatives/1-1/grade/", grade="B", reason="五つ増えた", evidence="手続きの一覧", next_step=""
        )
        given = Assessment.objects.get()
        assert (given.grade, given.proposed, given.fiscal_year) == ("B", "B", 2026)
        assert "34手続き" in given.findings[0]["words"]
        html_of(head, f"{PLAN}grades/{given.public_id}/release/", 403)
        assert "五つ増えた" not in html_of(client, "/plan/initiatives/1-1/")
        send(secretary, f"{PLAN}grades/{given.public_id}/release/", decided_in="第1回推進本部会議")
        assert "五つ増えた" in html_of(client, "/plan/initiatives/1-1/")

    def test_what_a_rule_refuses_stands_at_its_field_and_nothing_typed_is_lost(self, head):
        answer = send(
            head, PLAN + "initiatives/1-2/grade/", 422, grade="A", reason="順調", evidence="感触です", next_step=""
        )
        html = answer.content.decode()
        assert "30文字以上" in html and "順調" in html and "感触です" in html
        assert not Assessment.objects.exists()

    def test_empty_fields_are_named(self, head):
        html = send(head, PLAN + "initiatives/1-1/grade/", 422).content.decode()
        for words in ("評価を選んでください。", "理由を書いてください。", "根拠を書いてください。"):
            assert words in html

    def test_a_milestone_is_confirmed_and_taken_back(self, head, client, real_plan):
        page = html_of(head, PLAN + "initiatives/2-6/")
        address = re.search(r"/office/plan/milestones/\w+/", page)[0]
        send(head, address, on="2026-10-01", evidence="決裁文書")
        assert "確認済み" in html_of(client, "/plan/initiatives/2-6/")
        send(head, address, evidence="別の文書だった")
        assert list(MilestoneConfirmation.objects.values_list("is_met", flat=True).order_by("id")) == [True, False]

    def test_a_phase_is_confirmed_by_its_key(self, head, real_plan):
        page = html_of(head, PLAN + "initiatives/1-4/")
        address = re.search(r"/office/plan/initiatives/1-4/phase/\?phase=[^\"]+", page)[0]
        send(head, address, on="2026-11-01", evidence="調査報告書")
        assert PhaseConfirmation.objects.get().is_done
        html_of(head, PLAN + "initiatives/1-4/phase/?phase=none", 404)

    def test_pdca_meets_another_writer(self, clerk, head):
        address = PLAN + "initiatives/1-1/pdca/plan/"
        send(clerk, address, text="十を公開する", seen="")
        answer = send(head, address, 422, text="別の文", seen="")
        html = answer.content.decode()
        assert "担当 次郎さんが" in html and "十を公開する" in html and "別の文" in html
        send(head, address, text="十と別の文", seen=PdcaEntry.objects.get().public_id)
        assert PdcaEntry.objects.count() == 2


class TestLoops:
    def test_a_loop_goes_its_way_through_the_pages(self, clerk, real_plan):
        measured("line.friends_reachable", (date(2026, 11, 20), 850))
        kpi = real_plan.plan.kpis.get(key="1-7-friends")
        send(clerk, PLAN + "loops/new/", title="登録が伸びない", text="月に5人", kpi=kpi.public_id, initiative="")
        loop = OodaLoop.objects.get()
        assert (loop.value_before, loop.initiative.key) == (850, "1-7")
        address = f"{PLAN}loops/{loop.public_id}/"
        assert "850人" in html_of(clerk, address)
        html = send(clerk, address, 422, to="acted", text="飛ばす").content.decode()
        assert "飛ばす" in html
        for stage in (Stage.ORIENTED, Stage.DECIDED, Stage.ACTED, Stage.CLOSED):
            send(clerk, address, to=stage.value, text=f"{stage.label}を書いた")
        loop.refresh_from_db()
        assert (loop.stage, loop.value_after) == ("closed", 850)
        assert "変化なし" in html_of(clerk, address)


class TestMeetings:
    def test_from_the_agenda_to_final_minutes_and_a_done_task(self, secretary, clerk):
        section = a_section()
        send(
            secretary, PLAN + "meetings/new/", title="第1回", held_on="2026-11-20", place="大会議室", starts_at="10:00"
        )
        meeting = Meeting.objects.get()
        here = f"{PLAN}meetings/{meeting.public_id}/"
        send(secretary, here + "agenda/", title="今年度の進め方", initiative="", explanation="資料1")
        item = AgendaItem.objects.get()
        send(secretary, here + "move/", to="held")
        assert "決定の書かれていない議題" in send(secretary, here + "move/", 422, to="minuted").content.decode()
        send(
            secretary,
            f"{PLAN}agenda/{item.public_id}/",
            decision="案のとおり",
            discussion="意見なし",
            explanation="資料1",
        )
        send(
            secretary,
            f"{PLAN}agenda/{item.public_id}/task/",
            words="文案をつくる",
            section=section.public_id,
            owner="",
            due_on="2026-12-10",
            initiative="",
        )
        send(
            secretary,
            here + "edit/",
            title="第1回",
            held_on="2026-11-20",
            starts_at="10:00",
            place="大会議室",
            attendees="町長",
            summary="",
            seen_edition=Meeting.objects.get().edition,
        )
        send(secretary, here + "move/", to="minuted")
        assert "会議録（案）" not in html_of(secretary, here + "minutes/")
        assert secretary.get(here + "minutes.pdf").content.startswith(b"%PDF")
        sheet = secretary.get(here + "minutes.docx")
        assert "attachment" in sheet["Content-Disposition"]
        words = words_of_docx(sheet.content)
        told = ("第1回", "大会議室", "今年度の進め方", "案のとおり", "文案をつくる", "会議録確定")
        assert [one for one in told if one not in words] == []
        assert "{{" not in words
        assert "文案をつくる" in html_of(secretary, PLAN + "tasks/")
        task = Task.objects.get()
        send(clerk, f"{PLAN}tasks/{task.public_id}/", to="done", report="できた")
        assert Task.objects.get().state == "done"
        html_of(clerk, here + "edit/", 403)

    def test_overdue_tasks_are_listed_by_a_filter(self, secretary):
        a_section()
        section = a_section()
        send(
            secretary,
            PLAN + "tasks/new/",
            words="過ぎる",
            section=section.public_id,
            due_on="2026-11-23",
            owner="",
            initiative="",
        )
        assert "過ぎる" not in html_of(secretary, PLAN + "tasks/?state=overdue")
        assert "過ぎる" in html_of(secretary, PLAN + "tasks/?state=open")


class TestPeople:
    def test_teams_advice_news_and_hours(self, secretary, head, clerk, client, real_plan):
        section = a_section()
        account = a_staff_account(name="山田 一")
        initiative = real_plan.plan.initiatives.get(key="1-5")
        send(
            secretary,
            PLAN + "teams/new/",
            name="窓口",
            aim="書かない",
            initiatives=[initiative.public_id],
            section=section.public_id,
            starts_on="2026-11-01",
        )
        team = ProjectTeam.objects.get()
        send(secretary, f"{PLAN}teams/{team.public_id}/", staff=account.staff.public_id, role="leader")
        send(secretary, f"{PLAN}members/{TeamMember.objects.get().public_id}/leave/")
        send(secretary, f"{PLAN}teams/{team.public_id}/end/", result="できた")
        send(secretary, PLAN + "advice/new/", adviser="助言者", given_on="2026-11-01", initiative="", text="測ること")
        advice = Advice.objects.get()
        send(secretary, f"{PLAN}advice/{advice.public_id}/", is_accepted="yes", answer="測る")
        send(secretary, PLAN + "news/new/", title="始めました", initiative=initiative.public_id, text="本文")
        assert "始めました" in html_of(client, "/plan/initiatives/1-5/")
        news = News.objects.get()
        send(secretary, f"{PLAN}news/{news.public_id}/withdraw/", reason="誤り")
        assert "始めました" not in html_of(client, "/plan/news/")
        send(
            clerk,
            PLAN + "hours/new/",
            fiscal_year="2026",
            work="会議録",
            initiative="",
            minutes_before="180",
            minutes_after="60",
            cases="10",
            method="timed",
            evidence="計った",
        )
        saved = SavedWork.objects.get()
        assert "20.0" not in html_of(clerk, PLAN + "hours/").split("記録</h2>")[0]
        send(head, f"{PLAN}hours/{saved.public_id}/", is_approved="yes", reason="")
        assert "20.0" in html_of(clerk, PLAN + "hours/").split("記録</h2>")[0]
        for page in LISTS:
            html_of(clerk, PLAN + page)


class TestSurvey:
    HEAD = "設問番号,設問,満足度（%）,重要度（%）,回答数\n"

    def upload(self, client, text, status=302):
        file = SimpleUploadedFile("結果.csv", text.encode("cp932"), content_type="text/csv")
        return send(
            client,
            PLAN + "surveys/new/",
            status,
            title="住民満足度調査",
            held_on="2026-03-31",
            sent="2000",
            returned="900",
            how="郵送",
            file=file,
        )

    def test_shares_from_a_spreadsheet_become_a_chart_for_everybody(self, secretary, client):
        self.upload(secretary, self.HEAD + "1,手続き,44.3,76.9,900\n2,水道,80,85,900\n3,行事,60,30,5\n")
        survey = Survey.objects.get()
        assert survey.fiscal_year == 2025
        html = html_of(client, "/plan/survey/")
        assert "44.3" in html and "回答が少ない1設問は載せていません" in html
        assert "行事" not in html
        assert "行事" in html_of(secretary, f"{PLAN}surveys/{survey.public_id}/")
        csv = html_of(client, f"/plan/data/survey/{survey.public_id}.csv")
        assert "手続き" in csv and "行事" not in csv

    def test_counts_are_worked_out_without_the_blank_answers(self, secretary):
        head = "設問番号,設問,満足,やや満足,ふつう,やや不満,不満,満足度の無回答,重要,やや重要,重要度ふつう,あまり重要でない,重要でない,重要度の無回答\n"
        self.upload(secretary, head + "1,手続き,120,323,300,157,100,77,500,269,131,60,40,77\n")
        item = Survey.objects.get().items.get()
        assert (str(item.satisfaction), str(item.importance), item.answered) == ("44.3", "76.9", 1000)

    def test_wrong_cells_are_named_and_come_back_marked_in_a_sheet(self, secretary):
        answer = self.upload(secretary, self.HEAD + "1,手続き,444,76.9,900\n1,水道,x,85,-3\n,空,1,1,1\n", 422)
        html = answer.content.decode()
        for words in ("0から100まで", "2行目と同じ設問番号", "人数として読めません", "空欄です"):
            assert words in html, words
        token = re.search(r"/office/plan/surveys/errors/[\w-]+/", html)[0]
        sheet = secretary.get(token)
        assert sheet.status_code == 200 and sheet.content.startswith(b"PK")
        assert seat(Role.SECRETARIAT).get(token).status_code == 404
        assert not Survey.objects.exists()

    def test_a_file_that_is_no_table_is_refused_in_words(self, secretary):
        for text in ("", "あ\n", "設問番号,設問\n1,x\n"):
            self.upload(secretary, text, 422)
        assert not Survey.objects.exists()

    def test_a_corrected_import_counts_and_the_first_one_stays(self, secretary, client):
        self.upload(secretary, self.HEAD + "1,手続き,40,70,900\n")
        self.upload(secretary, self.HEAD + "1,手続き,44.3,76.9,900\n")
        assert list(Survey.objects.values_list("edition", flat=True).order_by("edition")) == [1, 2]
        assert "40.0" not in html_of(client, "/plan/survey/")


class TestRevision:
    def preview(self, client, text, status=200):
        file = SimpleUploadedFile("plan.toml", text if isinstance(text, bytes) else text.encode())
        return send(client, PLAN + "versions/revise/", status, file=file).content.decode()

    def test_differences_are_shown_before_anything_changes(self, secretary, client):
        changed = plan_text().replace("{ value = 50, on = 2030-03-31, label", "{ value = 60, on = 2030-03-31, label", 1)
        html = self.preview(secretary, changed)
        assert "第1版との違い（1件）" in html and "60、2030-03-31" in html
        assert PlanVersion.objects.count() == 1
        confirm = PLAN + "versions/revise/confirm/"
        html = send(secretary, confirm, 422, text=changed.replace("\n", "\r\n"), note="").content.decode()
        assert "改定の理由が空です" in html and "60、2030-03-31" in html
        send(secretary, confirm, text=changed.replace("\n", "\r\n"), note="目標を上げた")
        version = PlanVersion.objects.get(number=2)
        assert (version.text, version.note) == (changed, "目標を上げた")
        assert "60手続き" in html_of(client, "/plan/initiatives/1-1/")
        page = html_of(secretary, f"{PLAN}versions/{version.public_id}/")
        assert "第1版との違い" in page and "目標を上げた" in page
        assert secretary.get(f"{PLAN}versions/{version.public_id}/file/").content.decode() == changed

    def test_faults_are_listed_with_line_key_and_reason(self, secretary):
        html = self.preview(secretary, plan_text().replace('"074217"', '"074218"'), 422)
        assert "plan.town_code" in html and "検査数字" in html
        assert PlanVersion.objects.count() == 1

    @pytest.mark.parametrize("content", [b"\x00\xff", b"a = " + b"[" * 5000, "計画".encode("cp932"), b" "])
    def test_hostile_files_get_a_table_of_faults(self, secretary, content):
        assert "誤りがあります" in self.preview(secretary, content, 422)

    def test_a_faulty_text_sent_past_the_preview_is_refused(self, secretary):
        send(secretary, PLAN + "versions/revise/confirm/", 422, text="a = 1", note="x")
        assert PlanVersion.objects.count() == 1

    def test_only_the_secretariat_revises(self, head):
        html_of(head, PLAN + "versions/revise/", 403)
        send(head, PLAN + "versions/revise/confirm/", 403, text=plan_text(), note="x")

    def test_another_plan_warns_that_the_public_page_changes(self, secretary):
        html = self.preview(secretary, plan_text("sample-minato"))
        assert "公開ページの計画が入れ替わります" in html


def test_unknown_ids_are_not_found(secretary):
    for page in (
        "loops",
        "meetings",
        "tasks",
        "teams",
        "advice",
        "surveys",
        "hours",
        "versions",
        "milestones",
        "agenda",
    ):
        html_of(secretary, f"{PLAN}{page}/0000000000000000/", 404)


def test_the_worklist_shows_what_waits_for_whom(secretary, clerk, head):
    from yakuba.plan.home import open_work
    from yakuba.plan.tests.arranged import HEAD, SECRETARY

    send(secretary, PLAN + "advice/new/", adviser="助言者", given_on="2026-11-01", initiative="", text="測ること")
    send(
        clerk,
        PLAN + "hours/new/",
        fiscal_year="2026",
        work="会議録",
        initiative="",
        minutes_before="180",
        minutes_after="60",
        cases="10",
        method="timed",
        evidence="計った",
    )
    assert {item.kind for item in open_work(SECRETARY, CLOCK)} == {"助言", "生まれた時間"}
    assert [(item.kind, item.lane) for item in open_work(HEAD, CLOCK)] == [("生まれた時間", "decide")]


def test_the_office_search_finds_initiatives_and_tasks(secretary, real_plan):
    section = a_section()
    send(
        secretary,
        PLAN + "tasks/new/",
        words="文案づくり",
        section=section.public_id,
        due_on="2026-12-01",
        owner="",
        initiative="",
    )
    assert "1-⑤ 書かない・回らない窓口の構築" in html_of(secretary, "/office/search/?q=回らない")
    assert "文案づくり" in html_of(secretary, "/office/search/?q=文案")
