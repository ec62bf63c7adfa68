"""Who reads the ledger of self-built apps, and who looks after one of them. Nothing here opens a record."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from yakuba.kernel.access.api import NotAllowed, NotVisible, Person, PersonKind, Role
from yakuba.office.appbuilder.access import sections_around, sight_for
from yakuba.office.appbuilder.models import App, AppVersion
from yakuba.office.appbuilder.rules.definition import AppDefinition
from yakuba.office.appbuilder.rules.lifecycle import VersionState

READS_ALL = (Role.IT, Role.SECRETARIAT, Role.AUDITOR)


def has_ledger(person: Person) -> bool:
    """Whether a person reads the ledger at all."""
    return person.kind is PersonKind.STAFF and person.has(*READS_ALL, Role.SECTION_HEAD)


def in_ledger(person: Person) -> QuerySet[App]:
    """The apps whose ledger entry a person reads, closed ones too: all, or those of the section one heads."""
    apps = App.objects.select_related("section")
    if person.kind is not PersonKind.STAFF:
        return apps.none()
    if person.has(*READS_ALL):
        return apps
    if person.has(Role.SECTION_HEAD):
        _, around = sections_around(person.section_ids)
        return apps.filter(section_id__in=around)
    return apps.none()


def is_head_of(person: Person, app: App) -> bool:
    """Whether a person heads the section that owns the app."""
    if person.kind is not PersonKind.STAFF or app.section_id is None or not person.has(Role.SECTION_HEAD):
        return False
    _, around = sections_around(person.section_ids)
    return app.section_id in around


@dataclass(frozen=True)
class Caring:
    """One app as the ledger shows it to a person, and as what the person looks at it."""

    app: App
    version: AppVersion
    definition: AppDefinition
    manages: bool
    heads: bool
    is_it: bool
    writes: bool

    @property
    def may_hand_over(self) -> bool:
        return self.writes and (self.manages or self.heads or self.is_it)

    @property
    def may_count(self) -> bool:
        """Whether the person may say how many hours the app saves."""
        return self.writes and self.app.closed_at is None and (self.manages or self.heads)

    @property
    def may_reopen(self) -> bool:
        return self.writes and self.app.closed_at is not None and (self.heads or self.is_it)


def caring_for(person: Person, public_id: str) -> Caring:
    """The entry of one app, for those who manage it and for readers of the ledger. Raises `NotVisible`."""
    app = App.objects.filter(public_id=public_id).select_related("section").first()
    if app is None:
        raise NotVisible
    versions = {one.state: one for one in app.versions.exclude(state=VersionState.RETIRED)}
    version = versions.get(VersionState.IN_USE) or versions.get(VersionState.DRAFT)
    if version is None:
        raise NotVisible
    definition = version.content
    manages = sight_for(person, app, definition).manage
    if not manages and not in_ledger(person).filter(pk=app.pk).exists():
        raise NotVisible
    return Caring(
        app=app,
        version=version,
        definition=definition,
        manages=manages,
        heads=is_head_of(person, app),
        is_it=person.has(Role.IT),
        writes=not person.is_read_only,
    )


def require(allowed: bool, words: str) -> None:
    """Raise `NotAllowed` with words unless allowed."""
    if not allowed:
        raise NotAllowed(words)
