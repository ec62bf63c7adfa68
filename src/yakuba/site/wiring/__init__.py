"""Who hears what: one module per publisher, one line per subscription."""

from __future__ import annotations

import pkgutil
from importlib import import_module


def connect() -> None:
    """Import every module of this package; each subscribes on import."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
