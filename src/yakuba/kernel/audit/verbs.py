"""Verbs: the only way to write."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.conf import settings
from django.db import models, transaction

from yakuba.kernel.access.api import NotAllowed, Person, forget
from yakuba.kernel.audit.context import surroundings, writing
from yakuba.kernel.audit.digests import digest_of
from yakuba.kernel.audit.models import AuditEvent, AuditSubject, EventKind
from yakuba.kernel.things.api import Ref, ref_of
from yakuba.kernel.values.api import SystemClock

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class VerbName:
    """A registered verb: ``name`` in the log, ``label`` for people."""

    name: str
    label: str
    function: Callable[..., Any]


_verbs: dict[str, VerbName] = {}

#: Verbs whose transaction took longer than the budget (CPU ms); the tests fail on any.
slow_transactions: list[tuple[str, float]] = []


def verb(
    name: str, *, label: str, auditor_may: bool = False, budget_ms: int | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a service function a verb: one transaction, writing allowed, one audit event.

    The function takes keyword arguments only, among them ``by: Person``. Every stored object among the arguments and
    in the result becomes a subject of the event; the arguments are kept as a keyed digest.
    ``budget_ms`` overrides the 250 ms a transaction may take (used only for verbs that run in upgrades).
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                raise TypeError(f"{name} takes keyword arguments only")
            by = kwargs.get("by")
            if not isinstance(by, Person):
                raise TypeError(f"{name} needs by=Person")
            if by.is_read_only and not auditor_may:
                raise NotAllowed("監査の席は閲覧専用です。記録を変える操作はできません。")
            forget()
            started = time.thread_time()
            with transaction.atomic(), writing(name):
                result = function(*args, **kwargs)
                _store(
                    kind=EventKind.WRITE,
                    verb_name=name,
                    by=by,
                    subjects=_subjects(kwargs.values(), result),
                    digest=digest_of({key: value for key, value in kwargs.items() if key not in ("by", "clock")}),
                )
            forget()
            spent = (time.thread_time() - started) * 1000
            if settings.YAKUBA_GUARD_WRITES and spent > (budget_ms or settings.YAKUBA_TRANSACTION_BUDGET_MS):
                slow_transactions.append((name, spent))
            return result

        known = _verbs.get(name)
        if known and known.function.__module__ != function.__module__:
            raise ValueError(f"verb {name!r} is declared twice")
        _verbs[name] = VerbName(name, label, function)
        call.verb_name = name  # type: ignore[attr-defined]
        return call

    return decorate


def known_verbs() -> tuple[VerbName, ...]:
    """Every declared verb, by name."""
    return tuple(_verbs[name] for name in sorted(_verbs))


def label_of(name: str) -> str:
    """The Japanese label of a verb or view, for people who read the log."""
    name = name.partition(":")[0]
    known = _verbs.get(name) or _viewings.get(name)
    return known.label if known else _refusals.get(name, name)


class Viewing(NamedTuple):
    """A way of being shown other people's data."""

    name: str
    label: str


_viewings: dict[str, Viewing] = {}


def viewing(name: str, *, label: str) -> Viewing:
    """Declare a page or file that shows other people's data, e.g. ``organisation.staff_list``; at import, so that the
    log can be read in words by every process. Raises `ValueError` if another page has the name.
    """
    declared = _viewings.setdefault(name, Viewing(name, label))
    if declared.label != label or name in _verbs:
        raise ValueError(f"viewing {name!r} is declared twice")
    return declared


def record_view(
    *, by: Person, subjects: Iterable[models.Model | Ref], what: Viewing, detail: str = "", is_withheld: bool = False
) -> None:
    """Log that ``by`` was shown other people's data. ``detail`` says more exactly what, in a word for machines.

    More than twenty subjects are logged as a count and a digest. ``is_withheld`` marks readings the person concerned
    is not told of (child protection, police and tax enquiries).
    """
    refs = sorted({one if isinstance(one, Ref) else ref_of(one) for one in subjects})
    if not refs:
        return
    digest = digest_of({"shown": [str(ref) for ref in refs]})
    name = f"{what.name}:{detail}"[:80] if detail else what.name
    with transaction.atomic(), writing(name):
        _store(
            kind=EventKind.VIEW,
            verb_name=name,
            by=by,
            subjects=refs if len(refs) <= 20 else [],
            digest=digest,
            count=len(refs),
            is_withheld=is_withheld,
        )


def record_refusal(*, by: Person, what: str, digest: str = "") -> None:
    """Log that an act was refused (failed sign-in, closed gate); `what` is a verb or a declared `refusal_name`."""
    with transaction.atomic(), writing(what):
        _store(kind=EventKind.REFUSAL, verb_name=what, by=by, subjects=[], digest=digest)


_refusals: dict[str, str] = {}


def refusal_name(name: str, *, label: str) -> str:
    """Declare a refusal that is no verb's, so that the log can be read in words; returns the name."""
    _refusals[name] = label
    return name


def _subjects(arguments: Iterable[Any], result: Any) -> list[Ref]:
    found: set[Ref] = set()
    for one in [*arguments, result]:
        if isinstance(one, models.Model):
            found.add(ref_of(one))
        elif isinstance(one, Ref):
            found.add(one)
        elif isinstance(one, list | tuple) and len(one) <= 20:
            found.update(ref_of(inner) for inner in one if isinstance(inner, models.Model))
    return sorted(found)


def _store(
    *,
    kind: EventKind,
    verb_name: str,
    by: Person,
    subjects: list[Ref],
    digest: str,
    count: int = 1,
    is_withheld: bool = False,
) -> None:
    around = surroundings()
    event = AuditEvent.objects.create(
        at=SystemClock().now(),
        kind=kind,
        verb=verb_name,
        actor=by.id,
        actor_kind=by.kind.value,
        capacity=by.title[:60],
        face=around.face,
        request_id=around.request_id,
        subjects=[str(ref) for ref in subjects],
        count=count,
        digest=digest,
        is_withheld=is_withheld,
    )
    if subjects:
        AuditSubject.objects.bulk_create([AuditSubject(event=event, ref=str(ref)) for ref in subjects])
