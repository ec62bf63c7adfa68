"""The catalogue in the sample town: every procedure as delivered, put to the sections of the sample town hall; the plan's
baseline by hand; and invented yearly counts that say they are a sample."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from yakuba.kernel.catalogue.models import Procedure
from yakuba.kernel.catalogue.queries.counting import MEASURE
from yakuba.kernel.catalogue.queries.delivery import catalogue_folder, read_folder
from yakuba.kernel.catalogue.rules.kinds import ChannelKind
from yakuba.kernel.catalogue.services import deliver, enter_yearly_count, publish_year
from yakuba.kernel.kpi.api import approve_measurement, enter_measurement, known_measures
from yakuba.kernel.things.sample import SampleContext, sample_part
from yakuba.kernel.values.api import FiscalYear

_BASELINE = date(2025, 12, 31)
_COUNTED = (
    ("residence-certificate", 5200, 640),
    ("seal-certificate", 3100, 0),
    ("family-register", 2400, 410),
    ("income-certificate", 1300, 120),
    ("tax-payment-certificate", 420, 30),
    ("moving-in", 380, 0),
    ("moving-out", 410, 60),
    ("water-start", 260, 0),
    ("water-stop", 290, 0),
    ("health-insurance-join", 330, 0),
    ("birth-registration", 70, 0),
    ("death-registration", 240, 0),
    ("child-medical-card", 160, 20),
    ("nursery-place", 190, 0),
    ("care-need-new", 310, 40),
    ("dog-registration", 55, 0),
    ("rabies-tag", 480, 0),
    ("bulky-waste", 150, 0),
    ("condolence-grant", 2, 0),
    ("disaster-loan", 0, 0),
)
"""Procedure, cases at the counter, cases by post: about what a town of this size might see. Invented."""


@sample_part(order=200, title="手続きの一覧")
def deliver_the_catalogue(context: SampleContext) -> None:
    """Bring the delivered procedures in."""
    deliver(by=context.person("secretariat"), delivery=read_folder(catalogue_folder()), clock=context.clock)


@sample_part(order=205, title="手続きの件数")
def count_the_year(context: SampleContext) -> None:
    """The baseline of the plan, entered by one person and approved by another; last year's counts, published."""
    if MEASURE in known_measures():
        entry = enter_measurement(
            by=context.person("clerk"),
            measure_id=MEASURE,
            on=min(_BASELINE, context.today),
            value=Decimal(30),
            n=None,
            how="計画書の現状値（令和7年12月時点）",
            evidence="DX推進計画 1-① の現状値。どの30手続きを数えたかは計画書に書かれていません。",
            evidence_file="",
            is_baseline=True,
            clock=context.clock,
        )
        approve_measurement(by=context.person("section_head"), measurement=entry, clock=context.clock)
    secretariat = context.person("secretariat")
    year = FiscalYear.of(context.today).previous
    known = {one.key: one for one in Procedure.objects.select_related("section")}
    for key, counter, post in _COUNTED:
        for kind, typical in ((ChannelKind.COUNTER, counter), (ChannelKind.POST, post)):
            if key in known and (typical or kind is ChannelKind.COUNTER):
                enter_yearly_count(
                    by=secretariat,
                    procedure=known[key],
                    year=year,
                    kind=kind,
                    count=round(typical * context.rng.uniform(0.9, 1.1)),
                    source="（見本）作った数です",
                    seen_edition=0,
                    clock=context.clock,
                )
    publish_year(
        by=secretariat,
        year=year,
        note="（見本）この表の数は作ったもので、実際の件数ではありません。",
        clock=context.clock,
    )
