"""XLSForm: pyxform reads what goes out, it comes back equal, and what is outside the subset is told at its cell."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from yakuba.kernel.expressions.api import ValueType
from yakuba.kernel.files.api import FileRefused
from yakuba.kernel.forms.exchange.xlsform import read_xlsform, write_xlsform
from yakuba.kernel.forms.exchange.xlsform.names import Known, names_of, tidy_key
from yakuba.kernel.forms.exchange.xlsform.xpath_read import XPathFault, read_xpath
from yakuba.kernel.forms.exchange.xlsform.xpath_write import Untellable, Writer
from yakuba.kernel.forms.library import library_forms
from yakuba.kernel.forms.rules.definition import read_definition
from yakuba.kernel.forms.tests.example import example, example_form
from yakuba.kernel.forms.tests.test_conditions import PAIRS
from yakuba.kernel.forms.tests.workbooks import cell_of, edited, without_column, workbook
from yakuba.kernel.paper.api import TableRefused


def accepted(content: bytes) -> Any:
    return convert(BytesIO(content), validate=False, file_type=".xlsx")


def read(content: bytes) -> Any:
    back = read_xlsform(content, "様式.xlsx")
    assert back.definition is not None, [one.words() for one in back.problems]
    return back


def told(content: bytes) -> list[tuple[str, int, str, str]]:
    back = read_xlsform(content, "様式.xlsx")
    assert back.definition is None
    assert back.marked is not None
    return [(one.position.sheet, one.position.row, one.name, one.message) for one in back.problems]


@pytest.mark.parametrize("form", library_forms(), ids=lambda form: form.definition.key)
def test_every_form_of_the_library_is_read_by_pyxform_and_comes_back_equal(form) -> None:
    written = write_xlsform(form.definition, version="3")
    assert form.definition.key in accepted(written.content).xform
    back = read(written.content)
    assert back.definition.to_json() == form.definition.to_json()
    assert not back.notes


def test_what_other_tools_do_not_see_is_told_at_its_cell() -> None:
    remarks = write_xlsform(example_form()).remarks
    assert all(one.sheet == "survey" and one.row > 1 and one.column for one in remarks)
    said = " ".join(one.message for one in remarks)
    for words in (
        "はじめの値",
        "件数の範囲（1〜3）",
        "ファイルの数と種類",
        "「age」はXPathの計算にできません",
        "要配慮の印",
    ):
        assert words in said


def test_conditions_checks_and_calculations_stand_in_xpath_for_other_tools() -> None:
    given = example()
    given["steps"][1]["questions"][0]["questions"][0]["checks"] = [
        {"rule": {"!=": [{"var": "row.name"}, "一郎"]}, "message": {"ja": "別の名前を"}}
    ]
    xform = accepted(write_xlsform(read_definition(given)).content).xform
    assert "selected" in xform or "= 'yes'" in xform
    assert "constraint" in xform and "jr:constraintMsg" in xform
    assert 'calculate="count(' in xform


def test_without_our_column_it_is_still_a_form_with_the_same_questions() -> None:
    back = read(without_column(write_xlsform(example_form()).content, "yakuba"))
    kinds = {one.key: one.type for one in back.definition.questions()}
    assert kinds["works"] == "choice" and kinds["work"] == "choice" and kinds["children_2"] == "group"
    assert back.definition.question("work").when == {"==": [{"var": "works"}, "yes"]}
    assert back.definition.question("work").has_other
    assert any("グループの中のグループ" in one for one in back.notes)


def test_a_changed_cell_counts_and_the_rest_stays_as_it_was() -> None:
    def change(book: Any) -> None:
        cell_of(book, "survey", "works", "label::ja").value = "お仕事をしていますか"
        cell_of(book, "survey", "works", "required").value = "no"
        cell_of(book, "survey", "work", "relevant").value = "${works} = 'no'"
        cell_of(book, "choices", "full", "label::ja").value = "常勤"

    back = read(edited(write_xlsform(example_form()).content, change))
    form = back.definition
    assert form.question("works").label.ja == "お仕事をしていますか"
    assert form.question("works").required is False
    assert form.question("works").type == "yes_no"
    assert form.question("work").when == {"==": [{"var": "works"}, False]}
    assert [one.label.ja for one in form.question("work").options] == ["常勤", "パート"]
    assert form.question("guardian").prefill == "profile.name"
    assert not back.notes


def test_limits_come_from_the_constraint_when_somebody_changed_it() -> None:
    given = example()
    given["steps"][0]["questions"].append({"type": "number", "key": "people", "label": "人数", "least": 1, "most": 5})
    content = write_xlsform(read_definition(given)).content

    def change(book: Any) -> None:
        cell_of(book, "survey", "people", "constraint").value = ". >= 2 and . < 9 and . != 4"
        cell_of(book, "survey", "people", "constraint_message::ja").value = "4人は選べません。"

    people = read(edited(content, change)).definition.question("people")
    assert (people.least, people.most) == (2, 8)
    assert [(one.rule, one.message.ja) for one in people.checks] == [
        ({"!": [{"==": [{"var": "people"}, 4]}]}, "4人は選べません。")
    ]


FOREIGN = {
    "survey": [
        ["type", "name", "label", "label::English (en)", "hint", "required", "relevant", "constraint", "calculation",
         "appearance", "default", "media::image"],
        ["start", "start"],
        ["note", "hello", "ようこそ", "Welcome"],
        ["begin group", "who", "申込者"],
        ["text", "Full Name", "氏名", "Name", "姓と名", "yes", None, "string-length(.) <= 40", None, None, "見本"],
        ["integer", "age", "年齢", "Age", None, "true()", None, ". > 0 and . <= 120"],
        ["select_one yn", "pets", "ペットはいますか", "Pets?", None, "yes"],
        ["select_multiple animals or_other", "which", "どれですか", "Which?", None, None, "${pets} = 'はい'"],
        ["begin group", "more", "くわしく", None, None, None, "${age} >= 18"],
        ["decimal", "weight", "重さ", None, None, "${pets} = 'はい'", "selected(${which}, 'dog')"],
        ["end group"],
        ["end group"],
        ["begin repeat", "visits", "訪問"],
        ["date", "day", "日", None, None, "yes", None, ". >= today()"],
        ["end repeat"],
        ["calculate", "total", None, None, None, None, None, None, "count(${visits}) * 300"],
        ["image", "photo", "写真", None, None, None, None, None, None, "signature"],
        ["geopoint", "here", "場所"],
        ["acknowledge", "ok", "同意します", None, None, "yes"],
    ],
    "choices": [
        ["list_name", "name", "label", "label::English (en)", "image"],
        ["yn", "はい", "はい", "Yes"],
        ["yn", "いいえ", "いいえ", "No"],
        ["animals", "dog", "犬", "Dog", "dog.png"],
        ["animals", "cat", "猫", "Cat"],
    ],
    "settings": [["form_title", "form_id", "default_language", "style"], ["ペットの届出", "Pet-Form_1", "Japanese (ja)", "pages"]],
}  # fmt: skip


def test_a_form_of_another_tool_is_read_as_far_as_the_subset_goes() -> None:
    assert accepted(workbook({**FOREIGN, "survey": [*FOREIGN["survey"][:4], ["end group"]]})).xform
    back = read(workbook(FOREIGN))
    form = back.definition
    assert (form.key, form.title.ja) == ("pet-form-1", "ペットの届出")
    assert [step.title.ja for step in form.steps] == ["入力", "申込者", "入力"]
    assert form.question("full_name").max_length == 40 and form.question("full_name").help.ja == "姓と名"
    age = form.question("age")
    assert (age.type, age.least, age.most, age.label.en) == ("number", 1, 120, "Age")
    pets = form.question("pets")
    assert [(one.value, one.label.ja) for one in pets.options] == [("o1", "はい"), ("o2", "いいえ")]
    which = form.question("which")
    assert which.has_other and which.required is False
    assert which.when == {"==": [{"var": "pets"}, "o1"]}
    weight = form.question("weight")
    assert weight.when == {"and": [{">=": [{"var": "age"}, 18]}, {"contains": [{"var": "which"}, "dog"]}]}
    assert weight.required == {"==": [{"var": "pets"}, "o1"]}
    visits = form.question("visits")
    assert visits.questions[0].earliest == {"today": []}
    assert form.question("total").value == {"*": [{"count": [{"var": "visits"}]}, 300]}
    assert form.question("photo").kinds == ("image",)
    assert form.question("here").needs_point
    assert form.question("ok").statement.ja == "同意します"


def test_everything_left_aside_is_named_with_sheet_row_and_column() -> None:
    notes = read(workbook(FOREIGN)).notes
    for place in (
        "「survey」2行 type：「start」",
        "「survey」5行 name：名前を「full_name」",
        "「survey」5行 default：「見本」",
        "「survey」17行 appearance",
        "「choices」2行 name：値「はい」",
        "「choices」4行 image：「dog.png」",
        "「settings」2行 style：「pages」",
        "「survey」9行 type：グループの中のグループ",
    ):
        assert any(place in one for one in notes), (place, notes)


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (["barcode", "code", "番号"], "type", "種類「barcode」は読めません"),
        (["text", "", "番号"], "name", "名前がありません"),
        (["text", "age", "番号"], "name", "二つあります"),
        (["select_one nothing", "x", "番号"], "type", "一覧「nothing」がありません"),
        (["text", "x", "番号", None, None, None, "${nobody} = 1"], "relevant", "「nobody」という質問がありません"),
        (["text", "x", "番号", None, None, None, "pulldata('a','b','c','d')"], "relevant", "pulldata"),
        (["text", "x", "番号", None, None, None, None, "regex(., '^a')"], "constraint", "regex"),
        (["text", "x", "番号", None, None, None, "${day} = 'a'"], "relevant", "繰り返しの中の質問です"),
        (["integer", "x", "番号", None, None, None, None, ". > "], "constraint", "途中で終わっています"),
        (["end repeat"], "type", "対になる始まりがありません"),
        (["begin group", "open", "開いたまま"], "type", "閉じられていません"),
    ],
)
def test_what_is_outside_is_told_at_its_cell(row, column, words) -> None:
    sheets = {**FOREIGN, "survey": [*FOREIGN["survey"], row]}
    found = told(workbook(sheets))
    assert any(name == column and words in message for _sheet, _row, name, message in found), found
    if "閉じ" not in words:
        assert found[0][:2] == ("survey", len(FOREIGN["survey"]) + 1)


def test_repeats_in_repeats_and_counts_by_expression_are_told() -> None:
    rows = [
        ["type", "name", "label", "repeat_count"],
        ["begin_repeat", "outer", "外", "${n}"],
        ["begin_repeat", "inner", "内", "3"],
        ["text", "a", "A"],
        ["end_repeat"],
        ["end_repeat"],
    ]
    found = told(workbook({"survey": rows}))
    assert {(row, column) for _sheet, row, column, _message in found} >= {(3, "type"), (2, "repeat_count")}


@pytest.mark.parametrize(
    "damaged", ["{", "[]", "x", '{"w":1}', '{"is":"question","q":{"type":"name"},"w":{}}', "[" * 3000]
)
def test_a_damaged_column_of_ours_loses_nothing_else(damaged) -> None:
    def change(book: Any) -> None:
        cell_of(book, "survey", "works", "yakuba").value = damaged

    back = read_xlsform(edited(write_xlsform(example_form()).content, change), "x.xlsx")
    if back.definition is not None:
        assert back.definition.question("works").label.ja == "働いていますか"
    else:
        assert back.problems


def test_formulas_in_texts_stay_words() -> None:
    given = example()
    given["steps"][0]["questions"][1]["label"] = '=HYPERLINK("http://example.invalid")'
    content = write_xlsform(read_definition(given)).content

    def look(book: Any) -> None:
        assert cell_of(book, "survey", "works", "label::ja").data_type == "s"

    edited(content, look)
    assert read(content).definition.question("works").label.ja.startswith("=HYPERLINK")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"type,name\n"])
def test_what_is_no_such_workbook_is_refused(content) -> None:
    with pytest.raises((TableRefused, FileRefused)):
        read_xlsform(content, "x.xlsx")


def test_zip_bombs_are_refused() -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
    with pytest.raises((TableRefused, FileRefused)):
        read_xlsform(bomb.getvalue(), "x.xlsx")


def test_a_workbook_without_questions_is_refused() -> None:
    with pytest.raises(TableRefused, match="質問がありません"):
        read_xlsform(workbook({"survey": [["type", "name", "label"]]}), "x.xlsx")


KNOWN = {
    "works": Known("works", ValueType.YES_NO),
    "house": Known("house", ValueType.CHOICE),
    "wishes": Known("wishes", ValueType.CHOICES),
    "people": Known("people", ValueType.NUMBER),
    "birth": Known("birth", ValueType.DATE),
    "children": Known("children", ValueType.ROWS),
    "age": Known("row.age", ValueType.NUMBER, "children", "age"),
}


@pytest.mark.parametrize(
    ("xpath", "rule"),
    [
        ("${works} = 'yes' and ${people} > 2", {"and": [{"==": [{"var": "works"}, True]}, {">": [{"var": "people"}, 2]}]}),
        ("not(selected(${wishes}, 'a')) or ${house} != 'own'",
         {"or": [{"!": [{"contains": [{"var": "wishes"}, "a"]}]}, {"!": [{"==": [{"var": "house"}, "own"]}]}]}),
        ("${birth} <= date('2020-04-01')", {"<=": [{"var": "birth"}, "2020-04-01"]}),
        ("if(${people} = '', 0, ${people} * 300 + 5)",
         {"if": [{"is_empty": [{"var": "people"}]}, 0, {"+": [{"*": [{"var": "people"}, 300]}, 5]}]}),
        ("sum(${age}) div count(${children})", {"/": [{"sum": [{"var": "children"}, "age"]}, {"count": [{"var": "children"}]}]}),
        ("count-selected(${wishes}) >= 2", {">=": [{"count": [{"var": "wishes"}]}, 2]}),
        ("-3 + int(7.5)", {"+": [-3, {"round_down": [7.5, 1]}]}),
        ("max(${people}, 1) mod 2 = 1", {"==": [{"%": [{"max": [{"var": "people"}, 1]}, 2]}, 1]}),
        ("concat('a', \"b'c\")", {"cat": ["a", "b'c"]}),
    ],
)  # fmt: skip
def test_expressions_are_read_as_they_are_meant(xpath, rule) -> None:
    assert read_xpath(xpath, KNOWN) == rule


@pytest.mark.parametrize(("rule", "condition"), PAIRS)
def test_what_can_be_told_in_xpath_is_read_back_with_the_same_meaning(rule, condition) -> None:
    given = example()
    given["steps"] = [{"key": "s", "title": "s", "questions": [
        {"type": "yes_no", "key": "works", "label": "a"},
        {"type": "choice", "key": "house", "label": "a", "options": [{"value": "own", "label": "a"}, {"value": "rent", "label": "b"}]},
        {"type": "choices", "key": "wishes", "label": "a", "options": [{"value": "visit", "label": "a"}, {"value": "call", "label": "b"}]},
        {"type": "number", "key": "people", "label": "a"}, {"type": "yen", "key": "cost", "label": "a"},
        {"type": "date", "key": "birth", "label": "a"}, {"type": "date", "key": "start", "label": "a"},
        {"type": "time", "key": "at", "label": "a"}, {"type": "short_text", "key": "words", "label": "a"},
        {"type": "name", "key": "who", "label": "a"},
        {"type": "group", "key": "children", "label": "a", "row_label": "a", "questions": [{"type": "number", "key": "age", "label": "a"}]},
    ]}]  # fmt: skip
    names = names_of(read_definition(given))
    try:
        xpath = Writer(names).condition(rule)
    except Untellable:
        assert any(word in str(rule) for word in ("age", "add_days", "who", "in"))
        return
    back = read_xpath(xpath, names.known)
    assert read_xpath(Writer(names).condition(back), names.known) == back


_WORDS = st.sampled_from(
    [
        "${works}",
        "${nobody}",
        "'yes'",
        "=",
        "and",
        "or",
        "(",
        ")",
        "not(",
        "12",
        ".",
        ",",
        "if(",
        "today()",
        "<",
        "*",
        "div",
        "selected(",
    ]
)


@given(st.lists(_WORDS, max_size=14).map(" ".join) | st.text(max_size=60))
def test_no_expression_breaks_the_reader(text) -> None:
    try:
        read_xpath(text, KNOWN)
    except XPathFault as fault:
        assert fault.message


def test_deep_and_long_expressions_are_bounded() -> None:
    for text in ("(" * 5000 + "1" + ")" * 5000, "(" * 200 + "1" + ")" * 200, "not(" * 300 + "1" + ")" * 300):
        with pytest.raises(XPathFault):
            read_xpath(text, KNOWN)


@given(st.text(max_size=60))
def test_every_name_becomes_a_key(name) -> None:
    key = tidy_key(name, {"a", "q"})
    read_definition(
        {
            "key": "aa",
            "title": "t",
            "steps": [{"key": "s", "title": "t", "questions": [{"type": "mail", "key": key, "label": "x"}]}],
        }
    )
