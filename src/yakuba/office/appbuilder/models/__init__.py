"""Apps clerks build, their records, the typed table, and what happened to every record."""

from yakuba.office.appbuilder.models.apps import App, AppVersion
from yakuba.office.appbuilder.models.automations import AllowedHost, AutomationPause, AutomationRun, Hook, RunState
from yakuba.office.appbuilder.models.care import (
    AppEvent,
    CheckState,
    DisposalLine,
    DisposalState,
    HoursEntry,
    RecordDisposal,
    UseCheck,
)
from yakuba.office.appbuilder.models.comments import RecordComment
from yakuba.office.appbuilder.models.doors import AnsweredMark, Arrival, Entrance, EntrancePlace
from yakuba.office.appbuilder.models.process import PressRequest, PressState
from yakuba.office.appbuilder.models.published import PublicView
from yakuba.office.appbuilder.models.records import (
    PURPOSE,
    RETENTION,
    Act,
    Cell,
    ImportBatch,
    Record,
    RecordHistory,
)
from yakuba.office.appbuilder.models.sheet_out import AppSheet
from yakuba.office.appbuilder.models.tokens import AppToken
from yakuba.office.appbuilder.models.views import SavedView

__all__ = [
    "PURPOSE",
    "RETENTION",
    "Act",
    "AllowedHost",
    "AnsweredMark",
    "App",
    "AppEvent",
    "AppSheet",
    "AppToken",
    "AppVersion",
    "Arrival",
    "AutomationPause",
    "AutomationRun",
    "Cell",
    "CheckState",
    "DisposalLine",
    "DisposalState",
    "Entrance",
    "EntrancePlace",
    "Hook",
    "HoursEntry",
    "ImportBatch",
    "PressRequest",
    "PressState",
    "PublicView",
    "Record",
    "RecordComment",
    "RecordDisposal",
    "RecordHistory",
    "RunState",
    "SavedView",
    "UseCheck",
]
