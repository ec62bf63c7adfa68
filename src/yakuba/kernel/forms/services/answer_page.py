"""Keep what was typed on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.forms.fillings import answers_of, keep, take_open, typed_of
from yakuba.kernel.forms.models import Filling
from yakuba.kernel.forms.rules.reading import Reading, Typed, bounded, read_page
from yakuba.kernel.values.api import Clock


@verb("forms.answer_page", label="記入の保存")
def answer_page(
    *,
    by: Person,
    filling: Filling,
    seen_edition: int,
    steps: tuple[str, ...],
    typed: Typed,
    position: str,
    clock: Clock,
) -> Reading:
    """Keep what was typed on the page of some steps: accepted answers as such, the rest as typed.

    Raises `ChangedMeanwhile`, `AlreadySent`.
    """
    filling = take_open(filling, seen_edition)
    definition = filling.version.read()
    before = answers_of(filling)
    reading = read_page(definition, steps, typed, before)
    sent = bounded(typed, definition, steps)
    kept = {name: values for name, values in typed_of(filling).items() if name not in sent}
    # A My Number is shown back on the page, but never kept.
    faulty = [path for path, faults in reading.faults.items() if all(one.code != "my_number" for one in faults)]
    kept |= {
        name: values
        for name, values in sent.items()
        if any(name == path or name.startswith(path + ".") for path in faulty)
    }
    _note_sources(filling, before, reading.answers, "clerk" if filling.staff_id else "typed")
    keep(filling, reading.answers, kept, position, clock)
    return reading


def _note_sources(filling: Filling, before: Mapping[str, Any], after: Mapping[str, Any], source: str) -> None:
    """Who changes an answer becomes its source; what stays keeps the one it has."""
    sources = {key: where for key, where in filling.sources.items() if key in after}
    for key, value in after.items():
        if key not in sources or before.get(key) != value:
            sources[key] = source
    filling.sources = sources
