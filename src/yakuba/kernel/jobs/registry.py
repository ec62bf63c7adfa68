"""Declaring jobs in code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yakuba.kernel.jobs.rules import Daily, Every


@dataclass(frozen=True)
class DeclaredJob:
    """A job as code declares it. ``label`` is what the office page calls it."""

    name: str
    label: str
    function: Callable[..., Any]
    every: Every | Daily | None


_jobs: dict[str, DeclaredJob] = {}


def job(
    name: str, *, label: str, every: Every | Daily | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a function as a job. It takes ids and names only, lasts at most 60 s and may run more than once."""

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        known = _jobs.get(name)
        if known and known.function.__module__ != function.__module__:
            raise ValueError(f"job {name!r} is declared twice")
        _jobs[name] = DeclaredJob(name, label, function, every)
        return function

    return declare


def declared(name: str) -> DeclaredJob | None:
    return _jobs.get(name)


def declared_jobs() -> tuple[DeclaredJob, ...]:
    return tuple(_jobs[name] for name in sorted(_jobs))
