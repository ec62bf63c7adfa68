"""The verbs of the app builder: the only writers."""

from yakuba.office.appbuilder.services.bulk import change_records, delete_records
from yakuba.office.appbuilder.services.comments import add_comment, delete_comment
from yakuba.office.appbuilder.services.define import (
    ChangedMeanwhile,
    NotReady,
    change_permissions,
    close_app,
    create_app,
    publish_version,
    save_definition,
)
from yakuba.office.appbuilder.services.imports import (
    begin_import,
    drop_import,
    finish_import,
    import_chunk,
)
from yakuba.office.appbuilder.services.merge_records import merge_records
from yakuba.office.appbuilder.services.press import AlreadyPressed, press_button
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
    "ChangedMeanwhile",
    "NotReady",
    "RecordConflict",
    "RecordFault",
    "UnderDecision",
    "add_comment",
    "add_record",
    "begin_import",
    "change_permissions",
    "change_record",
    "change_records",
    "close_app",
    "create_app",
    "delete_comment",
    "delete_record",
    "delete_records",
    "drop_import",
    "finish_import",
    "go_back",
    "import_chunk",
    "merge_records",
    "press_button",
    "publish_version",
    "put_in_sheet",
    "remove_sheet",
    "reshape_chunk",
    "restore_record",
    "save_definition",
]
