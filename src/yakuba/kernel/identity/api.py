"""Public names of ``kernel.identity``."""

from yakuba.kernel.identity.client import client_address
from yakuba.kernel.identity.office_tools import office_tools
from yakuba.kernel.identity.persons import is_usable, person_of

__all__ = ["client_address", "is_usable", "office_tools", "person_of"]
