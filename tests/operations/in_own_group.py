"""`python -m tests.operations.in_own_group ARGUMENTS…`: a `yakuba` command that can be killed with its children."""

import os
import sys

os.setpgid(0, 0)
sys.argv[0] = "yakuba"
from yakuba.site.cli import main  # noqa: E402

main()
