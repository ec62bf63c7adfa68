"""The verbs of the app builder: the only writers."""

from yakuba.office.appbuilder.services.bulk import change_records, delete_records
from yakuba.office.appbuilder.services.closing import close_app, reopen_app
from yakuba.office.appbuilder.services.comments import add_comment, delete_comment
from yakuba.office.appbuilder.services.define import (
    ChangedMeanwhile,
    CheckNeeded,
    NotReady,
    change_permissions,
    create_app,
    publish_version,
    save_definition,
)
from yakuba.office.appbuilder.services.door_arrivals import (
    AlreadyThere,
    DoorClosed,
    DoorFull,
    answer_survey,
    sign_up,
)
from yakuba.office.appbuilder.services.door_cases import make_door_form
from yakuba.office.appbuilder.services.door_keeping import erase_arrivals
from yakuba.office.appbuilder.services.door_openings import ask_for_door, close_door, open_door, reopen_door
from yakuba.office.appbuilder.services.door_places import accept_place, cancel_sign_up, lapse_offers, move_up
from yakuba.office.appbuilder.services.imports import (
    begin_import,
    drop_import,
    finish_import,
    import_chunk,
)
from yakuba.office.appbuilder.services.keep_views import drop_view, save_view
from yakuba.office.appbuilder.services.merge_records import merge_records
from yakuba.office.appbuilder.services.press import AlreadyPressed, press_button
from yakuba.office.appbuilder.services.publish_views import ask_to_publish, stop_publishing
from yakuba.office.appbuilder.services.records import (
    RecordConflict,
    RecordFault,
    UnderDecision,
    add_record,
    change_record,
    delete_record,
    go_back,
    restore_record,
)
from yakuba.office.appbuilder.services.reshape import reshape_chunk
from yakuba.office.appbuilder.services.sheet_out import put_in_sheet, remove_sheet

__all__ = [
    "AlreadyPressed",
    "AlreadyThere",
    "ChangedMeanwhile",
    "CheckNeeded",
    "DoorClosed",
    "DoorFull",
    "NotReady",
    "RecordConflict",
    "RecordFault",
    "UnderDecision",
    "accept_place",
    "add_comment",
    "add_record",
    "answer_survey",
    "ask_for_door",
    "ask_to_publish",
    "begin_import",
    "cancel_sign_up",
    "change_permissions",
    "change_record",
    "change_records",
    "close_app",
    "close_door",
    "create_app",
    "delete_comment",
    "delete_record",
    "delete_records",
    "drop_import",
    "drop_view",
    "erase_arrivals",
    "finish_import",
    "go_back",
    "import_chunk",
    "lapse_offers",
    "make_door_form",
    "merge_records",
    "move_up",
    "open_door",
    "press_button",
    "publish_version",
    "put_in_sheet",
    "remove_sheet",
    "reopen_app",
    "reopen_door",
    "reshape_chunk",
    "restore_record",
    "save_definition",
    "save_view",
    "sign_up",
    "stop_publishing",
]
