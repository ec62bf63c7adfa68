"""What the app builder does outside a request."""

from __future__ import annotations

from datetime import timedelta

from yakuba.kernel.access.api import system_person
from yakuba.kernel.jobs.api import Every, job
from yakuba.kernel.parameters.api import town_clock
from yakuba.office.appbuilder.models import App, ImportBatch
from yakuba.office.appbuilder.services import drop_import, reshape_chunk
from yakuba.office.appbuilder.services.define import RESHAPE

_LEFT_FOR = timedelta(hours=1)


@job(RESHAPE, label="アプリの項目の変更を記録に反映する")
def reshape(app: str) -> None:
    """Bring every record of an app into the shape in use; may be stopped and run again at any place."""
    found = App.objects.get(public_id=app)
    while reshape_chunk(by=system_person("appbuilder"), app=found, clock=town_clock()):
        pass


@job("appbuilder.drop_left_imports", label="途中で止まった取込みを取り消す", every=Every(minutes=60))
def drop_left_imports() -> None:
    """Imports that began an hour ago and never finished leave nothing behind."""
    for batch in ImportBatch.objects.filter(finished_at__isnull=True, started_at__lt=town_clock().now() - _LEFT_FOR):
        while drop_import(by=system_person("appbuilder"), batch=batch):
            pass
