"""How large a rule, its numbers and its work may become.

A clerk writes rules, an import brings them, and a resident's answers feed them: none of the three may hold up the
house. The limits are far above what real forms need (the longest subsidy rule we know has about sixty nodes).
"""

from __future__ import annotations

from typing import Final

MOST_NODES: Final = 1_000
"""Operators, operands and list elements of one rule."""
DEEPEST: Final = 30
"""Operators and lists inside one another."""
LONGEST_TEXT: Final = 10_000
"""Characters of a text written in a rule or put together by one."""
LONGEST_LIST: Final = 1_000
"""Elements an operator walks through, and elements of a list a rule makes."""
LARGEST_NUMBER: Final = 10**18
"""Numbers stay below this size, with either sign."""
FINEST_NUMBER: Final = 10**30
"""The denominator of an exact fraction stays below this."""
MOST_STEPS: Final = 100_000
"""Evaluation steps of one rule: one for each operator and operand, more for long texts and lists."""
LONGEST_PATH: Final = 20
"""Parts of a dotted name."""
