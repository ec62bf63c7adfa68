"""Public names of ``kernel.operations``."""

from yakuba.kernel.operations.backup.queries import backup_is_wanted
from yakuba.kernel.operations.moving.checkups import refuse_forgotten_move
from yakuba.kernel.operations.queries import examine

__all__ = ["backup_is_wanted", "examine", "refuse_forgotten_move"]
