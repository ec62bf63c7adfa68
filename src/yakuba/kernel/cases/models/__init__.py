"""What cases store."""

from yakuba.kernel.cases.models.case import Case, CaseSeries, Outcome
from yakuba.kernel.cases.models.correction import Correction, CorrectionState
from yakuba.kernel.cases.models.cosigner import ConsentState, Cosigner
from yakuba.kernel.cases.models.decision import (
    Notice,
    NoticeKind,
    NoticeState,
    NoticeWay,
    Proposal,
    ProposalState,
)
from yakuba.kernel.cases.models.history import CaseEvent, Happening
from yakuba.kernel.cases.models.keeping import (
    DisposalItem,
    DisposalList,
    DisposalState,
    ExternalReceipt,
    FileCheck,
    FileFinding,
    LegalHold,
    ReceiptImport,
    ReceiptState,
)
from yakuba.kernel.cases.models.money import (
    Grant,
    GrantCase,
    GrantState,
    OrderRequest,
    OrderState,
    Programme,
)
from yakuba.kernel.cases.models.party import CaseParty
from yakuba.kernel.cases.models.working import AnswerTemplate, Draw, Handling, Note, SignUpMode, TemplateUse

__all__ = [
    "AnswerTemplate",
    "Case",
    "CaseEvent",
    "CaseParty",
    "CaseSeries",
    "ConsentState",
    "Correction",
    "CorrectionState",
    "Cosigner",
    "DisposalItem",
    "DisposalList",
    "DisposalState",
    "Draw",
    "ExternalReceipt",
    "FileCheck",
    "FileFinding",
    "Grant",
    "GrantCase",
    "GrantState",
    "Handling",
    "Happening",
    "LegalHold",
    "Note",
    "Notice",
    "NoticeKind",
    "NoticeState",
    "NoticeWay",
    "OrderRequest",
    "OrderState",
    "Outcome",
    "Programme",
    "Proposal",
    "ProposalState",
    "ReceiptImport",
    "ReceiptState",
    "SignUpMode",
    "TemplateUse",
]
