"""Public names of `kernel.files`: what comes in, where it is kept, how it goes out."""

from yakuba.kernel.files.access import file_lock, get_for, visible_to
from yakuba.kernel.files.intake.file_names import safe_name
from yakuba.kernel.files.intake.inspect import inspect
from yakuba.kernel.files.intake.limits import IMAGES, Kind, Limits
from yakuba.kernel.files.intake.office import check_office
from yakuba.kernel.files.intake.refusals import FileRefused, Reason
from yakuba.kernel.files.links import file_link
from yakuba.kernel.files.queries import read_content
from yakuba.kernel.files.services import attach_file, discard_file, receive_file
from yakuba.kernel.files.views import file_response

__all__ = [
    "IMAGES",
    "FileRefused",
    "Kind",
    "Limits",
    "Reason",
    "attach_file",
    "check_office",
    "discard_file",
    "file_link",
    "file_lock",
    "file_response",
    "get_for",
    "inspect",
    "read_content",
    "receive_file",
    "safe_name",
    "visible_to",
]
