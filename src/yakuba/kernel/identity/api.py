"""Public names of ``kernel.identity``."""

from yakuba.kernel.identity.client import client_address
from yakuba.kernel.identity.office_tools import office_tools
from yakuba.kernel.identity.persons import is_usable, person_of
from yakuba.kernel.identity.sealing import Unsealable, seal, unseal

__all__ = ["Unsealable", "client_address", "is_usable", "office_tools", "person_of", "seal", "unseal"]
