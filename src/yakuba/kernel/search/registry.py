"""What can be found: apps declare it in their ``search.py``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from yakuba.kernel.search.rules.ranking import Weight
from yakuba.kernel.things.api import DataClass, PersonalData

Texts = str | None | Iterable[str]
"""One text, or its pages or sections in order."""

_NEVER_INDEXED = (DataClass.SENSITIVE, DataClass.SECRET)


@dataclass(frozen=True, slots=True)
class PartOf:
    """One text of a thing (本文の部分): its title, its keywords, its body.

    ``of`` is the name of a field or a function of the thing that gives the text, or its pages in order. ``is_restricted``
    texts are found only where the page asks for them by name: for texts that not everybody who sees the thing may read.
    """

    name: str
    label: str
    of: str | Callable[[Any], Texts]
    weight: Weight = Weight.BODY
    is_restricted: bool = False

    def sections(self, thing: Any) -> tuple[str, ...]:
        """The pages or sections of the text; empty when there is none."""
        found = getattr(thing, self.of) if isinstance(self.of, str) else self.of(thing)
        if found is None:
            return ()
        return (found,) if isinstance(found, str) else tuple(found)


@dataclass(frozen=True, slots=True)
class Searchable:
    """A kind of thing that can be found: its model, its texts, and ``among``: all things that shall be in the index."""

    kind: str
    model: type[models.Model]
    parts: tuple[PartOf, ...]
    among: Callable[[], models.QuerySet[Any]]

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)

    def open_parts(self) -> tuple[str, ...] | None:
        """The parts searched unless others are named; ``None`` when none is restricted."""
        if not any(part.is_restricted for part in self.parts):
            return None
        return tuple(part.name for part in self.parts if not part.is_restricted)


@dataclass(frozen=True, slots=True)
class ReadPart:
    """A text as it was read from a thing."""

    part: PartOf
    sections: tuple[str, ...]


_searchables: dict[str, Searchable] = {}


def searchable(
    model: type[models.Model],
    *,
    parts: Iterable[PartOf],
    among: Callable[[], models.QuerySet[Any]] | None = None,
) -> Searchable:
    """Declare that things of ``model`` can be found; called from an app's ``search.py``.

    ``among`` gives the things that shall be in the index (all, unless it says otherwise); the verbs that store, change
    or remove such things call ``put`` and ``remove``. Raises ``ValueError`` for a field that is sensitive or secret,
    for two parts of one name and for a model declared twice; ``TypeError`` for a key that is no number.
    """
    model = model._meta.concrete_model or model
    kind = model._meta.label_lower
    declared = tuple(parts)
    if len({part.name for part in declared}) < len(declared) or not declared:
        raise ValueError(f"{kind}: parts need names of their own")
    if not isinstance(model._meta.pk, models.AutoField | models.IntegerField):
        raise TypeError(f"{kind}: only things with a row number can be found")
    for part in declared:
        if isinstance(part.of, str):
            _refuse_what_is_never_indexed(model, part.of)
    known = _searchables.get(kind)
    if known is not None and known.parts != declared and known.model is not model:
        raise ValueError(f"{kind} is declared twice")
    _searchables[kind] = Searchable(kind, model, declared, among or model._default_manager.all)
    return _searchables[kind]


def searchables() -> tuple[Searchable, ...]:
    """Everything that can be found, by kind."""
    return tuple(_searchables[kind] for kind in sorted(_searchables))


def searchable_kind(model: type[models.Model]) -> Searchable:
    """The declaration of a model. Raises ``LookupError`` when its app declares none."""
    kind = (model._meta.concrete_model or model)._meta.label_lower
    try:
        return _searchables[kind]
    except KeyError:
        raise LookupError(f"{kind} cannot be found: declare it in the app's search.py") from None


def read_parts(declared: Searchable, thing: models.Model) -> tuple[ReadPart, ...]:
    """All texts of a thing, as its app gives them now."""
    return tuple(ReadPart(part, part.sections(thing)) for part in declared.parts)


def digest_of_texts(read: Iterable[ReadPart]) -> str:
    """SHA-256 over names, weights and texts."""
    content = [[one.part.name, int(one.part.weight), one.sections] for one in read]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()


def _refuse_what_is_never_indexed(model: type[models.Model], name: str) -> None:
    personal = getattr(model, "personal", None)
    fields = personal.fields if isinstance(personal, PersonalData) else {}
    if fields.get(name) in _NEVER_INDEXED:
        raise ValueError(f"{model._meta.label}.{name} is {fields[name].value} and never goes into an index")
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        if not hasattr(model, name):
            raise ValueError(f"{model._meta.label} has no {name}") from None
