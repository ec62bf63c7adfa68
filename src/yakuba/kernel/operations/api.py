"""Public names of ``kernel.operations``."""

from yakuba.kernel.operations.backup.queries import backup_is_wanted
from yakuba.kernel.operations.queries import examine

__all__ = ["backup_is_wanted", "examine"]
