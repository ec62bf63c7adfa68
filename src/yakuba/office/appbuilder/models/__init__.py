"""Apps clerks build, their records, the typed table, and what happened to every record."""

from yakuba.office.appbuilder.models.apps import App, AppVersion
from yakuba.office.appbuilder.models.comments import RecordComment
from yakuba.office.appbuilder.models.process import PressRequest, PressState
from yakuba.office.appbuilder.models.records import (
    PURPOSE,
    RETENTION,
    Act,
    Cell,
    ImportBatch,
    Record,
    RecordHistory,
)

__all__ = [
    "PURPOSE",
    "RETENTION",
    "Act",
    "App",
    "AppVersion",
    "Cell",
    "ImportBatch",
    "PressRequest",
    "PressState",
    "Record",
    "RecordComment",
    "RecordHistory",
]
