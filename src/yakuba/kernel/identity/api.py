"""Public names of ``kernel.identity``."""

from yakuba.kernel.identity.persons import is_usable, person_of

__all__ = ["is_usable", "person_of"]
