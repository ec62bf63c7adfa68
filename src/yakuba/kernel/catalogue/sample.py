"""The catalogue in the sample town: every procedure as delivered, put to the sections of the sample town hall."""

from __future__ import annotations

from yakuba.kernel.catalogue.queries.delivery import catalogue_folder, read_folder
from yakuba.kernel.catalogue.services import deliver
from yakuba.kernel.things.sample import SampleContext, sample_part


@sample_part(order=200, title="手続きの一覧")
def deliver_the_catalogue(context: SampleContext) -> None:
    """Bring the delivered procedures in."""
    deliver(by=context.person("secretariat"), delivery=read_folder(catalogue_folder()), clock=context.clock)
