"""Work outside the request."""

from __future__ import annotations

from yakuba.kernel.access.api import system_person
from yakuba.kernel.forms.services import forget_fillings
from yakuba.kernel.jobs.api import Daily, job
from yakuba.kernel.parameters.api import town_clock


@job("forms.forget_fillings", label="書きかけの申請の消去", every=Daily("03:40"))
def forget_old_fillings() -> None:
    """Wipe what nobody has touched for three months; the rest of a long row follows the next night."""
    for _ in range(20):
        if not forget_fillings(by=system_person("jobs"), clock=town_clock()):
            return
