"""What the supervisor runs."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """One child of the supervisor.

    `target` is a `module:function` that reads `arguments` from `sys.argv`. TERM is sent to the head process only, never
    to its group (a django-q2 cluster hangs when its workers get TERM as well); after `stop_within` seconds the whole
    group is killed. Programs of a lower `stop_step` are stopped, and waited for, before the next step.
    """

    name: str
    title: str
    target: str
    arguments: tuple[str, ...] = ()
    stop_within: float = 10.0
    stop_step: int = 0


def town_hall(*, port: int, address: str = "127.0.0.1", cores: int | None = None) -> tuple[Program, ...]:
    """The three programs of a running town hall.

    The keeper is stopped last: it seals what the others wrote to the audit log while they were closing.
    A job may take 60 s; at stopping time it is given 15, because an unfinished job runs again at the next start.
    """
    workers = cores or os.cpu_count() or 1
    return (
        Program(
            name="web",
            title="Web",
            target="yakuba.site.serve:main",
            arguments=("--address", address, "--port", str(port), "--workers", str(workers)),
        ),
        Program(name="worker", title="ジョブ", target="yakuba.site.cli:main", arguments=("worker",), stop_within=15.0),
        Program(name="keeper", title="番人", target="yakuba.site.cli:main", arguments=("keeper",), stop_step=1),
    )
