"""The next version: the ledger's town hall with one more app."""

from tests.crash.ledger.settings import *  # noqa: F403
from tests.crash.ledger.settings import INSTALLED_APPS as BEFORE

INSTALLED_APPS = [*BEFORE, "tests.operations.planted"]
