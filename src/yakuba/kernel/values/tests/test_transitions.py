import pickle
from enum import Enum

import pytest

from yakuba.kernel.values.api import Refusal, TransitionRefused, TransitionTable


class Case(Enum):
    DRAFT = "下書き"
    SENT = "受付済み"
    RETURNED = "補正待ち"
    DECIDED = "決定"
    WITHDRAWN = "取下げ"


EDGES = {
    Case.DRAFT: {Case.SENT: "申請した"},
    Case.SENT: {Case.RETURNED: "補正を求めた", Case.DECIDED: "決裁が終わった", Case.WITHDRAWN: "申請者が取り下げた"},
    Case.RETURNED: {Case.SENT: "補正した", Case.WITHDRAWN: "申請者が取り下げた"},
}
TABLE = TransitionTable(EDGES, start=Case.DRAFT)


def test_an_object_goes_only_where_the_table_says():
    assert TABLE.allowed(Case.DRAFT) == {Case.SENT: "申請した"}
    TABLE.check(Case.SENT, Case.DECIDED)
    assert TABLE.allows(Case.RETURNED, Case.SENT)
    assert not TABLE.allows(Case.SENT, Case.DRAFT)
    for current in Case:
        for wanted in Case:
            if wanted in EDGES.get(current, {}):
                TABLE.check(current, wanted)
            else:
                with pytest.raises(TransitionRefused):
                    TABLE.check(current, wanted)


def test_a_refusal_says_where_the_object_is_and_where_it_may_go():
    with pytest.raises(TransitionRefused) as caught:
        TABLE.check(Case.DRAFT, Case.DECIDED)
    assert caught.value.message == "「下書き」から「決定」へは変えられません。"
    assert "「受付済み」" in caught.value.hint
    assert isinstance(caught.value, Refusal)
    with pytest.raises(TransitionRefused) as caught:
        TABLE.check(Case.DECIDED, Case.SENT)
    assert "最後の状態" in caught.value.hint


def test_final_states_lead_nowhere():
    assert TABLE.final == {Case.DECIDED, Case.WITHDRAWN}
    assert TABLE.is_final(Case.DECIDED)
    assert not TABLE.is_final(Case.SENT)


def test_a_state_nobody_can_reach_is_a_mistake_in_the_table():
    with pytest.raises(ValueError, match="WITHDRAWN"):
        TransitionTable(
            {Case.DRAFT: {Case.SENT: "a"}, Case.SENT: {Case.RETURNED: "b", Case.DECIDED: "c"}}, start=Case.DRAFT
        )
    with pytest.raises(ValueError, match="RETURNED"):
        # Leading out of a state is not a way into it.
        TransitionTable(
            {Case.DRAFT: {Case.SENT: "a", Case.DECIDED: "b", Case.WITHDRAWN: "c"}, Case.RETURNED: {Case.SENT: "d"}},
            start=Case.DRAFT,
        )


def test_every_edge_has_a_reason_and_every_state_is_of_the_enum():
    class Other(Enum):
        ELSEWHERE = 1

    with pytest.raises(ValueError, match="no reason"):
        TransitionTable(EDGES | {Case.DRAFT: {Case.SENT: " "}}, start=Case.DRAFT)
    with pytest.raises(ValueError, match="another enum"):
        TransitionTable(EDGES | {Case.DECIDED: {Other.ELSEWHERE: "x"}}, start=Case.DRAFT)
    with pytest.raises(ValueError, match="start"):
        TransitionTable(EDGES, start=())


def test_an_object_may_begin_in_more_than_one_state():
    table = TransitionTable(
        {Case.SENT: EDGES[Case.SENT], Case.RETURNED: EDGES[Case.RETURNED]}, start=(Case.DRAFT, Case.SENT)
    )
    assert table.is_final(Case.DRAFT)


def test_the_table_cannot_be_changed_afterwards():
    edges = {state: dict(ways) for state, ways in EDGES.items()}
    table = TransitionTable(edges, start=Case.DRAFT)
    edges[Case.DRAFT][Case.DECIDED] = "近道"
    assert not table.allows(Case.DRAFT, Case.DECIDED)
    with pytest.raises(TypeError):
        table.allowed(Case.DRAFT)[Case.DECIDED] = "近道"


def test_the_table_draws_itself():
    drawing = TABLE.mermaid()
    assert drawing.splitlines()[0] == "stateDiagram-v2"
    assert '    state "下書き" as DRAFT' in drawing
    assert "    [*] --> DRAFT" in drawing
    assert "    DRAFT --> SENT: 申請した" in drawing
    assert "    DECIDED --> [*]" in drawing
    named = TransitionTable(EDGES, start=Case.DRAFT, labels={Case.DRAFT: 'まだ: "下書き"'}).mermaid()
    assert 'state "まだ： ”下書き”" as DRAFT' in named


def test_refusals_survive_the_way_to_another_process():
    refused = pickle.loads(pickle.dumps(TransitionRefused(current="a", wanted="b", possible=("c",))))
    assert (refused.current, refused.wanted, refused.possible) == ("a", "b", ("c",))
    plain = pickle.loads(pickle.dumps(Refusal("だめです。", field="name", hint="直してください。")))
    assert (str(plain), plain.field, plain.hint) == ("だめです。", "name", "直してください。")


def test_a_refusal_keeps_the_first_field_it_is_given():
    assert Refusal("だめです。").at("name").field == "name"
    assert Refusal("だめです。", field="kana").at("name").field == "kana"
