"""Public names of ``kernel.people``: reading the town's resident register, which is an outside system."""

from yakuba.kernel.people.queries import find_residents, read_resident, resident_ref
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

__all__ = [
    "Address",
    "Found",
    "Question",
    "RegisterCheck",
    "RegisterUnavailable",
    "Removal",
    "Resident",
    "find_residents",
    "read_resident",
    "register_check",
    "resident_ref",
    "sample_register_file",
]
