"""A clerk with a broken plan file learns line, key and reason of each fault in one go."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yakuba.plan.rules.check_plan_file import PlanFileRefused, check_plan_file, read_plan_file
from yakuba.plan.rules.plan_file import Basis
from yakuba.plan.rules.read_plan_file import Fault, decode_plan_file

PLANS = Path(__file__).parents[5] / "data" / "plans"

SOUND = """format = "yakuba-plan/1"
[plan]
id = "x"
title = "計画"
edition = "第1版"
town_code = "074217"
town_name = "会津坂下町"
period_start = 2026-04-01
period_end = 2030-03-31
source = "計画書"
purpose = "目的"
[[priorities]]
id = "np1"
number = "(1)"
title = "重点"
[[policies]]
id = "1"
title = "方針"
outline = "概要"
[[initiatives]]
id = "1-1"
number = "1-①"
policy = "1"
title = "取組"
current = "現状"
outline = "概要"
result = "成果"
schedule_stated = true
priorities = [{ id = "np1", basis = "reading" }]
[[initiatives.kpis]]
id = "k1"
title = "指標"
measure = "a.b"
direction = "up"
baseline = { value = 30, on = 2025-12-31, basis = "stated" }
target = { value = 50, on = 2030-03-31, basis = "stated" }
[[initiatives.milestones]]
id = "m1"
statement = "できた"
check = "見る"
due_fiscal_year = 2029
due_basis = "reading"
[[initiatives.phases]]
label = "検討"
from = 2026
to = 2027
[[measures]]
id = "a.b"
title = "ものさし"
definition = "定義"
unit = "件"
minimum = 0
maximum = 100
source = "live"
measured_by = "台帳"
"""


@pytest.mark.parametrize("name", ["aizubange", "sample-minato"])
def test_the_delivered_plans_have_no_fault(name):
    assert check_plan_file((PLANS / f"{name}.toml").read_text("utf-8")) == []


def test_the_real_plan_carries_what_the_printed_plan_states():
    plan = read_plan_file((PLANS / "aizubange.toml").read_text("utf-8"))
    assert [len(plan.initiatives_of(policy)) for policy in plan.policies] == [7, 7, 1, 3]
    assert [initiative.number for initiative in plan.initiatives] == [
        *(f"1-{mark}" for mark in "①②③④⑤⑥⑦"),
        *(f"2-{mark}" for mark in "①②③④⑤⑥⑦"),
        "3-①",
        *(f"4-{mark}" for mark in "①②③"),
    ]
    stated = {
        kpi.measure: (kpi.baseline.value if kpi.baseline else None, kpi.target.value)
        for _, kpi in plan.all_kpis()
        if kpi.target and kpi.target.basis is Basis.STATED
    }
    assert stated == {
        "procedures.online_live": (30, 50),
        "line.friends_reachable": (800, 4000),
        "bpr.cases_measured": (0, 20),
        "opendata.datasets_published": (1, 5),
    }
    assert [str(year) for year in plan.plan.fiscal_years] == ["令和8年度", "令和9年度", "令和10年度", "令和11年度"]
    assert plan.kpis[0].baseline and plan.kpis[0].baseline.value == Decimal("44.3")
    assert plan.kpis[1].baseline and plan.kpis[1].baseline.value == Decimal("76.9")
    # The plan names no section for any initiative and leaves five schedules without words.
    assert not any(initiative.section for initiative in plan.initiatives)
    unstated = [initiative.id for initiative in plan.initiatives if not initiative.schedule_stated]
    assert unstated == ["1-1", "1-2", "1-3", "4-2", "4-3"]
    # Our reading of the national priorities is never presented as the plan's word.
    assert {link.basis for one in plan.initiatives for link in one.priorities} == {Basis.READING}


def test_a_sound_file_has_no_fault():
    assert check_plan_file(SOUND) == []


MILESTONE = "initiatives[1-1].milestones[m1]"

# What is changed in the sound file · line · key · a piece of the reason.
CASES = [
    ('format = "yakuba-plan/1"', 'format = "other"', 1, "format", "yakuba-plan/1"),
    ('title = "計画"', 'titel = "計画"', 4, "plan.titel", "「title」の間違いではありませんか"),
    ('title = "計画"', 'titel = "計画"', 2, "plan.title", "このキーがありません"),
    ('title = "計画"', 'title = ""', 4, "plan.title", "空の文字列"),
    ('title = "計画"', 'title = "計画 "', 4, "plan.title", "余分な空白"),
    ('title = "計画"', 'title = "計\\u202e画"', 4, "plan.title", "U+202E"),
    ('title = "計画"', 'title = "計\\u0000画"', 4, "plan.title", "U+0000"),
    ('title = "計画"', f'title = "{"あ" * 201}"', 4, "plan.title", "200文字まで"),
    ('title = "計画"', "title = 5", 4, "plan.title", "文字列"),
    ('title = "計画"', 'title = "計画"\ndecided_on = 2031-01-01', 5, "plan.decided_on", "策定日"),
    ('title = "計画"', 'title = "計画"\ncorridor_percent = 101', 5, "plan.corridor_percent", "100以下"),
    ('title = "計画"', 'title = "計画"\ncorridor_percent = -1', 5, "plan.corridor_percent", "0以上"),
    ('title = "計画"', 'title = "計画"\ncorridor_percent = "10"', 5, "plan.corridor_percent", "整数"),
    ('title = "計画"', 'title = "計画"\nsample = 1', 5, "plan.sample", "true か false"),
    ('"074217"', '"074218"', 6, "plan.town_code", "074217"),
    ('"074217"', '"92011"', 6, "plan.town_code", "6桁"),
    ('"074217"', '"０７４２１７"', 6, "plan.town_code", "半角数字6桁"),
    ('"074217"', '"990019"', 6, "plan.town_code", "見本の計画だけ"),
    ("period_end = 2030-03-31", "period_end = 2026-04-01", 9, "plan.period_end", "始まりより前"),
    ("period_end = 2030-03-31", "period_end = 2230-03-31", 9, "plan.period_end", "20年"),
    ("period_end = 2030-03-31", 'period_end = "2030-03-31"', 9, "plan.period_end", "引用符なし"),
    ("period_end = 2030-03-31", "period_end = 2030-03-31T00:00:00", 9, "plan.period_end", "引用符なし"),
    ('policy = "1"', 'policy = "11"', 23, "initiatives[1-1].policy", "方針「11」はありません"),
    ('id = "np1", basis', 'id = "np2", basis', 29, "initiatives[1-1].priorities[np2].id", "「np1」の間違い"),
    ('basis = "reading" }]', 'basis = "guess" }]', 29, "initiatives[1-1].priorities[np1].basis", "stated, reading"),
    (
        'basis = "reading" }]',
        'basis = "reading" }, { id = "np1", basis = "stated" }]',
        29,
        "initiatives[1-1].priorities[np1].id",
        "2度",
    ),
    ('measure = "a.b"', 'measure = "a.bb"', 33, "initiatives[1-1].kpis[k1].measure", "「a.b」の間違い"),
    ('measure = "a.b"', 'measure = "A b"', 33, "initiatives[1-1].kpis[k1].measure", "procedures.online_live"),
    ('direction = "up"', 'direction = "down"', 36, "initiatives[1-1].kpis[k1].target.value", "減らす指標"),
    ('direction = "up"', 'direction = "observe"', 34, "initiatives[1-1].kpis[k1].direction", "見守る"),
    ('direction = "up"', 'direction = "right"', 34, "initiatives[1-1].kpis[k1].direction", "up, down, observe"),
    ("{ value = 30,", "{ value = 50,", 36, "initiatives[1-1].kpis[k1].target.value", "同じ"),
    ("{ value = 30,", "{ value = 60,", 36, "initiatives[1-1].kpis[k1].target.value", "増やす指標"),
    ("{ value = 30,", "{ value = 30.5,", 35, "initiatives[1-1].kpis[k1].baseline.value", "小数"),
    ("{ value = 30,", "{ value = -1,", 35, "initiatives[1-1].kpis[k1].baseline.value", "下限 0件"),
    ("{ value = 30,", "{ value = inf,", 35, "initiatives[1-1].kpis[k1].baseline.value", "無限大"),
    ("{ value = 30,", "{ value = nan,", 35, "initiatives[1-1].kpis[k1].baseline.value", "無限大"),
    ("{ value = 30,", "{ value = true,", 35, "initiatives[1-1].kpis[k1].baseline.value", "数を書きます"),
    ("{ value = 30,", '{ value = "30",', 35, "initiatives[1-1].kpis[k1].baseline.value", "引用符"),
    ("{ value = 30,", "{ value = 1e400,", 35, "initiatives[1-1].kpis[k1].baseline.value", ""),
    ("{ value = 30,", "{", 35, "initiatives[1-1].kpis[k1].baseline", "missing"),
    ("{ value = 30,", '{ value = 30, missing = "x",', 35, "initiatives[1-1].kpis[k1].baseline.missing", "どちらか"),
    ("on = 2025-12-31", "on = 2030-03-31", 36, "initiatives[1-1].kpis[k1].target.on", "基準日"),
    ("on = 2025-12-31", "on = 2031-01-01", 35, "initiatives[1-1].kpis[k1].baseline.on", "計画期間の終わり"),
    ("{ value = 50,", "{ value = 101,", 36, "initiatives[1-1].kpis[k1].target.value", "上限 100件"),
    ("{ value = 50,", "{ value = 50, change_percent = 10,", 36, "initiatives[1-1].kpis[k1].target", "どちらか1つ"),
    ("{ value = 50,", "{", 36, "initiatives[1-1].kpis[k1].target", "どちらか1つ"),
    ("{ value = 50,", "{ change_percent = -5,", 36, "initiatives[1-1].kpis[k1].target.change_percent", "符号"),
    ("{ value = 50,", "{ change_percent = 0,", 36, "initiatives[1-1].kpis[k1].target.change_percent", "0%"),
    ("on = 2030-03-31, basis", "on = 2030-04-01, basis", 36, "initiatives[1-1].kpis[k1].target.on", "計画期間"),
    (
        'target = { value = 50, on = 2030-03-31, basis = "stated" }',
        "",
        30,
        "initiatives[1-1].kpis[k1]",
        "no_target",
    ),
    (
        'target = { value = 50, on = 2030-03-31, basis = "stated" }',
        'target = { value = 50, on = 2030-03-31, basis = "stated" }\nno_target = "x"',
        37,
        "initiatives[1-1].kpis[k1].no_target",
        "どちらか",
    ),
    (
        'baseline = { value = 30, on = 2025-12-31, basis = "stated" }',
        "",
        30,
        "initiatives[1-1].kpis[k1]",
        "基準値 baseline がありません",
    ),
    (
        "due_fiscal_year = 2029",
        "due_fiscal_year = 2030",
        41,
        "initiatives[1-1].milestones[m1].due_fiscal_year",
        "令和12年度",
    ),
    (
        "due_fiscal_year = 2029",
        "due_fiscal_year = 29",
        41,
        "initiatives[1-1].milestones[m1].due_fiscal_year",
        "1989以上",
    ),
    ("from = 2026", "from = 2025", 45, "initiatives[1-1].phases[1番目].from", "令和7年度"),
    ("to = 2027", "to = 2030", 46, "initiatives[1-1].phases[1番目].to", "外です"),
    ("from = 2026", "from = 2028", 46, "initiatives[1-1].phases[1番目].to", "前です"),
    (
        "to = 2027",
        'to = 2027\n[[initiatives.phases]]\nlabel = "導入"\nfrom = 2027',
        49,
        "initiatives[1-1].phases[2番目].from",
        "「検討」と年度が重なります",
    ),
    ("schedule_stated = true", "schedule_stated = false", 28, "initiatives[1-1].schedule_stated", "記載なし"),
    ("[[measures]]", "[measures]", 47, "measures", "[[measures]]"),
    ('source = "live"', 'source = "sensor"', 54, "measures[a.b].source", "live, hand, survey"),
    ("maximum = 100", "maximum = 0", 53, "measures[a.b].maximum", "minimum より大きい"),
    ('id = "1-1"', 'id = "1 1"', 21, "initiatives[1 1].id", "半角の英数字"),
    ("[[policies]]", "[[polices]]", 16, "polices", "「policies」の間違い"),
    (
        'outline = "概要"\n[[init',
        'outline = "概要"\ngoals = ["a", 3]\n[[init',
        20,
        "policies[1].goals[2番目]",
        "文字列",
    ),
    ('outline = "概要"\n[[init', 'outline = "概要"\ngoals = "a"\n[[init', 20, "policies[1].goals", "[ ]"),
]


@pytest.mark.parametrize(("old", "new", "line", "key", "reason"), CASES)
def test_a_fault_is_named_with_line_key_and_reason(old, new, line, key, reason):
    assert old in SOUND
    faults = check_plan_file(SOUND.replace(old, new, 1))
    found = [fault for fault in faults if fault.line == line and fault.key == key]
    assert found, faults
    assert any(reason in fault.reason for fault in found), found


@pytest.mark.parametrize(
    ("table", "key", "what"),
    [
        ("policies", "policies[1].id", "方針のid"),
        ("measures", "measures[a.b].id", "ものさしのid"),
        ("priorities", "priorities[np1].id", "重点取組事項のid"),
    ],
)
def test_a_repeated_id_names_the_line_of_the_first(table, key, what):
    start = SOUND.index(f"[[{table}]]")
    end = SOUND.find("\n[[", start + 1)
    block = SOUND[start : end + 1 if end > 0 else None]
    (fault,) = check_plan_file(SOUND + block)
    first = SOUND[:start].count("\n") + 2
    assert (fault.key, fault.reason.split("「")[0]) == (key, what)
    assert f"{first}行目" in fault.reason


def test_kpi_ids_are_one_namespace_for_the_whole_plan_and_its_initiatives():
    whole = '[[kpis]]\nid = "k1"\ntitle = "全体"\nmeasure = "a.b"\ndirection = "observe"\nno_target = "なし"\n'
    (fault,) = check_plan_file(SOUND + whole)
    assert "指標のid「k1」" in fault.reason


def test_all_faults_come_at_once_in_the_order_of_the_lines():
    broken = SOUND.replace('"074217"', '"074218"').replace("from = 2026", "from = 2000").replace("goals", "x")
    broken = broken.replace('unit = "件"', "unit = 3").replace('direction = "up"', 'direction = "down"')
    faults = check_plan_file(broken)
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)
    assert {fault.line for fault in faults} == {6, 36, 45, 51}


def test_a_reference_to_a_faulty_part_is_not_a_second_fault():
    faults = check_plan_file(SOUND.replace('unit = "件"', "unit = 3"))
    assert [fault.key for fault in faults] == ["measures[a.b].unit"]


def test_an_initiative_needs_something_that_shows_its_result():
    start, end = SOUND.index("[[initiatives.kpis]]"), SOUND.index("[[initiatives.phases]]")
    (fault,) = check_plan_file(SOUND[:start] + SOUND[end:])
    assert (fault.line, "節目 milestones もありません" in fault.reason) == (20, True)


def test_tracks_let_phases_run_side_by_side():
    second = '[[initiatives.phases]]\ntrack = "B"\nlabel = "別"\nfrom = 2026\n[[measures]]'
    assert check_plan_file(SOUND.replace("[[measures]]", second)) == []


def test_a_plan_without_policies_and_initiatives_says_so():
    faults = check_plan_file(SOUND[: SOUND.index("[[priorities]]")])
    assert any("方針 [[policies]] が1つもありません" in fault.reason for fault in faults)
    assert any("取組 [[initiatives]] が1つもありません" in fault.reason for fault in faults)


# ------------------------------------------------------------------ broken TOML

SYNTAX = [
    ('title = "計画"', 'title = "計画', 4, "引用符の閉じ忘れ"),
    ('title = "計画"', "title 「計画」", 4, "「=」がありません"),
    ('title = "計画"', "title = 計画", 4, "引用符で囲み"),
    ('title = "計画"', 'title = "計画"\ntitle = "計画"', 5, "2度"),
    ('title = "計画"', 'title = "C:\\画"', 4, "\\\\"),
    ('title = "計画"', '　title = "計画"', 4, ""),
    ("[[policies]]", "[[policies]", 16, "]]"),
    ("[plan]", "[plan", 2, "「]」"),
    ("period_end = 2030-03-31", "period_end = 2030-02-31", 9, ""),
    ("minimum = 0", "minimum = 0 maximum = 1", 52, "1行に2つ"),
]


@pytest.mark.parametrize(("old", "new", "line", "reason"), SYNTAX)
def test_broken_toml_is_named_in_japanese_with_its_line(old, new, line, reason):
    faults = check_plan_file(SOUND.replace(old, new, 1))
    assert [fault.line for fault in faults] == [line]
    assert reason in faults[0].reason and faults[0].reason.startswith("TOMLの書き方の誤り")
    assert "読み取れません。" not in faults[0].reason


def test_several_lines_of_broken_toml_are_all_named():
    broken = SOUND.replace('id = "x"', "id = x").replace('unit = "件"', 'unit = "件').replace("to = 2027", "to 2027")
    assert [fault.line for fault in check_plan_file(broken)] == [3, 46, 51]


def test_a_multiline_string_left_open_ends_the_search_and_not_the_program():
    faults = check_plan_file(SOUND.replace('purpose = "目的"', 'purpose = """目的'))
    assert faults and all("TOMLの書き方の誤り" in fault.reason for fault in faults)


@pytest.mark.parametrize(
    "hostile",
    [
        "a = " + "[" * 5000,
        "a = " + "{a=" * 5000,
        "a." * 5000 + "b = 1",
        "a = " + "9" * 10_000,
        "x" * 1_000_001,
        "\0",
        "",
    ],
)
def test_hostile_texts_get_a_fault_and_no_crash(hostile):
    assert check_plan_file(hostile)


def test_bytes_that_are_not_utf8_name_their_line():
    assert decode_plan_file(b"\xef\xbb\xbfa = 1") == "a = 1"
    fault = decode_plan_file('a = 1\nb = "計画"\n'.encode("cp932"))
    assert isinstance(fault, Fault)
    assert (fault.line, "UTF-8" in fault.reason) == (2, True)
    assert isinstance(decode_plan_file(b"x" * 4_000_001), Fault)


def test_a_refused_file_carries_all_its_faults():
    with pytest.raises(PlanFileRefused) as refused:
        read_plan_file(SOUND.replace('"074217"', '"074218"').replace("to = 2027", "to = 2031"))
    assert len(refused.value.faults) == 2
    assert "2か所" in refused.value.message


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_to_a_file_crashes_the_check_or_points_outside_the_file(data):
    start = data.draw(st.integers(0, len(SOUND)))
    length = data.draw(st.integers(0, 40))
    noise = data.draw(st.text(st.sampled_from("[]{}\"'=.,\n#\\ a1-é件"), max_size=8))
    damaged = SOUND[:start] + noise + SOUND[start + length :]
    for fault in check_plan_file(damaged):
        assert 1 <= fault.line <= damaged.count("\n") + 1
        assert fault.reason.endswith("。")
