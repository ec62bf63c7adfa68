"""The verbs of forms."""

from yakuba.kernel.forms.services.answer_page import answer_page
from yakuba.kernel.forms.services.attach import add_file, remove_file
from yakuba.kernel.forms.services.begin_filling import begin_filling
from yakuba.kernel.forms.services.finish_filling import finish_filling, seal_given_answers
from yakuba.kernel.forms.services.form_sheets import add_form_sheet
from yakuba.kernel.forms.services.give_up import forget_fillings, give_up_filling
from yakuba.kernel.forms.services.rows import add_row, remove_row
from yakuba.kernel.forms.services.versions import (
    archive_version,
    ask_for_publication,
    assign_form,
    change_draft,
    close_version,
    create_form,
    draft_version,
    publish_version,
    reopen_version,
    return_to_draft,
    undo_draft,
)

__all__ = [
    "add_file",
    "add_form_sheet",
    "add_row",
    "answer_page",
    "archive_version",
    "ask_for_publication",
    "assign_form",
    "begin_filling",
    "change_draft",
    "close_version",
    "create_form",
    "draft_version",
    "finish_filling",
    "forget_fillings",
    "give_up_filling",
    "publish_version",
    "remove_file",
    "remove_row",
    "reopen_version",
    "return_to_draft",
    "seal_given_answers",
    "undo_draft",
]
