"""A resident sees how the town stands, and the figures behind every chart."""

import csv
import io
import json
import re
from datetime import date, timedelta
from decimal import Decimal
from html import escape
from html.parser import HTMLParser

import pytest
from django.utils import translation

from yakuba.kernel.values.api import FiscalYear
from yakuba.plan import services
from yakuba.plan.models import Initiative
from yakuba.plan.rules.grades import Grade, Proposal
from yakuba.plan.rules.survey import Item, SurveyRow
from yakuba.plan.rules.translations import in_language
from yakuba.plan.services.load_plan import load_plan
from yakuba.plan.tests.arranged import CLOCK, HEAD, SECRETARY, TODAY, measured, plan_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    # Pages ask the town's clock; the plan's tests live on one day.
    import yakuba.kernel.identity.middleware as identity

    monkeypatch.setattr(identity, "town_clock", lambda: CLOCK)


def text_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


MONTH_ENDS = [date(2026, month + 1, 1) - timedelta(days=1) for month in range(5, 11)]


def months(measure, values):
    measured(measure, *zip(MONTH_ENDS, values, strict=False))


def test_without_a_plan_the_page_says_so(client, db):
    assert "計画はまだ公開されていません" in text_of(client, "/plan/")


def test_every_public_page_opens_with_a_heading_and_no_inline_style(client, real_plan):
    pages = ["/", *(f"/plan/{page}" for page in ("", "print/", "schedule/", "figures/", "survey/", "about/", "news/"))]
    pages += [f"/plan/initiatives/{one.id}/" for one in real_plan.content.initiatives]
    for address in [*pages, "/plan/initiatives/2-6/print/"]:
        html = text_of(client, address)
        assert html.count("<h1") == 1, address
        assert " style=" not in html and "<style" not in html and "onclick" not in html, address


def test_the_overview_shows_all_18_initiatives_and_calls_nothing_green_that_nobody_measured(client, real_plan):
    html = text_of(client, "/plan/")
    for initiative in real_plan.content.initiatives:
        assert f"{initiative.number} {initiative.title}" in html
    assert "まだ分からない 6" in html
    assert "「未計測」は順調という意味ではありません" in html
    assert "44.3" in html and "76.9" in html
    assert "badge--success" not in html


def test_an_initiative_without_a_schedule_says_that_the_plan_does_not_state_it(client, real_plan):
    assert "年度ごとの工程は、計画書に記載がありません。" in text_of(client, "/plan/initiatives/1-1/")
    html = text_of(client, "/plan/initiatives/1-4/")
    assert "現状把握" in html and "終期の記載なし" in html


def test_a_measured_kpi_shows_value_standing_forecast_and_method(client, real_plan):
    months("procedures.online_live", [31, 32, 32, 33, 33, 34])
    html = text_of(client, "/plan/initiatives/1-1/")
    assert "計画どおり" in html and "34" in html and "Theil–Sen法" in html
    assert "見通し" in html


def test_too_few_values_give_the_reason_instead_of_a_forecast(client, real_plan):
    months("procedures.online_live", [31, 32])
    assert "見通しには4か月分以上の測定が必要です（いま2か月分）" in text_of(client, "/plan/initiatives/1-1/")


def test_sample_values_are_marked_as_such(client, real_plan):
    measured("procedures.online_live", (date(2026, 10, 31), 34), sample=True)
    assert "見本の値" in text_of(client, "/plan/initiatives/1-1/")


def test_a_released_grade_appears_with_reason_and_evidence_and_a_draft_does_not(client, real_plan):
    given = services.grade_initiative(
        by=HEAD,
        initiative=Initiative.objects.get(key="1-1"),
        year=FiscalYear(2026),
        grade=Grade.B,
        proposal=Proposal(Grade.B, ()),
        reason="五つ増えた<script>",
        evidence="手続きの一覧",
        next_step="",
        clock=CLOCK,
    )
    assert "五つ増えた" not in text_of(client, "/plan/initiatives/1-1/")
    services.release_grade(by=SECRETARY, assessment=given, decided_in="第1回", clock=CLOCK)
    html = text_of(client, "/plan/initiatives/1-1/")
    assert "五つ増えた&lt;script&gt;" in html and "手続きの一覧" in html


def test_csv_and_json_of_a_kpi_carry_the_same_values(client, real_plan):
    months("procedures.online_live", [31, 32, 32, 33, 33, 34])
    document = json.loads(text_of(client, "/plan/data/kpi/1-1-procedures.json"))["kpi"]
    table = text_of(client, "/plan/data/kpi/1-1-procedures.csv")
    assert table.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    kept = [row for row in rows if row["種類"] == "実測"]
    assert [float(row["値"]) for row in kept] == [value["value"] for value in document["values"]]
    assert [row["種類"] for row in rows] == ["基準値", *["実測"] * 6, "見通し", "目標値"]
    assert (document["baseline"]["value"], document["target"]["value"]) == (30, 50)
    assert "Theil–Sen" in document["forecast"]["method"]


def test_every_file_opens(client, real_plan):
    for name in ("kpis", "initiatives", "schedule/1-4"):
        for kind in ("csv", "json"):
            answer = client.get(f"/plan/data/{name}.{kind}")
            assert answer.status_code == 200
            assert "attachment" in answer["Content-Disposition"]
            if kind == "json":
                assert json.loads(answer.content)["town_code"] == "074217"


def test_what_does_not_exist_is_not_found(client, real_plan):
    for address in (
        "/plan/initiatives/9-9/",
        "/plan/initiatives/..%2F..%2Fetc/",
        "/plan/data/kpis.xml",
        "/plan/data/kpi/none.csv",
        "/plan/data/schedule/9-9.json",
        "/plan/data/survey/none.csv",
    ):
        text_of(client, address, 404)


def test_another_towns_plan_of_another_depth_fills_the_same_pages(client, db):
    load_plan(by=SECRETARY, text=plan_text("sample-minato"), note="", show=True, clock=CLOCK)
    html = text_of(client, "/plan/")
    assert "みなと町デジタル役場実行計画" in html and "見本の計画" in html and "A-1 窓口予約" in html
    for key in ("A1", "A2", "B1", "B2", "C1", "C2", "C3"):
        text_of(client, f"/plan/initiatives/{key}/")
    for page in ("schedule", "figures", "about"):
        text_of(client, f"/plan/{page}/")


def test_the_first_page_stays_light(client, real_plan):
    import gzip

    months("procedures.online_live", [31, 32, 32, 33, 33, 34])
    assert len(gzip.compress(client.get("/plan/").content)) < 20_000
    assert len(gzip.compress(client.get("/plan/initiatives/1-1/").content)) < 20_000


def test_the_first_page_needs_few_queries(client, real_plan, django_assert_max_num_queries):
    client.get("/plan/")
    with django_assert_max_num_queries(14):
        client.get("/plan/")


def test_a_day_far_from_the_plan_breaks_no_page(client, real_plan, monkeypatch):
    import yakuba.kernel.identity.middleware as identity
    from yakuba.kernel.values.api import FixedClock

    for day in (date(2020, 1, 1), date(2030, 4, 1), date(2045, 1, 1)):
        monkeypatch.setattr(identity, "town_clock", lambda day=day: FixedClock(day))
        for address in ("/plan/", "/plan/schedule/", "/plan/initiatives/1-4/", "/plan/initiatives/2-4/"):
            text_of(client, address)


# ------------------------------------------------------------------ languages

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
VOID = {"meta", "link", "img", "input", "br", "hr", "use", "path", "rect", "line", "circle", "polyline"}


class Foreign(HTMLParser):
    """The Japanese texts of a page that no element around them marks as Japanese. Names of towns may stand."""

    def __init__(self) -> None:
        super().__init__()
        self.tongues: list[tuple[str, str]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        around = self.tongues[-1][1] if self.tongues else "en"
        if tag not in VOID:
            given = dict(attrs)
            # The town's mark is one letter of its name, drawn for the eye alone.
            own = "ja" if given.get("class") == "town__mark" and given.get("aria-hidden") else given.get("lang")
            self.tongues.append((tag, own or around))

    def handle_endtag(self, tag):
        while self.tongues and self.tongues.pop()[0] != tag:
            pass

    def handle_data(self, data):
        words = re.sub(r"会津坂下町(役場)?", "", data)
        if JAPANESE.search(words) and self.tongues[-1][0] != "title" and self.tongues[-1][1] != "ja":
            self.found.append(data.strip())


def in_tongue(client, language):
    client.cookies["yakuba_language"] = language
    return client


def public_pages(plan):
    pages = ["", "print/", "schedule/", "figures/", "survey/", "about/", "news/"]
    pages += [f"initiatives/{one.id}/{kind}" for one in plan.content.initiatives for kind in ("", "print/")]
    return [f"/plan/{page}" for page in pages]


@pytest.fixture
def lively_plan(real_plan):
    """Values, a sample survey, news and a released grade, so that every part of the pages is filled."""
    months("procedures.online_live", [31, 32, 32, 33, 33, 34])
    months("line.friends_reachable", [810, 815])
    measured("ai.minutes_ratio", (date(2026, 10, 31), 70), sample=True)
    rows = [SurveyRow(Item(str(n), f"設問{n}", Decimal(40 + n), Decimal(80 - n), 100)) for n in range(3)]
    services.import_survey(
        by=SECRETARY,
        plan=real_plan.plan,
        title="調査",
        held_on=TODAY,
        sent=200,
        returned=100,
        how="郵送",
        rows=rows,
        clock=CLOCK,
    )
    services.publish_news(
        by=SECRETARY,
        plan=real_plan.plan,
        initiative=Initiative.objects.get(key="1-1"),
        title="お知らせの題",
        text="本文",
        clock=CLOCK,
    )
    given = services.grade_initiative(
        by=HEAD,
        initiative=Initiative.objects.get(key="1-1"),
        year=FiscalYear(2026),
        grade=Grade.B,
        proposal=Proposal(Grade.B, ()),
        reason="理由",
        evidence="根拠",
        next_step="次へ",
        clock=CLOCK,
    )
    services.release_grade(by=SECRETARY, assessment=given, decided_in="第1回", clock=CLOCK)
    return real_plan


def test_an_english_page_has_no_japanese_but_what_is_marked_as_such(client, lively_plan):
    in_tongue(client, "en")
    for address in public_pages(lively_plan):
        page = Foreign()
        page.feed(text_of(client, address))
        assert page.found == [], address


def test_what_is_translated_is_not_said_in_japanese_beside_it(client, lively_plan):
    for language in ("en", "ja-easy"):
        said = in_language(lively_plan.content, language)
        for one, other in zip(lively_plan.content.initiatives, said.initiatives, strict=True):
            html = text_of(in_tongue(client, language), f"/plan/initiatives/{one.id}/")
            assert escape(other.title) in html and escape(other.outline) in html
            for text in (one.title, one.current, one.outline, one.result):
                assert escape(text) not in html, (language, one.id)


def test_a_plan_without_translations_is_shown_in_japanese_marked_as_such(client, db):
    load_plan(by=SECRETARY, text=plan_text("sample-minato"), note="", show=True, clock=CLOCK)
    in_tongue(client, "en")
    for address in ["/plan/", "/plan/schedule/", "/plan/figures/", "/plan/about/", "/plan/initiatives/B1/"]:
        html = text_of(client, address)
        page = Foreign()
        page.feed(html)
        assert page.found == [], address
    assert '<span lang="ja">戸別受信アプリ</span>' in text_of(client, "/plan/initiatives/B1/")


def test_charts_speak_the_language_of_the_page(client, lively_plan):
    words = {"en": ("FY2026", "Target 50 procedures"), "ja-easy": ("R8", "めざす かず"), "ja": ("R8", "目標 50手続き")}
    for language, expected in words.items():
        html = text_of(in_tongue(client, language), "/plan/initiatives/1-1/")
        assert all(word in html for word in expected), language


def test_files_speak_the_language_of_the_page(client, lively_plan):
    table = text_of(in_tongue(client, "en"), "/plan/data/kpis.csv").splitlines()
    assert table[0].startswith("\ufeffInitiative") and not any(JAPANESE.search(row) for row in table)
    for name in ("initiatives.csv", "schedule/1-4.csv", "schedule/1-4.json", "kpi/1-1-procedures.json"):
        body = text_of(client, f"/plan/data/{name}").replace("会津坂下町", "")
        assert not JAPANESE.search(body), name
    assert json.loads(text_of(client, "/plan/data/kpis.json"))["language"] == "en"


def test_a_phase_confirmed_in_japanese_is_done_in_every_language(client, real_plan):
    services.confirm_phase(
        by=HEAD,
        initiative=Initiative.objects.get(key="1-4"),
        phase="2026//現状把握",
        is_done=True,
        on=TODAY,
        evidence="調べた",
        clock=CLOCK,
    )
    for language, done in (("ja", "完了"), ("en", "Done"), ("ja-easy", "おわりました")):
        assert done in text_of(in_tongue(client, language), "/plan/data/schedule/1-4.csv"), language


def test_a_kpi_nobody_measured_and_without_target_shows_a_statement_and_no_axis(client, real_plan):
    html = text_of(client, "/plan/initiatives/1-2/")
    assert "まだ測っていません。測り始めると、ここにグラフが出ます。" in html and "通報の記録（1-②）" in html
    assert html.count('class="chart"') == 1  # the milestones


def test_an_initiative_without_phases_and_milestones_is_a_statement_and_a_link_on_the_schedule(client, real_plan):
    html = text_of(client, "/plan/schedule/")
    assert html.count('class="chart"') == 16
    place = html.index("1-① オンライン手続きの拡充")
    assert "年度ごとの工程は、計画書に記載がありません。" in html[place : place + 400]
    assert "/plan/initiatives/1-1/" in html[place : place + 500]


def test_the_office_stays_japanese(client, real_plan):
    from yakuba.plan.queries.current import plan_in_force

    with translation.override("en"):
        assert plan_in_force().content.plan.title == "会津坂下町DX推進計画"
