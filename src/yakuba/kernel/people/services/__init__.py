"""The verbs of people: the only writers."""

from yakuba.kernel.people.services.forget import forget_old_records, forget_profile
from yakuba.kernel.people.services.mandates import (
    accept_mandate,
    refuse_mandate,
    register_mandate,
    request_mandate,
    revoke_mandate,
)
from yakuba.kernel.people.services.prefill import put_prefill_in_use, remove_prefill
from yakuba.kernel.people.services.protect import end_protection, extend_protection, protect
from yakuba.kernel.people.services.save_profile import save_profile

__all__ = [
    "accept_mandate",
    "end_protection",
    "extend_protection",
    "forget_old_records",
    "forget_profile",
    "protect",
    "put_prefill_in_use",
    "refuse_mandate",
    "register_mandate",
    "remove_prefill",
    "request_mandate",
    "revoke_mandate",
    "save_profile",
]
