"""The worker: django-q2's cluster, which gives up as a whole when one of its processes is killed."""

from __future__ import annotations

import logging
import os
from multiprocessing import Process

log = logging.getLogger("yakuba.worker")


def work() -> None:
    """Run jobs until the main process gets INT or TERM; django-q2 lets running jobs finish."""
    import django

    django.setup()
    from django.core.management import call_command
    from django_q import cluster

    class Sentinel(cluster.Sentinel):  # type: ignore[misc]  # the library is untyped
        """Ends the cluster where django-q2 would only replace the dead process.

        An idle worker waits for work holding the lock of the queue. Killed by a signal (kill -9, the system short of
        memory) it keeps that lock for ever: its successor waits in vain and no job runs any more. So the cluster ends
        and the supervisor starts a new one; what was running runs again when its lease is over.
        """

        def reincarnate(self, process: Process) -> None:
            if process.exitcode is not None and process.exitcode < 0:
                log.error("a process of the cluster was killed; starting a new cluster")
                for other in [*self.pool, self.monitor, self.pusher]:
                    other.kill()
                os._exit(1)
            super().reincarnate(process)

    cluster.Sentinel = Sentinel
    call_command("qcluster", verbosity=0)
