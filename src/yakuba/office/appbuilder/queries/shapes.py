"""Records under the definition in use, whichever version they were written under."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from yakuba.office.appbuilder.models import App, AppVersion, Record
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField
from yakuba.office.appbuilder.rules.lifecycle import VersionState
from yakuba.office.appbuilder.rules.reshaping import Reshaped, reshaped
from yakuba.office.appbuilder.rules.values import NO_NAMES, Names


class Shapes:
    """The versions of one app, read once, and only as far as a record asks for them."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._known: dict[int, dict[str, AppField]] = {}

    @cached_property
    def in_use(self) -> AppVersion:
        """The version in use. Raises `AppVersion.DoesNotExist` before the first is published."""
        return self.app.versions.get(state=VersionState.IN_USE)

    @cached_property
    def definition(self) -> AppDefinition:
        """The definition in use."""
        return self.in_use.content

    @cached_property
    def number(self) -> int:
        """The number of the version in use. Raises `AppVersion.DoesNotExist` before the first is published."""
        known = self.app.versions.filter(state=VersionState.IN_USE).values_list("number", flat=True).first()
        if known is None:
            raise AppVersion.DoesNotExist
        return known

    def fields_at(self, number: int) -> dict[str, AppField]:
        """Every field known up to a version, as its last version knew it."""
        if number not in self._known:
            known: dict[str, AppField] = {}
            past = self.app.versions.exclude(state=VersionState.DRAFT).filter(number__lte=number)
            for version in past.order_by("number"):
                known.update({one.key: one for one in version.content.fields})
            self._known[number] = known
        return self._known[number]

    def of(self, record: Record, *, today: date, names: Names = NO_NAMES) -> Reshaped:
        """Values and what was kept, in the shape in use."""
        if record.shape == self.number:
            return Reshaped(dict(record.values), dict(record.kept))
        return reshaped(
            record.values,
            record.kept,
            before=self.fields_at(record.shape),
            after=self.definition,
            today=today,
            names=names,
        )

    def waits(self) -> bool:
        """Whether any record is not yet in the shape in use."""
        return self.waiting() > 0

    def waiting(self) -> int:
        """Records not yet in the shape in use, as they were counted first."""
        return self._waiting

    @cached_property
    def _waiting(self) -> int:
        return Record.objects.filter(app=self.app, shape__lt=self.number).count()
