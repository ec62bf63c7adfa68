"""One process that keeps the town hall open: it starts the web server, the job worker and the keeper, starts them
again when they fall, and stops them together.

Three rules hold whatever is killed, and however:

* A child never outlives its parent (`launch`), so no orphan answers on the port.
* One home has one supervisor (`claim`), so two never work on the same database unknowingly.
* Nothing that is left behind by a kill matters at the next start: the claim is a lock of the operating system, and
  strays are found by the mark in their environment (`processes`).

Only the standard library is used here: the supervisor stays small in memory and starts before Django does.
"""

from yakuba.site.supervisor.programs import Program, town_hall
from yakuba.site.supervisor.supervise import run

__all__ = ["Program", "run", "town_hall"]
