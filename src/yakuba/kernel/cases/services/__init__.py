"""The verbs of cases."""

from yakuba.kernel.cases.services.assign import (
    add_note,
    assign_case,
    for_each,
    transfer_case,
)
from yakuba.kernel.cases.services.consent import confirm_cosigner, cosigner_of, invite_cosigner, record_consent
from yakuba.kernel.cases.services.corrections import (
    answer_correction,
    ask_correction,
    mark_overdue,
    take_back_correction,
)
from yakuba.kernel.cases.services.decide import propose_decision, take_back_proposal
from yakuba.kernel.cases.services.fees import ask_fee, drop_fee, mark_paid
from yakuba.kernel.cases.services.files import check_files, release_file, remove_file
from yakuba.kernel.cases.services.grants import payment_came_back, record_payment, send_to_payment, set_programme
from yakuba.kernel.cases.services.keeping import (
    approve_disposal,
    dispose_some,
    draw_up_disposal,
    drop_disposal,
    end_hold,
    set_hold,
)
from yakuba.kernel.cases.services.notices import (
    close_posted,
    hand_notice,
    make_notice,
    notice_came_back,
    print_notice,
    put_on_paper,
    record_notice_opened,
    replace_notice,
    send_notice,
    use_own_letter,
)
from yakuba.kernel.cases.services.places import apply_draw, cancel_place, decide_place, draw_lots, move_up
from yakuba.kernel.cases.services.protected import open_contact
from yakuba.kernel.cases.services.receipts import assign_receipt, import_receipts
from yakuba.kernel.cases.services.settings import keep_template, set_handling
from yakuba.kernel.cases.services.submit_case import submit_case
from yakuba.kernel.cases.services.withdraw import withdraw_case
from yakuba.kernel.cases.services.work import (
    complete_case,
    confirm_identity,
    confirm_mandate,
    confirm_paper,
    recount,
    return_case,
    start_work,
)

__all__ = [
    "add_note",
    "answer_correction",
    "apply_draw",
    "approve_disposal",
    "ask_correction",
    "ask_fee",
    "assign_case",
    "assign_receipt",
    "cancel_place",
    "check_files",
    "close_posted",
    "complete_case",
    "confirm_cosigner",
    "confirm_identity",
    "confirm_mandate",
    "confirm_paper",
    "cosigner_of",
    "decide_place",
    "dispose_some",
    "draw_lots",
    "draw_up_disposal",
    "drop_disposal",
    "drop_fee",
    "end_hold",
    "for_each",
    "hand_notice",
    "import_receipts",
    "invite_cosigner",
    "keep_template",
    "make_notice",
    "mark_overdue",
    "mark_paid",
    "move_up",
    "notice_came_back",
    "open_contact",
    "payment_came_back",
    "print_notice",
    "propose_decision",
    "put_on_paper",
    "record_consent",
    "record_notice_opened",
    "record_payment",
    "recount",
    "release_file",
    "remove_file",
    "replace_notice",
    "return_case",
    "send_notice",
    "send_to_payment",
    "set_handling",
    "set_hold",
    "set_programme",
    "start_work",
    "submit_case",
    "take_back_correction",
    "take_back_proposal",
    "transfer_case",
    "use_own_letter",
    "withdraw_case",
]
