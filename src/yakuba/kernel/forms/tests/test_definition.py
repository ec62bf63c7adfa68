"""A definition says itself where it is wrong, and nothing is published that asks for what may not be asked."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.forms.rules.blocks import expand_blocks
from yakuba.kernel.forms.rules.check import Weight, check_definition
from yakuba.kernel.forms.rules.definition import DefinitionFault, json_schema, read_definition
from yakuba.kernel.forms.tests.example import example, example_form, text


def must(given: dict[str, Any]) -> list[str]:
    return [one.message for one in check_definition(read_definition(given)) if one.weight is Weight.MUST]


def test_a_definition_is_written_as_it_was_read() -> None:
    form = example_form()
    assert read_definition(form.to_json()) == form
    assert not check_definition(form)


def test_the_published_schema_accepts_what_we_write_and_refuses_what_we_refuse() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid(example_form().to_json())
    wrong = example()
    wrong["steps"][0]["questions"][0]["type"] = "nonsense"
    assert not validator.is_valid(wrong)


@pytest.mark.parametrize(
    ("place", "value", "field"),
    [
        (("title",), "", "title"),
        (("steps", 0, "questions", 0, "label"), 5, "steps.0.questions.0.label"),
        (("steps", 0, "questions", 0, "surprise"), 1, "steps.0.questions.0.surprise"),
        (("steps", 0, "questions", 0, "key"), "Family Name", "steps.0.questions.0.key"),
    ],
)
def test_the_place_at_fault_is_named(place, value, field) -> None:
    given = example()
    at: Any = given
    for part in place[:-1]:
        at = at[part]
    at[place[-1]] = value
    with pytest.raises(DefinitionFault) as fault:
        read_definition(given)
    assert fault.value.field == field


def test_a_key_stands_once() -> None:
    given = example()
    given["steps"][3]["questions"].append({"type": "yes_no", "key": "works", "label": text("もう一度")})
    with pytest.raises(DefinitionFault, match="works"):
        read_definition(given)


def test_a_rule_may_not_look_ahead() -> None:
    given = example()
    given["steps"][0]["questions"][0]["when"] = {"var": "discount"}
    assert any("discount" in one for one in must(given))


def test_a_way_may_not_lead_back() -> None:
    given = example()
    given["steps"][1]["ways"] = [{"to": "who"}]
    assert must(given) == ["前の画面へは戻れません。後ろの画面を選んでください。"]


@pytest.mark.parametrize("label", ["個人番号", "マイナンバーを入力してください", "Your My Number"])
def test_no_question_asks_for_a_my_number(label) -> None:
    given = example()
    given["steps"][0]["questions"].append({"type": "short_text", "key": "number", "label": text(label)})
    assert any("個人番号" in one for one in must(given))


@pytest.mark.parametrize("label", ["マイナンバーカードの申請方法", "備考（マイナンバーは書かないでください）"])
def test_the_card_and_the_warning_are_no_such_question(label) -> None:
    given = example()
    given["steps"][0]["questions"].append({"type": "short_text", "key": "number", "label": text(label)})
    assert not must(given)


def test_missing_languages_are_told_but_stop_nothing() -> None:
    given = example()
    given["title"] = "日本語だけ"
    found = check_definition(read_definition(given))
    assert {(one.weight, one.place) for one in found} == {(Weight.SHOULD, "題名")}


def test_a_block_stands_for_its_questions_and_single_fields_can_be_changed() -> None:
    blocks = {
        "who": [{"type": "phone", "key": "tel", "label": "電話"}, {"type": "mail", "key": "mail", "label": "メール"}]
    }
    given = {"steps": [{"questions": [{"block": "who", "without": ["mail"], "change": {"tel": {"required": False}}}]}]}
    assert expand_blocks(given, blocks)["steps"][0]["questions"] == [
        {"type": "phone", "key": "tel", "label": "電話", "required": False}
    ]
    with pytest.raises(DefinitionFault, match="nobody"):
        expand_blocks({"steps": [{"questions": [{"block": "nobody"}]}]}, blocks)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["key", "title", "steps", "questions", "type", "ja"]), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(_JSON | st.text(max_size=50) | st.binary(max_size=50))
def test_whatever_comes_is_a_definition_or_a_refusal(given) -> None:
    try:
        read_definition(given)  # type: ignore[arg-type]
    except DefinitionFault as fault:
        assert fault.message
