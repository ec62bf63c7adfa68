"""What every view of the plan board begins with."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from yakuba.kernel.access.api import Person
from yakuba.kernel.values.api import Clock
from yakuba.plan.queries.current import PlanInForce, plan_in_force
from yakuba.plan.rules.plan_file import Initiative


class NoPlanYet(Http404):
    """No plan is loaded."""


def person_and_clock(request: HttpRequest) -> tuple[Person, Clock]:
    """Who asks, and the clock of the town."""
    asking: Any = request
    return asking.person, asking.clock


def shown_plan() -> PlanInForce:
    """The plan the public sees, in Japanese, as the office reads it. Raises `NoPlanYet`."""
    found = plan_in_force()
    if found is None:
        raise NoPlanYet("計画がまだ読み込まれていません。")
    return found


def plan_to_read() -> PlanInForce:
    """The plan the public sees, in the language of the page. Raises `NoPlanYet`."""
    found = plan_in_force(get_language())
    if found is None:
        raise NoPlanYet("計画がまだ読み込まれていません。")
    return found


def initiative_in(in_force: PlanInForce, key: str) -> Initiative:
    """An initiative of the plan in force. Raises `Http404`."""
    found = next((one for one in in_force.content.initiatives if one.id == key), None)
    if found is None:
        raise Http404(f"取組「{key}」は今の計画にありません。")
    return found
