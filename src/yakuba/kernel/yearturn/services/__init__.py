"""What can be done at the turn of the year."""

from yakuba.kernel.yearturn.services.carry_out import (
    apply_chunk,
    finish_turn,
    hand_over_chunk,
    heirs_with_names,
    retry_failed,
    skip_line,
    start_turn,
)
from yakuba.kernel.yearturn.services.prepare_turn import cancel_turn, prepare_turn, read_turn
from yakuba.kernel.yearturn.services.propose_heirs import choose_heirs, orphans_of, refresh_heirs, waiting_of

__all__ = [
    "apply_chunk",
    "cancel_turn",
    "choose_heirs",
    "finish_turn",
    "hand_over_chunk",
    "heirs_with_names",
    "orphans_of",
    "prepare_turn",
    "read_turn",
    "refresh_heirs",
    "retry_failed",
    "skip_line",
    "start_turn",
    "waiting_of",
]
