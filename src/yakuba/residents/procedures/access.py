"""Who comes to the office side of the procedures; which cases they see and change is decided by `kernel.cases`."""

from __future__ import annotations

from yakuba.kernel.access.api import Role, role, signed_in_staff

#: Who works on cases: clerks and heads of sections.
MAY_WORK = role(Role.CLERK, Role.SECTION_HEAD)
#: Who opens the worklist: those who work on cases, and the auditor, who changes nothing.
MAY_READ = role(Role.CLERK, Role.SECTION_HEAD, Role.AUDITOR)
#: Who reads what residents say: nobody's name stands with it.
MAY_HEAR = MAY_READ | role(Role.SECRETARIAT)
#: One case: those above, and whoever is to decide it; `kernel.cases` lets nobody else in.
MAY_OPEN = signed_in_staff

__all__ = ["MAY_HEAR", "MAY_OPEN", "MAY_READ", "MAY_WORK"]
