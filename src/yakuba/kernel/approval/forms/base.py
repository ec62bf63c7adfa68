"""What every form of an act has."""

from __future__ import annotations

from yakuba.kernel.ui.api import TownForm
from yakuba.kernel.values.api import Refusal


class VerbForm(TownForm):
    """A form whose verb may refuse: the refusal is shown at the field it names."""

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal of the verb; what was typed stays."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, f"{refusal.message}{refusal.hint or ''}")
