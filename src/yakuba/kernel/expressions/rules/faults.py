"""How a rule is refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from yakuba.kernel.values.api import Refusal


class Fault(Enum):
    """What is wrong with a rule, for programs; people read the message."""

    UNKNOWN_OPERATOR = "unknown_operator"
    UNKNOWN_NAME = "unknown_name"
    NAME_NOT_WRITTEN = "name_not_written"
    WRONG_COUNT = "wrong_count"
    WRONG_TYPE = "wrong_type"
    NEVER_EQUAL = "never_equal"
    NOT_A_RULE = "not_a_rule"
    TOO_LARGE = "too_large"


@dataclass(frozen=True)
class RuleProblem:
    """One fault of a rule: `path` points into its JSON (`/and/1/==/0`; empty is the rule as a whole)."""

    path: str
    fault: Fault
    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.path or '/'}: {self.message}{self.hint}"


class RuleFault(Refusal):
    """A rule cannot be evaluated (条件式の誤り): malformed, or larger than the bounds.

    `path` says where in the JSON of the rule (`/and/1`), empty when it is the work as a whole; `fault` is its kind.
    """

    def __init__(self, message: str, *, fault: Fault, hint: str, path: str = "") -> None:
        super().__init__(message, hint=hint)
        self.fault = fault
        self.path = path

    @classmethod
    def of(cls, problem: RuleProblem) -> RuleFault:
        return cls(problem.message, fault=problem.fault, hint=problem.hint, path=problem.path)


def too_large(message: str, hint: str) -> RuleFault:
    """The refusal of work, numbers, texts or lists beyond the bounds."""
    return RuleFault(message, fault=Fault.TOO_LARGE, hint=hint)
