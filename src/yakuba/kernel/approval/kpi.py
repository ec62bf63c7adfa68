"""The measure the decision engine offers to the plan board: how long drafts wait."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from yakuba.kernel.approval.models import DecisionRequest
from yakuba.kernel.approval.rules.states import RequestState
from yakuba.kernel.approval.rules.waiting import median_hours
from yakuba.kernel.kpi.api import Direction, Reading, measure
from yakuba.kernel.values.api import Text

_TOKYO = ZoneInfo("Asia/Tokyo")
DAYS = 30


@measure(
    "approval.median_wait",
    title=Text(
        "起案から決裁までの時間（中央値）",
        easy="決裁（けっさい）までの 時間（じかん）",
        en="Time from draft to decision (median)",
    ),
    definition=Text(
        "その日までの30日間に承認・否決された起案の、起案から決裁までの時間の中央値（休日を含む）。",
        easy="30日間（にちかん）に 決（き）まった ものの、決（き）まるまでの 時間（じかん）の 真（ま）ん中（なか）の 値（あたい）です。",
        en="Of drafts approved or refused in the 30 days up to that day, the median time from draft to decision.",
    ),
    unit="時間",
    direction=Direction.DOWN,
    how="電子決裁の起案日時と決裁日時",
    initiative="2-②",
    drill_down="approval-decisions",
)
def median_wait(on: date) -> Reading | None:
    """The median of the last thirty days; nothing for a time without decisions."""
    end = datetime.combine(on + timedelta(days=1), time(), tzinfo=_TOKYO)
    rows = DecisionRequest.objects.filter(
        state__in=[RequestState.APPROVED.value, RequestState.REFUSED.value],
        closed_at__gte=end - timedelta(days=DAYS),
        closed_at__lt=end,
    )
    waited = [closed - asked for asked, closed in rows.values_list("asked_at", "closed_at") if closed is not None]
    return Reading(Decimal(str(median_hours(waited))), n=len(waited)) if waited else None
