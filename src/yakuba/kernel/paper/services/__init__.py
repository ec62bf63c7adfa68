"""Verbs of the town's sheets."""

from yakuba.kernel.paper.services.assign_section import assign_section
from yakuba.kernel.paper.services.replace_sheet import adopt_file, replace_sheet, restore_sheet

__all__ = ["adopt_file", "assign_section", "replace_sheet", "restore_sheet"]
