"""Public names of ``kernel.operations``."""

from yakuba.kernel.operations.queries import examine

__all__ = ["examine"]
