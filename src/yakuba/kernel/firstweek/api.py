"""Public names of ``kernel.firstweek``: filling an empty town from one workbook."""

from yakuba.kernel.firstweek.services import apply_chunk, check_workbook, start_applying, take_in
from yakuba.kernel.firstweek.template import template

__all__ = ["apply_chunk", "check_workbook", "start_applying", "take_in", "template"]
