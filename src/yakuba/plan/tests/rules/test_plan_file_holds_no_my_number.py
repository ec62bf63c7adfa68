"""A plan file is published as it is: a My Number anywhere in it is refused by its line."""

from __future__ import annotations

import pytest

from yakuba.plan.rules.check_plan_file import PlanFileRefused, check_plan_file, read_plan_file
from yakuba.plan.tests.rules.test_check_plan_file import SOUND

MINE = "123456789018"  # a made-up number with a valid check digit


@pytest.mark.parametrize("line", [f"# {MINE}", f'# 担当 "1234-5678-9018" {MINE}'])
def test_a_my_number_is_named_by_its_line_and_not_repeated(line: str) -> None:
    (fault,) = check_plan_file(SOUND + "\n" + line + "\n")
    assert fault.line == (SOUND + "\n").count("\n") + 1
    assert "個人番号" in fault.reason and MINE not in str(fault)


def test_such_a_file_cannot_be_loaded() -> None:
    with pytest.raises(PlanFileRefused):
        read_plan_file(f"{SOUND}\n# {MINE}\n")
