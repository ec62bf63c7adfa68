"""What the house knows of a turn when the log points at it."""

from django.urls import reverse

from yakuba.kernel.organisation.api import may_edit
from yakuba.kernel.things.api import describe
from yakuba.kernel.yearturn.models import YearTurn

describe(
    kind="yearturn.turn",
    label="年度替わり",
    model=YearTurn,
    title=str,
    url=lambda turn: reverse("yearturn-turn", args=[turn.public_id]),
    gate=lambda person, turn: may_edit(person),
)
