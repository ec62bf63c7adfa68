"""Public names of ``kernel.people``: persons a case or account concerns, and the town's resident register."""

from yakuba.kernel.people.access import checks_mandates
from yakuba.kernel.people.events import MandateInForce, MandateRevoked
from yakuba.kernel.people.queries import (
    FoundMandates,
    find_mandates,
    find_residents,
    mandates_for,
    mandates_registered_by,
    profile_of,
    profiles_of,
    protections_ending,
    read_mandate,
    read_profile,
    read_resident,
    resident_ref,
)
from yakuba.kernel.people.recognising import Known, is_protected, protected_among, protected_refs
from yakuba.kernel.people.register.base import (
    Address,
    Found,
    Question,
    RegisterCheck,
    RegisterUnavailable,
    Removal,
    Resident,
)
from yakuba.kernel.people.register.registry import register_check
from yakuba.kernel.people.register.vendors.sample import sample_register_file
from yakuba.kernel.people.rules.mandates import MandateKind, MandateState, is_about
from yakuba.kernel.people.rules.profiles import NoticePreference, ProfileEntry, address_parts
from yakuba.kernel.people.services import (
    accept_mandate,
    forget_profile,
    refuse_mandate,
    register_mandate,
    request_mandate,
    revoke_mandate,
    save_profile,
)
from yakuba.kernel.people.services.mandates import Party

__all__ = [
    "Address",
    "Found",
    "FoundMandates",
    "Known",
    "MandateInForce",
    "MandateKind",
    "MandateRevoked",
    "MandateState",
    "NoticePreference",
    "Party",
    "ProfileEntry",
    "Question",
    "RegisterCheck",
    "RegisterUnavailable",
    "Removal",
    "Resident",
    "accept_mandate",
    "address_parts",
    "checks_mandates",
    "find_mandates",
    "find_residents",
    "forget_profile",
    "is_about",
    "is_protected",
    "mandates_for",
    "mandates_registered_by",
    "profile_of",
    "profiles_of",
    "protected_among",
    "protected_refs",
    "protections_ending",
    "read_mandate",
    "read_profile",
    "read_resident",
    "refuse_mandate",
    "register_check",
    "register_mandate",
    "request_mandate",
    "resident_ref",
    "revoke_mandate",
    "sample_register_file",
    "save_profile",
]
