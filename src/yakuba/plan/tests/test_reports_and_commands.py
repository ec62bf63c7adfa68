"""The yearly report and the commands `yakuba plan …`."""

import json
from datetime import date
from io import BytesIO

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from pypdf import PdfReader

from yakuba.kernel.access.api import system_person
from yakuba.kernel.values.api import FiscalYear, Refusal
from yakuba.plan import services
from yakuba.plan.cli import plan
from yakuba.plan.models import Initiative, PlanVersion
from yakuba.plan.queries.current import plan_in_force
from yakuba.plan.reports.as_pdf import report_as_pdf
from yakuba.plan.reports.as_workbook import report_as_workbook
from yakuba.plan.reports.year_report import year_report
from yakuba.plan.rules.grades import Grade, Proposal
from yakuba.plan.tests.arranged import CLOCK, HEAD, PLANS, SECRETARY, TODAY, measured, plan_text

pytestmark = pytest.mark.django_db
R8 = FiscalYear(2026)
REAL = str(PLANS / "aizubange.toml")


def report(in_force, year=R8, today=TODAY):
    return year_report(in_force, system_person("test"), year, today=today)


def run(*arguments):
    return CliRunner().invoke(plan, list(arguments))


class TestReport:
    def test_it_holds_the_figures_of_the_day_and_names_what_nobody_measured(self, real_plan):
        measured("procedures.online_live", (date(2026, 10, 31), 34), (date(2027, 4, 30), 99))
        found = report(real_plan, today=date(2027, 6, 1))
        assert (found.until, found.is_over) == (date(2027, 3, 31), True)
        state = next(one for one in found.kpis if one.kpi.id == "1-1-procedures")
        assert state.value_words == "34"
        assert len(found.unmeasured) == len(found.kpis) - 1

    def test_a_year_outside_the_plan_or_not_begun_is_refused(self, real_plan):
        for year in (FiscalYear(2025), FiscalYear(2030), FiscalYear(2027)):
            with pytest.raises(Refusal):
                report(real_plan, year)

    def test_the_pdf_tells_grade_reason_and_gaps(self, real_plan):
        services.grade_initiative(
            by=HEAD,
            initiative=Initiative.objects.get(key="1-1"),
            year=R8,
            grade=Grade.C,
            proposal=Proposal(Grade.C, ()),
            reason="#公開が遅れた*強調*",
            evidence="手続きの一覧",
            next_step="",
            clock=CLOCK,
        )
        content = report_as_pdf(report(real_plan), printed_at=CLOCK.now())
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).replace("\n", "")
        for words in ("令和8年度進捗報告書", "#公開が遅れた*強調*", "C（公開前）", "未計測の指標", "4-③"):
            assert words in text.replace(" ", ""), words

    def test_the_workbook_has_every_table_and_no_formula(self, real_plan):
        services.grade_initiative(
            by=HEAD,
            initiative=Initiative.objects.get(key="1-1"),
            year=R8,
            grade=Grade.C,
            proposal=Proposal(Grade.C, ()),
            reason="=1+1",
            evidence="@x",
            next_step="",
            clock=CLOCK,
        )
        book = load_workbook(BytesIO(report_as_workbook(report(real_plan))))
        assert book.sheetnames == ["取組", "指標", "節目", "本部の決定", "OODA", "生まれた時間", "助言", "満足度調査"]
        rows = list(book["取組"].iter_rows(values_only=True))
        head = next(row for row in rows if row[0] == "番号")
        first = rows[rows.index(head) + 1]
        assert (first[0], first[3], first[5]) == ("1-①", "C（公開前）", "=1+1")
        assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
        assert sum(row[0] is not None for row in rows[rows.index(head) + 1 :]) >= 18


class TestCommands:
    def test_check_says_that_a_sound_file_is_sound(self, db):
        done = run("check", REAL)
        assert (done.exit_code, "誤りはありません" in done.output) == (0, True)

    def test_check_names_every_fault_and_ends_with_one(self, tmp_path):
        file = tmp_path / "broken.toml"
        file.write_text(plan_text().replace('"074217"', '"074218"'), encoding="utf-8")
        done = run("check", str(file))
        assert done.exit_code == 1
        assert "broken.toml:" in done.output and "行目 plan.town_code" in done.output
        assert json.loads(run("check", str(file), "--json").output)[0]["key"] == "plan.town_code"

    def test_load_shows_the_difference_and_a_dry_run_changes_nothing(self, db, tmp_path):
        assert "第1版として読み込みました" in run("load", REAL).output
        file = tmp_path / "revised.toml"
        file.write_text(plan_text().replace('"1-⑦"', '"1-７"'), encoding="utf-8")
        dry = run("load", str(file), "--dry-run")
        assert "第1版との違い: 1件" in dry.output and "番号: 1-⑦ → 1-７" in dry.output
        assert PlanVersion.objects.count() == 1
        assert "第2版として" in run("load", str(file), "--note", "番号を直した").output

    def test_another_plan_replaces_the_shown_one_only_when_asked(self, db):
        run("load", REAL)
        other = str(PLANS / "sample-minato.toml")
        refused = run("load", other)
        assert isinstance(refused.exception, Refusal)
        run("load", other, "--no-show")
        assert plan_in_force().plan.key == "aizubange-dx"

    def test_report_writes_both_files(self, real_plan, tmp_path, monkeypatch):
        import yakuba.kernel.parameters.api as parameters

        monkeypatch.setattr(parameters, "town_clock", lambda: CLOCK)
        done = run("report", "--fiscal-year", "令和8年度", "--out", str(tmp_path / "new"))
        assert done.exit_code == 0, done.output
        assert (tmp_path / "new" / "plan-report-2026.pdf").read_bytes().startswith(b"%PDF")
        assert (tmp_path / "new" / "plan-report-2026.xlsx").read_bytes().startswith(b"PK")


def test_the_sample_history_fills_every_list_and_marks_itself(db):
    import random

    from yakuba.kernel.audit.api import unaudited_writes
    from yakuba.kernel.identity.tests.people import a_section, make_sample_installation
    from yakuba.kernel.parameters.api import forget_installation
    from yakuba.kernel.parameters.models import Installation
    from yakuba.kernel.things.sample import SampleContext
    from yakuba.plan.models import Advice, Meeting, News, OodaLoop, ProjectTeam, SavedWork, Survey, Task
    from yakuba.plan.sample import fill
    from yakuba.plan.tests.arranged import ADVISER, CLERK

    make_sample_installation()
    a_section()
    people = {"secretariat": SECRETARY, "section_head": HEAD, "clerk": CLERK, "adviser": ADVISER}
    fill(SampleContext(TODAY, CLOCK, random.Random("1"), people))
    for model in (Advice, Meeting, News, OodaLoop, ProjectTeam, SavedWork, Survey, Task):
        assert model.objects.exists(), model
    assert not News.objects.filter(is_sample=False).exists()
    assert report(plan_in_force()).has_samples
    with unaudited_writes("a test puts things back"):
        Installation.objects.all().delete()
    forget_installation()
