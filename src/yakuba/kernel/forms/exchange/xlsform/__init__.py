"""XLSForm: exchange with other tools, a documented subset (docs/xlsform.md)."""

from yakuba.kernel.forms.exchange.xlsform.read import ReadForm, read_xlsform, sheet_names
from yakuba.kernel.forms.exchange.xlsform.write import Remark, Written, write_xlsform

__all__ = ["ReadForm", "Remark", "Written", "read_xlsform", "sheet_names", "write_xlsform"]
