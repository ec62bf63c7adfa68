"""A town may write its plan in English and やさしい日本語 as well; what it leaves out stays Japanese."""

import re
from pathlib import Path

import pytest

from yakuba.plan.rules.check_plan_file import check_plan_file, read_plan_file
from yakuba.plan.rules.plan_difference import plan_difference
from yakuba.plan.rules.plan_file import PlanFile
from yakuba.plan.rules.translations import LANGUAGES, in_language
from yakuba.plan.tests.rules.test_check_plan_file import SOUND

REAL = (Path(__file__).parents[5] / "data" / "plans" / "aizubange.toml").read_text("utf-8")
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
FIRST = SOUND.count("\n") + 1
"""The line the translations below begin on."""

ENGLISH = """[translations.en.plan]
title = "Plan"
[translations.en.initiatives.1-1]
title = "Initiative"
[translations.en.kpis.k1]
title = "Figure"
[translations.en.phases]
"検討" = "Consideration"
[translations.en.measures."a.b"]
unit = "cases"
"""


def texts(part, path=""):
    """Every text of a plan with the way to it."""
    if isinstance(part, str):
        yield path, part
    elif isinstance(part, tuple):
        for place, one in enumerate(part):
            yield from texts(one, f"{path}[{place}]")
    elif hasattr(type(part), "model_fields"):
        for name in type(part).model_fields:
            if name != "translations":
                yield from texts(getattr(part, name), f"{path}.{name}")


def test_what_is_translated_is_said_in_that_language_and_the_rest_stays_japanese():
    plan = in_language(read_plan_file(SOUND + ENGLISH), "en")
    first = plan.initiatives[0]
    assert (plan.plan.title, first.title, first.kpis[0].title) == ("Plan", "Initiative", "Figure")
    assert (first.phases[0].label, plan.measures[0].unit) == ("Consideration", "cases")
    assert (plan.plan.purpose, first.outline, plan.policies[0].title) == ("目的", "概要", "方針")


def test_japanese_and_a_language_the_plan_says_nothing_in_are_the_plan_itself():
    plan = read_plan_file(SOUND + ENGLISH)
    for language in ("ja", "ja-easy", "xx", None):
        assert in_language(plan, language) is plan


def test_a_translation_changes_no_figure_no_id_and_no_date():
    plan = read_plan_file(REAL)
    for language in LANGUAGES:
        said = in_language(plan, language)
        for (_, one), (_, other) in zip(plan.all_kpis(), said.all_kpis(), strict=True):
            assert (one.id, one.measure, one.direction) == (other.id, other.measure, other.direction)
            for mine, theirs in ((one.baseline, other.baseline), (one.target, other.target)):
                assert (mine is None) == (theirs is None)
                if mine is not None and theirs is not None:
                    assert (mine.value, mine.on, mine.basis) == (theirs.value, theirs.on, theirs.basis)
        assert [one.id for one in plan.initiatives] == [one.id for one in said.initiatives]


def test_the_real_plan_is_wholly_said_in_english():
    left = [path for path, text in texts(in_language(read_plan_file(REAL), "en")) if JAPANESE.search(text)]
    assert left == []


def test_the_real_plan_is_wholly_said_in_easy_japanese_but_for_names_units_and_terms():
    plan = read_plan_file(REAL)
    japanese = dict(texts(plan))
    same = {
        path for path, text in texts(in_language(plan, "ja-easy")) if JAPANESE.search(text) and text == japanese[path]
    }
    assert not {path for path in same if not re.search(r"_name$|secretariat|members|\.unit$|glossary.*\.term$", path)}


def test_percentages_counts_and_years_of_the_english_are_those_of_the_japanese():
    plan = read_plan_file(REAL)
    english = dict(texts(in_language(plan, "en")))
    for path, text in texts(plan):
        if path.endswith(".result"):
            figures = set(re.findall(r"\d[\d,]*%?", re.sub(r"令和\d+年度?(\d+月)?|\d+月", "", text)))
            assert figures <= set(re.findall(r"\d[\d,]*%?", english[path])), path


# What is added to the sound file · line within it · key · a piece of the reason.
@pytest.mark.parametrize(
    ("added", "line", "key", "reason"),
    [
        ('[translations.fr.plan]\ntitle = "Plan"', 1, "translations.fr", "en, ja-easy"),
        ('[translations.en.plan]\ntitel = "Plan"', 2, "translations.en.plan.titel", "「title」の間違い"),
        ('[translations.en.plan]\ntown_code = "1"', 2, "translations.en.plan.town_code", "知らないキー"),
        ('[translations.en.plan]\ntitle = ""', 2, "translations.en.plan.title", "空の文字列"),
        ('[translations.en.plan]\nprefecture_name = "X"', 2, "translations.en.plan.prefecture_name", "もとの文がない"),
        ('[translations.en.initiatives.1-2]\ntitle = "X"', 1, "translations.en.initiatives.1-2", "「1-1」の間違い"),
        ('[translations.en.initiatives.1-1]\nnote = "X"', 2, "translations.en.initiatives.1-1.note", "もとの文がない"),
        (
            '[translations.en.initiatives.1-1.why]\nnp1 = "X"',
            2,
            "translations.en.initiatives.1-1.why.np1",
            "計画にありません",
        ),
        ('[translations.en.policies.1]\ngoals = ["X"]', 2, "translations.en.policies.1.goals", "計画は0、訳は1"),
        ('[translations.en.kpis.k1]\nno_target = "X"', 2, "translations.en.kpis.k1.no_target", "もとの文がない"),
        (
            "[translations.en.kpis.k1]\nbaseline = { value = 3 }",
            2,
            "translations.en.kpis.k1.baseline.value",
            "知らないキー",
        ),
        ('[translations.en.kpis.k2]\ntitle = "X"', 1, "translations.en.kpis.k2", "指標「k2」は計画にありません"),
        ('[translations.en.milestones.m2]\ncheck = "X"', 1, "translations.en.milestones.m2", "節目「m2」"),
        ('[translations.en.phases]\n"検査" = "X"', 2, "translations.en.phases.検査", "工程や段「検査」"),
        ('[translations.en.phases]\n"検討" = 5', 2, "translations.en.phases.検討", "文字列"),
        ('[translations.en.measures."a.c"]\nunit = "X"', 1, "translations.en.measures.a.c", "「a.b」の間違い"),
        ('[translations.en.organisation]\nname = "X"', 1, "translations.en.organisation", "推進体制"),
        ("[translations.en]\nkpis = 5", 2, "translations.en.kpis", "表"),
        ("[translations]\nen = 5", 2, "translations.en", "表"),
    ],
)
def test_a_translation_of_what_is_not_there_is_named_with_line_key_and_reason(added, line, key, reason):
    faults = check_plan_file(SOUND + added + "\n")
    assert [(fault.line, fault.key) for fault in faults] == [(FIRST + line - 1, key)], faults
    assert reason in faults[0].reason


def test_a_changed_translation_is_named_in_the_difference_of_two_versions():
    before, after = read_plan_file(SOUND + ENGLISH), read_plan_file(SOUND + ENGLISH.replace("Figure", "Number"))
    (change,) = plan_difference(before, after)
    assert (change.area, change.title) == ("翻訳", "英語: 指標 k1")
    assert [(one.name, one.before, one.after) for one in change.fields] == [("題名", "Figure", "Number")]
    (word,) = plan_difference(before, read_plan_file(SOUND + ENGLISH.replace('"検討" = "Consideration"\n', "")))
    assert word.title == "英語: 年度スケジュール"


def test_a_document_stored_before_there_were_translations_is_still_read():
    plan = read_plan_file(SOUND)
    stored = plan.model_dump_json(by_alias=True, exclude={"translations"})
    assert "translations" not in stored
    assert PlanFile.model_validate_json(stored, strict=False) == plan
