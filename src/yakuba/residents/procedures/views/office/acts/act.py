"""What an act on a case is: its form, when it fits, what it is about, and the verb it calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yakuba.kernel.access.api import Person
from yakuba.kernel.cases.models import Case
from yakuba.kernel.cases.rules.states import Mover
from yakuba.kernel.organisation.models import Section, Staff
from yakuba.kernel.values.api import Clock, Refusal


@dataclass(frozen=True)
class Materials:
    """What forms choose from."""

    person: Person
    colleagues: Sequence[Staff] = ()
    sections: Sequence[Section] = ()


@dataclass(frozen=True)
class Doing:
    """One act on its way: who, on which case, on which of its things, with what was sent."""

    by: Person
    case: Case
    form: Any
    clock: Clock
    thing: Any = None

    @property
    def said(self) -> dict[str, Any]:
        """What was sent, read and checked."""
        found: dict[str, Any] = self.form.cleaned_data
        return found

    @property
    def edition(self) -> int | None:
        """Which state of the case the clerk was looking at."""
        seen: int | None = self.said.get("edition")
        return seen


Fits = Callable[[Case], bool]
Things = Callable[[Case], Iterable[Any]]
Make = Callable[[Case, Materials, dict[str, Any]], Any]


@dataclass(frozen=True)
class Act:
    """One act. ``do`` calls the verb and may say more than ``done``, which the clerk reads afterwards.

    ``about`` gives the things of the case it can be done to, one form each (a letter, a fee); without it there is one
    form, while ``fits`` says so. ``keys`` is a keyboard shortcut.
    """

    key: str
    label: str
    do: Callable[[Doing], str | None]
    done: str
    make: Make
    fits: Fits = lambda case: True
    about: Things | None = None
    kind: str = ""
    keys: str = ""
    takes_files: bool = False
    asks_people: bool = False

    def form_for(self, case: Case, needs: Materials, *, target: str = "", given: Any = None, files: Any = None) -> Any:
        """The form of the act, with what was sent if anything was."""
        options: dict[str, Any] = {
            "prefix": f"{self.key}-{target}" if target else self.key,
            "seen": case.edition,
            "data": given,
            "files": files if self.takes_files else None,
        }
        if self.about is not None:
            options["target"] = target
        form = self.make(case, needs, options)
        form.act = self
        return form

    def things_of(self, case: Case) -> list[Any]:
        """What the act can be done to now; the case itself as ``None``."""
        if self.about is None:
            return [None] if self.fits(case) else []
        return list(self.about(case))

    def thing(self, case: Case, target: str) -> Any:
        """The thing of an address or form. Raises `Refusal` for one that is none (any more)."""
        found = next((one for one in self.about(case) if one.public_id == target), None) if self.about else None
        if self.about is not None and found is None:
            raise Refusal(
                "それは、いまはできません。ほかの人が先に済ませたか、状態が変わりました。",
                hint="下の画面で、いまの状態を確かめてください。",
            )
        return found


def form_of(form: type[Any], **fixed: Any) -> Make:
    """Makes a form that needs nothing of the case."""

    def make(case: Case, needs: Materials, options: dict[str, Any]) -> Any:
        return form(**options, **fixed)

    return make


def leads_to(*states: str) -> Fits:
    """Fits while a clerk may move the case to one of these states."""

    def fits(case: Case) -> bool:
        return any(case.table.knows(state) and case.table.allows(case.state, state, Mover.CLERK) for state in states)

    return fits
