"""How much self-built apps are used."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from yakuba.office.appbuilder.models import App, Arrival, ImportBatch, Record, RecordHistory
from yakuba.office.appbuilder.rules.lifecycle import VersionState

_SYSTEM = "system:"


def apps_in_use(since: datetime, before: datetime) -> int:
    """Apps with a version in use and a record written in a time."""
    apps = App.objects.filter(is_sample=False, closed_at__isnull=True, versions__state=VersionState.IN_USE)
    written = Record.objects.filter(changed_at__gte=since, changed_at__lt=before)
    return apps.filter(pk__in=written.values("app")).distinct().count()


def people_at_work(since: datetime, before: datetime) -> int:
    """People who wrote in apps in a time, by hand or by an import."""
    hand = RecordHistory.objects.filter(at__gte=since, at__lt=before, record__app__is_sample=False)
    sheets = ImportBatch.objects.filter(finished_at__gte=since, finished_at__lt=before, app__is_sample=False)
    found = {*hand.values_list("by", flat=True).distinct(), *sheets.values_list("made_by", flat=True).distinct()}
    return len([one for one in found if not one.startswith(_SYSTEM)])


def records_held(before: datetime) -> int:
    """Records of apps in use at a moment."""
    standing = Q(deleted_at__isnull=True) | Q(deleted_at__gte=before)
    done = Q(batch__isnull=True) | Q(batch__finished_at__lt=before)
    return Record.objects.filter(
        standing, done, made_at__lt=before, app__is_sample=False, app__closed_at__isnull=True
    ).count()


def came_through_doors(since: datetime, before: datetime) -> int:
    """What residents sent through doors of apps in a time."""
    return Arrival.objects.filter(
        record__made_at__gte=since, record__made_at__lt=before, entrance__app__is_sample=False
    ).count()
