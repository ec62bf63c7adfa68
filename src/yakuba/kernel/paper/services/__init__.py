"""Verbs of the town's sheets."""

from yakuba.kernel.paper.services.assign_section import assign_section, prepare_sheet
from yakuba.kernel.paper.services.replace_sheet import ChangedMeanwhile, adopt_file, replace_sheet, restore_sheet

__all__ = ["ChangedMeanwhile", "adopt_file", "assign_section", "prepare_sheet", "replace_sheet", "restore_sheet"]
