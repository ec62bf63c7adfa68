"""Verbs of files, and the door that leads to them."""

from yakuba.kernel.files.services.keep import attach_file, keep_file, receive_file
from yakuba.kernel.files.services.release import discard_file, refuse_file, release_file

__all__ = ["attach_file", "discard_file", "keep_file", "receive_file", "refuse_file", "release_file"]
