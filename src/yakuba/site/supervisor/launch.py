"""Starts one program so that it, and every process it forks, dies when its parent dies.

`python -m yakuba.site.supervisor.launch MODULE:FUNCTION [ARGUMENT …]`

A web server or job cluster is itself a small family of processes. When its head is killed with -9 it cannot stop its
workers, and they would go on answering on the port. Linux can deliver a signal at the parent's death
(`prctl(PR_SET_PDEATHSIG)`), but the setting is lost at every fork; so it is renewed in each child:

* forked children run the hook registered with `os.register_at_fork`;
* spawned children (`multiprocessing` with its `spawn` method) import this module again as `__mp_main__`.

The signal is SIGKILL: the database and the job queue are made to survive it, and nothing remains to wait for.
"""

import importlib
import os
import signal
import sys
import threading

from yakuba.site.supervisor.processes import SUPERVISOR_PID

_PR_SET_PDEATHSIG = 1


def die_with_parent(*, parent: int | None = None) -> None:
    """Let the kernel kill this process when its parent dies.

    `parent` is the process id the parent had when it forked; if it is gone already, this process ends at once.
    Without it only adoption by init or by the supervisor counts as a dead parent. Elsewhere than on Linux nothing is
    set, and the supervisor's sweep of the process group is all there is.
    """
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    now = os.getppid()
    orphaned = now != parent if parent is not None else now in (1, int(os.environ.get(SUPERVISOR_PID, "1")))
    if orphaned:
        os.kill(os.getpid(), signal.SIGKILL)


class _EveryFork:
    """Hands the rule on to forked children.

    The kernel counts the death of the forking *thread* as the parent's death, so children forked by a passing thread
    are left to the supervisor's sweep.
    """

    def __init__(self) -> None:
        self.parent: int | None = None

    def register(self) -> None:
        os.register_at_fork(before=self._before, after_in_child=self._in_child)

    def _before(self) -> None:
        self.parent = os.getpid() if threading.current_thread() is threading.main_thread() else None

    def _in_child(self) -> None:
        if self.parent is not None:
            die_with_parent(parent=self.parent)


def main(arguments: list[str]) -> None:
    """Run `MODULE:FUNCTION` with the remaining arguments as its command line."""
    signal.pthread_sigmask(signal.SIG_SETMASK, [])  # the supervisor waits with its signals blocked; masks are inherited
    die_with_parent(parent=int(os.environ[SUPERVISOR_PID]))
    _EveryFork().register()
    target, *rest = arguments
    module, _, function = target.partition(":")
    sys.argv = [module, *rest]
    getattr(importlib.import_module(module), function)()


if __name__ == "__mp_main__":
    die_with_parent()
elif __name__ == "__main__":
    main(sys.argv[1:])
