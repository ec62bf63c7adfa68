"""A new version of a plan shows what it changes, part by part."""

from pathlib import Path

from yakuba.plan.rules.check_plan_file import read_plan_file
from yakuba.plan.rules.plan_difference import ChangeKind, FieldChange, plan_difference

TEXT = (
    (Path(__file__).parents[5] / "data/plans/aizubange.toml")
    .read_text("utf-8")
    .split("# ---------------------------------------------------------------- 翻訳")[0]
)
PLAN = read_plan_file(TEXT)


def changed(old, new):
    assert old in TEXT
    return plan_difference(PLAN, read_plan_file(TEXT.replace(old, new, 1)))


def test_the_same_plan_has_no_difference():
    assert plan_difference(PLAN, read_plan_file(TEXT)) == ()


def test_comments_and_order_of_keys_are_no_difference():
    assert changed('number = "1-①"\npolicy = "1"', 'policy = "1"\nnumber = "1-①" # x') == ()


def test_a_changed_target_names_the_kpi_and_both_values():
    (change,) = changed("{ value = 50, on = 2030-03-31, label", "{ value = 60, on = 2029-03-31, label")
    assert (change.kind, change.area, change.id) == (ChangeKind.CHANGED, "指標", "1-1-procedures")
    assert change.fields == (
        FieldChange(
            "目標値", "50、2030-03-31、令和11年度末、計画書の記載", "60、2029-03-31、令和11年度末、計画書の記載"
        ),
    )


def test_a_removed_milestone_is_one_change_of_its_own():
    start = TEXT.index('[[initiatives.milestones]]\nid = "1-2-m2"')
    end = TEXT.index("[[initiatives]]", start)
    (change,) = plan_difference(PLAN, read_plan_file(TEXT[:start] + TEXT[end:]))
    assert (change.kind, change.area, change.id) == (ChangeKind.REMOVED, "節目", "1-2-m2")


def test_an_initiative_moved_to_another_policy_is_changed_and_not_replaced():
    (change,) = changed('id = "1-7"\nnumber = "1-⑦"\npolicy = "1"', 'id = "1-7"\nnumber = "1-⑦"\npolicy = "2"')
    assert (change.kind, change.id, change.fields) == (ChangeKind.CHANGED, "1-7", (FieldChange("方針", "1", "2"),))


def test_changed_phases_are_told_in_fiscal_years():
    (change,) = changed('label = "導入"\nfrom = 2028', 'label = "試行・導入"\nfrom = 2028\nto = 2029')
    (field,) = change.fields
    assert field.name == "年度スケジュール"
    assert "導入（令和10年度〜）" in field.before and "試行・導入（令和10年度〜令和11年度）" in field.after


def test_every_field_has_a_japanese_name():
    for old, new in [
        ('id = "kanmin"\nkind = "serves_as"', 'id = "kanmin"\nkind = "context"'),
        ('secretariat = "行政管理班"', 'secretariat = "総務課"'),
        ('term = "BPR"\nmeaning = "仕事', 'term = "BPR"\nmeaning = "町の仕事'),
        ('edition = "案', 'edition = "第1版・案'),
        ('source = "hand"', 'source = "live"'),
        ("due_fiscal_year = 2029", "due_fiscal_year = 2028"),
    ]:
        for change in changed(old, new):
            assert all(not field.name.isascii() for field in change.fields), change


def test_everything_added_to_nothing_shared_is_added_and_the_rest_removed():
    other = read_plan_file((Path(__file__).parents[5] / "data/plans/sample-minato.toml").read_text("utf-8"))
    changes = plan_difference(PLAN, other)
    initiatives = [change for change in changes if change.area == "取組"]
    assert [change.kind for change in initiatives] == [ChangeKind.ADDED] * 7 + [ChangeKind.REMOVED] * 18
