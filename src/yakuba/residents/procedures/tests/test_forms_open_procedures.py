"""A procedure is online exactly as long as its form takes answers."""

from __future__ import annotations

from yakuba.kernel.approval.tests.town_hall import acting
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.cases.tests.world import CLOCK
from yakuba.kernel.catalogue.models import Channel
from yakuba.kernel.forms.models import Form
from yakuba.kernel.forms.services import close_version, reopen_version


def test_with_its_form_a_procedure_leaves_and_returns(counter) -> None:
    version = counter.versions["small-form"]
    clerk = acting(counter.hall.staff["行政 主事"])
    with unaudited_writes("test"):
        Form.objects.filter(pk=version.form_id).update(section=counter.procedures["application"].section)
        Channel.objects.exclude(procedure=counter.procedures["application"]).delete()
    version.refresh_from_db()
    close_version(by=clerk, version=version, clock=CLOCK)
    channel = Channel.objects.get()
    assert channel.closed_on is not None
    reopen_version(by=clerk, version=version, clock=CLOCK)
    opened = Channel.objects.get(closed_on__isnull=True)
    assert opened.live_since is not None and opened.pk != channel.pk
