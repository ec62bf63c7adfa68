"""Public names of `kernel.files`: what comes in, where it is kept, how it goes out."""

from yakuba.kernel.files.intake.file_names import safe_name
from yakuba.kernel.files.intake.inspect import Inspected, inspect
from yakuba.kernel.files.intake.limits import IMAGES, Kind, Limits
from yakuba.kernel.files.intake.office import check_office
from yakuba.kernel.files.intake.refusals import FileRefused, Reason

__all__ = [
    "IMAGES",
    "FileRefused",
    "Inspected",
    "Kind",
    "Limits",
    "Reason",
    "check_office",
    "inspect",
    "safe_name",
]
