"""Document symbols of the sample town: the first letters of its sections, as most towns choose them."""

from __future__ import annotations

from yakuba.kernel.approval.rules.document_numbers import propose_symbols
from yakuba.kernel.approval.services import name_section_symbol
from yakuba.kernel.organisation.api import sections_on
from yakuba.kernel.organisation.models import SectionKind
from yakuba.kernel.things.sample import SampleContext, sample_part
from yakuba.kernel.values.api import FiscalYear


@sample_part(order=90, title="文書記号")
def fill(context: SampleContext) -> None:
    """Every section and facility with its symbol; units write under that of their section."""
    sections = list(sections_on(context.today).exclude(kind=SectionKind.UNIT).order_by("order", "code"))
    for section, symbol in zip(sections, propose_symbols([one.name for one in sections]), strict=True):
        if symbol:
            name_section_symbol(
                by=context.person("it"),
                section=section,
                symbol=symbol,
                starts_on=FiscalYear.of(context.today).start,
            )
