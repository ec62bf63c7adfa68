"""Public names of ``kernel.parameters``: the town's dated values, and what this installation is."""

from yakuba.kernel.parameters.installation import forget_installation, is_sample_town, town_clock
from yakuba.kernel.parameters.queries import Held, held_on, title_of, value_on, waiting_values, whole_on
from yakuba.kernel.parameters.registry import Parameter, ValueKind, parameter
from yakuba.kernel.parameters.services import approve_value, propose_value, reject_value

__all__ = [
    "Held",
    "Parameter",
    "ValueKind",
    "approve_value",
    "forget_installation",
    "held_on",
    "is_sample_town",
    "parameter",
    "propose_value",
    "reject_value",
    "title_of",
    "town_clock",
    "value_on",
    "waiting_values",
    "whole_on",
]
