"""What a resident holds a receipt for is there, once and whole, also while processes are killed."""

from pathlib import Path

import pytest

from tests.harness.surroundings import ON_POSTGRESQL
from tests.load.residents_trial import residents_send


@pytest.mark.slow
@pytest.mark.prove
@pytest.mark.timeout(500)
def test_what_has_a_receipt_is_there_once_and_whole(open_folder: Path) -> None:
    outcome = residents_send(open_folder, postgresql=ON_POSTGRESQL, residents=6, kills=3, seed=1)
    assert not outcome.failures
    assert len(outcome.receipts) == 6
    assert not outcome.faults, outcome.left
