"""Requests and decisions, their routes and acts, document numbers."""

from yakuba.kernel.approval.models.numbers import (
    DocumentNumber,
    NumberedTitle,
    NumberSeries,
    SectionSymbol,
    VoidedNumber,
)
from yakuba.kernel.approval.models.requests import RETENTION, Decision, DecisionComment, DecisionRequest
from yakuba.kernel.approval.models.routes import (
    Absence,
    ActWords,
    DelegationLine,
    FormerContent,
    RouteAct,
    RoutePlan,
    RouteSeat,
    RouteStage,
    SealUse,
    SeatTrace,
)

__all__ = [
    "RETENTION",
    "Absence",
    "ActWords",
    "Decision",
    "DecisionComment",
    "DecisionRequest",
    "DelegationLine",
    "DocumentNumber",
    "FormerContent",
    "NumberSeries",
    "NumberedTitle",
    "RouteAct",
    "RoutePlan",
    "RouteSeat",
    "RouteStage",
    "SealUse",
    "SeatTrace",
    "SectionSymbol",
    "VoidedNumber",
]
