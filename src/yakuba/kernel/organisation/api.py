"""Public names of ``kernel.organisation``."""

from yakuba.kernel.organisation.queries import postings_of, roles_of, sections_on, staff_on, valid_on

__all__ = ["postings_of", "roles_of", "sections_on", "staff_on", "valid_on"]
