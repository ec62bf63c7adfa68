"""What can be done with a first-week workbook."""

from yakuba.kernel.firstweek.services.apply_upload import apply_chunk, discard, forget_uploads, start_applying
from yakuba.kernel.firstweek.services.take_in import check_workbook, take_in

__all__ = ["apply_chunk", "check_workbook", "discard", "forget_uploads", "start_applying", "take_in"]
