"""Public names of ``kernel.yearturn``: the turn of the year, from the personnel list to the last hand-over."""

from yakuba.kernel.yearturn.services import apply_chunk, finish_turn, hand_over_chunk, prepare_turn, start_turn

__all__ = ["apply_chunk", "finish_turn", "hand_over_chunk", "prepare_turn", "start_turn"]
