"""Public names of `kernel.forms`: definitions, filling them in, and the answers given."""

from yakuba.kernel.forms.access import may_see_filling, sent_gate
from yakuba.kernel.forms.events import FormClosed, FormWentLive
from yakuba.kernel.forms.fillings import AlreadySent, ChangedMeanwhile, document_of, evaluation_of, key_digest, typed_of
from yakuba.kernel.forms.library import library_forms
from yakuba.kernel.forms.presentation import FileShown, Showing, answer_sections, label_of, show_page
from yakuba.kernel.forms.queries import (
    evaluation_of_answers,
    find_filling,
    live_version,
    pages_of,
    published_for,
)
from yakuba.kernel.forms.rules.definition import FormDefinition, read_definition
from yakuba.kernel.forms.rules.evaluate import Evaluation, evaluate_form
from yakuba.kernel.forms.rules.kinds.numbers import yen_in_words
from yakuba.kernel.forms.rules.lifecycle import NotOpen
from yakuba.kernel.forms.rules.naming import every_name
from yakuba.kernel.forms.rules.reading import read_page, without_row
from yakuba.kernel.forms.services import (
    add_file,
    add_row,
    answer_page,
    ask_for_publication,
    begin_filling,
    change_draft,
    create_form,
    finish_filling,
    give_up_filling,
    remove_file,
    remove_row,
    seal_given_answers,
)
from yakuba.kernel.forms.services.finish_filling import Incomplete
from yakuba.kernel.forms.services.give_up import KEPT_FOR

__all__ = [
    "KEPT_FOR",
    "AlreadySent",
    "ChangedMeanwhile",
    "Evaluation",
    "FileShown",
    "FormClosed",
    "FormDefinition",
    "FormWentLive",
    "Incomplete",
    "NotOpen",
    "Showing",
    "add_file",
    "add_row",
    "answer_page",
    "answer_sections",
    "ask_for_publication",
    "begin_filling",
    "change_draft",
    "create_form",
    "document_of",
    "evaluate_form",
    "evaluation_of",
    "evaluation_of_answers",
    "every_name",
    "find_filling",
    "finish_filling",
    "give_up_filling",
    "key_digest",
    "label_of",
    "library_forms",
    "live_version",
    "may_see_filling",
    "pages_of",
    "published_for",
    "read_definition",
    "read_page",
    "remove_file",
    "remove_row",
    "seal_given_answers",
    "sent_gate",
    "show_page",
    "typed_of",
    "without_row",
    "yen_in_words",
]
