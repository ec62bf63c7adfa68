"""What the ledger says of the lending app of the sample town: purpose, retention, hours saved. The numbers are made up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.things.sample import SampleContext
from yakuba.office.appbuilder.models import App
from yakuba.office.appbuilder.services.caring import enter_hours

CARE: dict[str, Any] = {
    "purpose": "備品の貸出しと返却を管理し、返却が遅れたときに連絡するため",
    "years": 5,
    "retention": "物品の貸付けの記録（見本の期間）",
    "people": "備品を借りた団体の代表者",
    "collected": "本人が窓口で書く貸出しの申込み",
}


def count_hours(context: SampleContext, app: App, maker: Person) -> None:
    """Five and a half hours a month less, by the maker's own count."""
    enter_hours(
        by=maker,
        app=app,
        before=Decimal("9"),
        after=Decimal("3.5"),
        basis="貸出簿への記入と転記 1件15分×月36件が、入力 1件5分×月42件になった（見本の数）",
        from_on=context.today - timedelta(days=60),
        clock=context.clock,
    )
