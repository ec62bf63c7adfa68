"""What an automation says: when it is set off, what it fills in, what is wrong with it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yakuba.kernel.values.api import Refusal
from yakuba.office.appbuilder.rules.automations import Automation, filled, is_set_off, moments, when_in_words
from yakuba.office.appbuilder.rules.automations_check import automation_problems
from yakuba.office.appbuilder.rules.definition import read_definition
from yakuba.office.appbuilder.tests.automating import TELL, at, automation, use
from yakuba.office.appbuilder.tests.lending import PROCESS, lending


class TestTheRules:
    def test_come_back_unchanged_from_json(self) -> None:
        every = [
            automation(key="a", when="changed", fields=["price"], rule={">": [{"var": "price"}, 5]}),
            automation(key="b", when="reached", field="state", state="out"),
            automation(key="c", when="day", field="due_on", days=-3, hour=17),
            automation(key="d", when="every", rhythm="monthly", day=31, rule={"==": [{"var": "state"}, "out"]}),
            automation(key="e", actions=[
                {"does": "set", "sets": [{"field": "note", "to": "constant", "value": "x"}]},
                {"does": "create", "app": "0123456789abcdef", "fields": [{"to": "item", "given": "field", "value": "item"}]},
                {"does": "webhook", "hook": "0123456789abcdef", "fields": ["item"]},
            ]),
        ]  # fmt: skip
        definition = lending(automations=every)
        assert read_definition(definition.to_json()) == definition
        assert read_definition(json.dumps(definition.to_json())) == definition

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"actions": []}, "することが決まっていません"),
            ({"when": "changed", "fields": ["gone"]}, "きっかけの項目が見つかりません"),
            ({"when": "reached", "field": "item", "state": "out"}, "状態の項目が見つかりません"),
            ({"when": "reached", "field": "state", "state": "gone"}, "きっかけの状態が選択肢にありません"),
            ({"when": "day", "field": "item"}, "日付の項目が見つかりません"),
            ({"when": "day", "field": "back_on"}, "日を探すのに使えない設定"),
            ({"when": "every"}, "どの記録を対象にするか"),
            ({"when": "every", "rule": {"==": [{"var": "at"}, "09:00"]}}, "記録を探すのに使えない設定"),
            ({"rule": {"==": [{"var": "weight"}, 1]}}, "条件："),
            ({"actions": [{**TELL, "text": " "}]}, "知らせる文がありません"),
            ({"actions": [{**TELL, "maker": False}]}, "知らせる相手がいません"),
            ({"actions": [{**TELL, "people": ["item"]}]}, "「職員」ではありません"),
            ({"actions": [{**TELL, "sections": ["keeper"]}]}, "「所属」ではありません"),
            ({"actions": [{**TELL, "groups": ["無い"]}]}, "グループ「無い」が権限にありません"),
            ({"actions": [{"does": "set"}]}, "入れる項目がありません"),
            ({"actions": [{"does": "set", "sets": [{"field": "keeper", "to": "presser"}]}]}, "「押した人」がいません"),
            ({"actions": [{"does": "set", "sets": [{"field": "item", "to": "today"}]}]}, "入れられません"),
            ({"actions": [{"does": "set", "sets": [{"field": "state", "to": "constant", "value": "x"}]}]}, "入れられません"),
            ({"actions": [{"does": "create", "app": "0123456789abcdef"}]}, "アプリが見つからない"),
            ({"actions": [{"does": "webhook", "hook": "", "fields": ["gone"]}]}, "送る項目が見つかりません"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said(self, changed, said) -> None:
        definition = lending(automations=[automation(**changed)])
        found = automation_problems(definition, groups=("自分の課",), apps={})
        assert any(said in one.words() for one in found), [one.words() for one in found]

    def test_an_automation_that_sets_a_state_makes_it_reachable(self, desk) -> None:
        late = {"does": "set", "sets": [{"field": "state", "to": "constant", "value": "no"}]}
        buttons = [{**one, "approval": None, "groups": ["自分の課"]} for one in PROCESS["buttons"]]
        use(
            desk,
            automation(when="day", field="due_on", days=1, actions=[late]),
            process={**PROCESS, "buttons": buttons},
        )

    def test_twenty_automations_and_five_actions_at_most(self) -> None:
        with pytest.raises(Refusal):
            lending(automations=[automation(key=f"a{n}") for n in range(21)])
        with pytest.raises(Refusal):
            lending(automations=[automation(actions=[TELL] * 6)])

    @pytest.mark.parametrize(
        ("changed", "is_new", "before", "after", "is_off"),
        [
            ({}, True, {}, {"item": "x"}, True),
            ({}, False, {}, {"item": "x"}, False),
            ({"is_on": False}, True, {}, {"item": "x"}, False),
            ({"when": "changed"}, False, {"item": "x"}, {"item": "y"}, True),
            ({"when": "changed"}, False, {}, {}, False),
            ({"when": "changed"}, True, {}, {"item": "x"}, False),
            ({"when": "changed", "fields": ["price"]}, False, {"item": "x"}, {"item": "y"}, False),
            ({"when": "changed", "fields": ["item"]}, False, {"item": "x"}, {"item": None}, True),
            ({"when": "reached", "field": "state", "state": "out"}, False, {"state": "a"}, {"state": "out"}, True),
            ({"when": "reached", "field": "state", "state": "out"}, False, {"state": "out"}, {"state": "a"}, False),
            ({"when": "reached", "field": "state", "state": "a"}, True, {}, {"state": "a"}, True),
            ({"when": "day", "field": "due_on"}, True, {}, {"due_on": "2027-01-01"}, False),
        ],
    )
    def test_what_sets_it_off(self, changed, is_new, before, after, is_off) -> None:
        one = Automation.model_validate(automation(**changed))
        assert is_set_off(one, is_new=is_new, before=before, after=after) is is_off

    def test_moments_come_at_their_hour_in_japan(self) -> None:
        def found(**changed: Any) -> list[str]:
            one = Automation.model_validate(automation(when="every", hour=8, **changed))
            since, until = at(date(2027, 1, 29), 9).now(), at(date(2027, 2, 28), 8).now()
            return [f"{one:%m-%d %H}" for one in moments(one, after=since, until=until)]

        assert found(rhythm="daily")[0] == "01-30 08" and len(found(rhythm="daily")) == 30
        assert found(rhythm="weekly", weekday=0) == ["02-01 08", "02-08 08", "02-15 08", "02-22 08"]
        assert found(rhythm="monthly", day=31) == ["01-31 08", "02-28 08"]
        assert found(rhythm="monthly", day=5) == ["02-05 08"]

    @given(st.lists(st.integers(0, 60 * 24 * 10), min_size=2, max_size=8), st.sampled_from(["daily", "weekly"]))
    def test_looked_at_in_any_steps_each_moment_comes_once(self, minutes, rhythm) -> None:
        one = Automation.model_validate(automation(when="every", rhythm=rhythm, weekday=3, hour=8))
        start = at(date(2027, 1, 1), 0).now()
        steps = [start + timedelta(minutes=minute) for minute in sorted(minutes)]
        apart = [m for a, b in pairwise(steps) for m in moments(one, after=a, until=b)]
        assert apart == list(moments(one, after=steps[0], until=steps[-1]))

    def test_only_fields_are_filled_into_a_text(self) -> None:
        assert filled("「品名」を「必ず」返す「品名」", {"品名": "「返却日」"}) == "「返却日」を「必ず」返す「返却日」"

    def test_is_said_in_words(self) -> None:
        one = Automation.model_validate(automation(when="day", field="due_on", days=1, hour=8))
        assert when_in_words(one, {"due_on": "返却予定日"}, {}) == "「返却予定日」の1日後の8時"
