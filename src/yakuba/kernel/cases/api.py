"""Public names of `kernel.cases`: submissions and what becomes of them."""

from yakuba.kernel.cases.access import (
    cases_of,
    contact_of,
    counted_by,
    get_for,
    is_protected_case,
    may_work_on,
    protected_cases,
    visible_to,
)
from yakuba.kernel.cases.events import (
    CaseDecided,
    CaseReceived,
    CaseReturned,
    CorrectionAnswered,
    CorrectionAsked,
    NoticeOnPaper,
    NoticeSent,
)
from yakuba.kernel.cases.models import Case, Correction, Notice, Outcome
from yakuba.kernel.cases.queries.answers import answers_for, compare_answers, correction_compared
from yakuba.kernel.cases.queries.corrections import correction_evaluation, open_correction
from yakuba.kernel.cases.queries.for_residents import case_states, history_for, open_actions
from yakuba.kernel.cases.queries.grants import carried_answers, following, next_stage_facts
from yakuba.kernel.cases.queries.look_up import case_of_number
from yakuba.kernel.cases.queries.notices import fee_items_of, notices_of, paper_list
from yakuba.kernel.cases.queries.worklist import Wanted, Whose, work_counts, work_rows, worklist
from yakuba.kernel.cases.rules.actions import Action
from yakuba.kernel.cases.rules.consent import CodeWrong, Invited, statement
from yakuba.kernel.cases.rules.deadlines import Light
from yakuba.kernel.cases.rules.parties import Arrival, Party, PartyRole
from yakuba.kernel.cases.rules.proof import ProofMissing, Shown
from yakuba.kernel.cases.rules.states import CaseKind, GrantStage, Mover, Phase
from yakuba.kernel.cases.rules.words import StateWords
from yakuba.kernel.cases.services import (
    answer_correction,
    ask_correction,
    confirm_cosigner,
    cosigner_of,
    invite_cosigner,
    record_notice_opened,
    submit_case,
    take_back_correction,
    withdraw_case,
)

__all__ = [
    "Action",
    "Arrival",
    "Case",
    "CaseDecided",
    "CaseKind",
    "CaseReceived",
    "CaseReturned",
    "CodeWrong",
    "Correction",
    "CorrectionAnswered",
    "CorrectionAsked",
    "GrantStage",
    "Invited",
    "Light",
    "Mover",
    "Notice",
    "NoticeOnPaper",
    "NoticeSent",
    "Outcome",
    "Party",
    "PartyRole",
    "Phase",
    "ProofMissing",
    "Shown",
    "StateWords",
    "Wanted",
    "Whose",
    "answer_correction",
    "answers_for",
    "ask_correction",
    "carried_answers",
    "case_of_number",
    "case_states",
    "cases_of",
    "compare_answers",
    "confirm_cosigner",
    "contact_of",
    "correction_compared",
    "correction_evaluation",
    "cosigner_of",
    "counted_by",
    "fee_items_of",
    "following",
    "get_for",
    "history_for",
    "invite_cosigner",
    "is_protected_case",
    "may_work_on",
    "next_stage_facts",
    "notices_of",
    "open_actions",
    "open_correction",
    "paper_list",
    "protected_cases",
    "record_notice_opened",
    "statement",
    "submit_case",
    "take_back_correction",
    "visible_to",
    "withdraw_case",
    "work_counts",
    "work_rows",
    "worklist",
]
