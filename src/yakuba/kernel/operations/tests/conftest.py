"""A home of its own for each test that makes a backup of the test database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from yakuba.kernel.operations.backup.keys import Identities, identity_file, read_identities
from yakuba.kernel.operations.backup.make import make_backup
from yakuba.kernel.operations.backup.rules import Reason
from yakuba.kernel.operations.backup.shelf import Shelved
from yakuba.kernel.operations.progress import Silent
from yakuba.kernel.values.api import Clock, SystemClock


@dataclass
class Home:
    """A home with a file store beside the test database."""

    folder: Path

    @property
    def shelf(self) -> Path:
        return self.folder / "backups"

    @property
    def identities(self) -> Identities:
        return read_identities(identity_file(self.folder))

    def back_up(self, *, clock: Clock | None = None, reason: Reason = Reason.BY_HAND) -> Shelved:
        return make_backup(reason=reason, folder=self.shelf, clock=clock or SystemClock(), progress=Silent())


@pytest.fixture
def home(tmp_path: Path, settings: Any, db: None) -> Home:
    folder = tmp_path / "home"
    store = folder / "files" / "ab"
    store.mkdir(parents=True)
    (store / "photo").write_bytes(bytes(range(256)) * 600)
    settings.YAKUBA_HOME = folder
    settings.YAKUBA_BACKUPS = str(folder / "backups")
    settings.YAKUBA_AUDIT_HEADS = str(folder / "audit-heads")
    return Home(folder)
