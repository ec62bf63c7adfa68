"""Loading a plan makes a new version and destroys nothing."""

import re

import pytest
from django.db import DatabaseError, transaction

from yakuba.kernel.access.api import NotAllowed, system_person
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.audit.models import AuditEvent
from yakuba.kernel.values.api import Refusal
from yakuba.plan.models import Initiative, Kpi, Milestone, Plan, PlanVersion
from yakuba.plan.queries.current import content_of, newest_version, plan_in_force
from yakuba.plan.rules.check_plan_file import PlanFileRefused, read_plan_file
from yakuba.plan.services.load_plan import load_plan
from yakuba.plan.tests.arranged import CLERK, CLOCK, SECRETARY, plan_text

pytestmark = pytest.mark.django_db
TEXT = plan_text()


def load(text, *, by=SECRETARY, note="", show=True):
    return load_plan(by=by, text=text, note=note, show=show, clock=CLOCK)


def test_the_first_load_makes_version_one_and_shows_it(real_plan):
    assert (real_plan.version.number, real_plan.plan.is_shown) == (1, True)
    assert real_plan.content == read_plan_file(TEXT)
    assert Initiative.objects.filter(is_current=True).count() == 18
    assert Kpi.objects.count() == len(real_plan.content.all_kpis())
    assert Milestone.objects.count() == 29
    assert AuditEvent.objects.filter(verb="plan.load_plan", actor=SECRETARY.id).count() == 1


def test_a_revision_is_a_further_version_and_the_old_one_stays_readable(real_plan):
    load(
        TEXT.replace("{ value = 50, on = 2030-03-31, label", "{ value = 60, on = 2030-03-31, label"),
        note="目標を上げた",
    )
    assert plan_in_force().version.number == 2
    old = PlanVersion.objects.get(number=1)
    assert (old.text, content_of(old)) == (TEXT, real_plan.content)
    assert newest_version(real_plan.plan).note == "目標を上げた"


def test_an_initiative_no_longer_in_the_plan_stays_stored_and_returns_with_its_id(real_plan):
    kept = Initiative.objects.get(key="4-3")
    without = TEXT[: TEXT.index('[[initiatives]]\nid = "4-3"')] + TEXT[TEXT.index("# ----", TEXT.index('id = "4-3"')) :]
    without = re.sub(r"(?m)^\[translations\.[a-z-]+\.(initiatives|kpis)\.4-3.*\n(?:[^\[].*\n|\n)*", "", without)
    load(without, note="取りやめ")
    gone = Initiative.objects.get(key="4-3")
    assert (gone.pk, gone.is_current) == (kept.pk, False)
    assert not Kpi.objects.get(key="4-3-datasets").is_current
    load(TEXT, note="元に戻した")
    back = Initiative.objects.get(key="4-3")
    assert (back.pk, back.is_current) == (kept.pk, True)


def test_the_same_content_again_is_refused(real_plan):
    with pytest.raises(Refusal, match="今の第1版と同じ"):
        load(TEXT + "\n# コメントだけの違い\n", note="何も変えていない")
    assert PlanVersion.objects.count() == 1


def test_a_revision_needs_a_reason(real_plan):
    with pytest.raises(Refusal) as refused:
        load(TEXT.replace("edition = ", "decided_on = 2026-04-01\nedition = ", 1), note=" ")
    assert refused.value.field == "note"


def test_a_faulty_file_changes_nothing_and_names_every_fault(real_plan):
    with pytest.raises(PlanFileRefused) as refused:
        load(TEXT.replace('"074217"', '"074218"').replace("from = 2026", "from = 1999"), note="x")
    assert len(refused.value.faults) > 2
    assert (PlanVersion.objects.count(), plan_in_force().version.number) == (1, 1)


def test_another_plan_is_stored_beside_and_shown_only_when_asked(real_plan):
    load(plan_text("sample-minato"), show=False)
    assert plan_in_force().plan.key == "aizubange-dx"
    load(plan_text("sample-minato").replace('"第1版"', '"第2版"'), note="見せる", show=True)
    shown = plan_in_force()
    assert (shown.plan.key, shown.plan.is_sample, shown.version.number) == ("minato-digital", True, 2)
    assert Plan.objects.filter(is_shown=True).count() == 1
    assert Initiative.objects.filter(plan__key="aizubange-dx", is_current=True).count() == 18


def test_only_the_secretariat_and_commands_may_load(real_plan):
    with pytest.raises(NotAllowed, match="DX推進事務局"):
        load(TEXT.replace('"案', '"改"'), by=CLERK, note="x")
    assert load(TEXT.replace('edition = "案', 'edition = "改定案'), by=system_person("command"), note="x").number == 2


def test_the_database_itself_refuses_to_change_a_version(real_plan):
    for act in (lambda rows: rows.update(note="x"), lambda rows: rows.delete()):
        with unaudited_writes("a test of the database"), pytest.raises(DatabaseError), transaction.atomic():
            act(PlanVersion.objects.all())


def test_a_version_stored_before_there_were_translations_is_still_read_and_counts_as_the_same(real_plan):
    from yakuba.plan.rules.translations import in_language

    untranslated = TEXT[: TEXT.index("# ", TEXT.index("α'は端末をLGWAN系に置いて"))]
    version = load(untranslated, note="翻訳のない版")
    with unaudited_writes("a version as older programs stored it"):
        document = content_of(version).model_dump_json(by_alias=True, exclude={"translations"})
        old = PlanVersion.objects.create(
            plan=version.plan,
            number=3,
            edition=version.edition,
            text=untranslated,
            document=document,
            digest="x",
            note="前の版のまま",
            acted_by=version.acted_by,
            acted_name=version.acted_name,
            acted_at=version.acted_at,
        )
    assert in_language(content_of(old), "en") is content_of(old)
    with pytest.raises(Refusal, match="今の第3版と同じ"):
        load(untranslated, note="何も変えていない")
