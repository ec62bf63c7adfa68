"""Pointing at anything: a kind, a public id, and one description per kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True, order=True)
class Ref:
    """Address of any object: ``kind`` is a registered name such as ``plan.initiative``."""

    kind: str
    public_id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.public_id}"

    @classmethod
    def parse(cls, written: str) -> Ref:
        """Read ``kind:public_id``; raises ``ValueError`` on anything else."""
        kind, colon, public_id = written.partition(":")
        if not (kind and colon and public_id):
            raise ValueError(f"not a reference: {written!r}")
        return cls(kind, public_id)


@dataclass(frozen=True)
class Description:
    """What the house knows of one kind of thing.

    ``title`` and ``url`` take the object; ``gate`` takes (person, object) and says whether the person may see it;
    ``snapshot`` gives the JSON-able content that is hashed when the thing is decided on.
    """

    kind: str
    label: str
    model: type[models.Model]
    title: Callable[[Any], str]
    url: Callable[[Any], str]
    gate: Callable[[Any, Any], bool]
    snapshot: Callable[[Any], Any] | None = None


_by_kind: dict[str, Description] = {}
_by_model: dict[type[models.Model], Description] = {}


def describe(
    *,
    kind: str,
    label: str,
    model: type[models.Model],
    title: Callable[[Any], str],
    url: Callable[[Any], str],
    gate: Callable[[Any, Any], bool],
    snapshot: Callable[[Any], Any] | None = None,
) -> None:
    """Register the description of a kind; called from an app's ``things.py``. A kind is described once."""
    if kind in _by_kind and _by_kind[kind].model is not model:
        raise ValueError(f"kind {kind!r} is described twice")
    description = Description(kind, label, model, title, url, gate, snapshot)
    _by_kind[kind] = description
    _by_model[model] = description


def described_kinds() -> tuple[Description, ...]:
    return tuple(_by_kind[kind] for kind in sorted(_by_kind))


def description_of(kind: str) -> Description | None:
    return _by_kind.get(kind)


def ref_of(thing: models.Model) -> Ref:
    """The address of a stored object; kinds nobody described are named after app and model."""
    description = _by_model.get(type(thing))
    kind = description.kind if description else thing._meta.label_lower
    public_id = getattr(thing, "public_id", None)
    return Ref(kind, str(public_id) if public_id else str(thing.pk))


@dataclass(frozen=True)
class Shown:
    """A thing as one person may see it."""

    ref: Ref
    label: str
    title: str
    url: str


def load(ref: Ref) -> models.Model | None:
    """The object behind an address, without asking any gate; ``None`` when the kind or object is unknown."""
    description = _by_kind.get(ref.kind)
    if description is None:
        return None
    return description.model._default_manager.filter(public_id=ref.public_id).first()


def show(ref: Ref, *, to: Any) -> Shown | None:
    """Title and address of a thing for ``to``, or ``None`` if it is unknown or the gate stays closed."""
    description = _by_kind.get(ref.kind)
    thing = load(ref)
    if description is None or thing is None or not description.gate(to, thing):
        return None
    return Shown(ref, description.label, description.title(thing), description.url(thing))
