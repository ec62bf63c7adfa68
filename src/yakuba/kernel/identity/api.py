"""Public names of ``kernel.identity``."""

from yakuba.kernel.identity.client import client_address
from yakuba.kernel.identity.office_tools import office_tools
from yakuba.kernel.identity.persons import is_usable, person_of
from yakuba.kernel.identity.rules.throttling import Limit
from yakuba.kernel.identity.sealing import Unsealable, seal, unseal
from yakuba.kernel.identity.throttle import TooManyAttempts, count_attempt

__all__ = [
    "Limit",
    "TooManyAttempts",
    "Unsealable",
    "client_address",
    "count_attempt",
    "is_usable",
    "office_tools",
    "person_of",
    "seal",
    "unseal",
]
