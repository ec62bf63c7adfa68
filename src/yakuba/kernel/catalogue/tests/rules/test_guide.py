"""The guide: questions in order, what applies, why, until when, what to bring."""

from __future__ import annotations

from datetime import date

import pytest

from yakuba.kernel.catalogue.queries.guide import guides
from yakuba.kernel.catalogue.rules.content import Document
from yakuba.kernel.catalogue.rules.guide import Guide, merged_documents, read_guides, walk
from yakuba.kernel.values.api import Text

TODAY = date(2026, 11, 23)


def answered(event: str, **answers: list[str]) -> dict[str, date | None]:
    """What applies, by procedure (or title), with the last day."""
    guide = guides()[event]
    seen = [question.key for question in guide.questions]
    walked = walk(guide, {"seen": seen, **answers}, today=TODAY)
    assert walked.is_done, walked.open
    return {
        one.step.procedure or (one.step.title.ja if one.step.title else ""): one.due
        for _, applying in walked.results
        for one in applying
    }


def test_a_family_that_moves_in_sees_its_own_list_with_days() -> None:
    found = answered(
        "moving", direction=["into"], moved_on=["2026-11-20"], insurance=["national"], family=["school"], things=["dog"]
    )
    assert found["moving-in"] == date(2026, 12, 4)
    assert found["child-allowance-claim"] == date(2026, 12, 5)
    assert {"school-transfer", "health-insurance-join", "dog-change"} <= set(found)
    assert {"moving-out", "water-stop", "nursery-place", "late-elderly-medical"}.isdisjoint(found)


def test_somebody_alone_who_moves_out_sees_a_short_list() -> None:
    found = answered("moving", direction=["out"], insurance=["company"])
    assert "moving-out" in found
    assert {"moving-in", "child-allowance-end", "health-insurance-leave"}.isdisjoint(found)


def test_without_a_day_there_is_no_last_day_but_the_step_is_there() -> None:
    assert answered("moving", direction=["into"], insurance=["company"])["moving-in"] is None


def test_after_a_death_the_last_days_count_the_day_itself_as_the_law_does() -> None:
    """戸籍法第86条: within seven days of learning of it, that day counted (第43条)."""
    found = answered("bereavement", died_on=["2026-11-20"], insurance=["national"], was=["farmland"])
    assert found["death-registration"] == date(2026, 11, 26)
    assert found["farmland-inheritance"] == date(2027, 9, 20)


def test_questions_that_do_not_apply_are_not_asked_and_their_answers_drop() -> None:
    guide = guides()["pregnancy"]
    walked = walk(
        guide,
        {"phase": ["expecting"], "first_child": ["yes"], "insurance": ["company"], "outside": ["no"]},
        today=TODAY,
    )
    assert walked.is_done
    assert "first_child" not in walked.answers
    assert walk(guide, {"phase": ["born"]}, today=TODAY).open[0].key == "born_on"


@pytest.mark.parametrize("bad", [["elsewhere"], [""], [], ["into\x00"], ["__proto__"]])
def test_a_choice_that_is_none_counts_as_not_answered(bad: list[str]) -> None:
    assert walk(guides()["moving"], {"direction": bad}, today=TODAY).open[0].key == "direction"


@pytest.mark.parametrize("bad", ["2026-13-01", "明日", "9999-99-99", "0001-01-01", "2026-11-20T00:00", "20261120"])
def test_a_day_that_is_none_counts_as_not_answered(bad: str) -> None:
    walked = walk(guides()["bereavement"], {"died_on": [bad]}, today=TODAY)
    assert walked.open[0].key == "died_on"


@pytest.mark.parametrize("event", sorted(guides()))
def test_every_guide_can_be_walked_with_each_first_answer(event: str) -> None:
    guide: Guide = guides()[event]
    seen = [question.key for question in guide.questions]
    first = {question.key: [question.options[0].value] if question.options else ["yes"] for question in guide.questions}
    walked = walk(guide, {"seen": seen, **first}, today=TODAY)
    assert walked.is_done
    assert walked.results


def test_things_to_bring_are_listed_once_with_what_they_are_for() -> None:
    card, other = Text("カード"), Text("写真")
    lists = [
        (Text("甲"), [Document(id="card", name=card, when=Text("持っているとき")), Document(name=other)]),
        (Text("乙"), [Document(id="card", name=card)]),
    ]
    rows = merged_documents(lists)
    by_name = {row.name.ja: row for row in rows}
    assert by_name["カード"].always
    assert [text.ja for text in by_name["カード"].needed_for] == ["甲", "乙"]
    assert len(rows) == 2


HEAD = (
    'format = "yakuba-guide/1"\n[[guide]]\nevent = "moving"\ntitle = "t"\nlead = "l"\n'
    '[[guide.questions]]\nkey = "a"\nkind = "yes_no"\nask = "?"\n'
    '[[guide.stages]]\nkey = "s"\ntitle = "s"\n'
)


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        (
            '[[guide.steps]]\nprocedure = "x"\nstage = "s"\nwhy = "w"\nwhen = { var = "b" }\n',
            "「b」という項目はありません",
        ),
        ('[[guide.steps]]\nprocedure = "x"\nstage = "z"\nwhy = "w"\n', "区切り"),
        ('[[guide.steps]]\nstage = "s"\nwhy = "w"\n', "どちらかを書きます"),
        ('[[guide.steps]]\nprocedure = "x"\nstage = "s"\nwhy = "w"\nwhen = { guess = [1] }\n', "guess"),
    ],
)
def test_broken_guides_are_named(steps: str, reason: str) -> None:
    _, faults = read_guides(HEAD + steps)
    assert any(reason in str(fault) for fault in faults), faults
