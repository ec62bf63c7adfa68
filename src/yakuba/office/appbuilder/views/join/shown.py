"""A door as a reader of one language sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from yakuba.kernel.access.api import Person
from yakuba.kernel.ui.charts import Bar, Chart, bar_chart
from yakuba.kernel.values.api import TOKYO, Clock, Text
from yakuba.office.appbuilder.models import AppVersion, Entrance
from yakuba.office.appbuilder.queries.door_numbers import is_public_now, public_results
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.door_results import Tally
from yakuba.office.appbuilder.rules.door_states import EntranceState
from yakuba.office.appbuilder.rules.doors import Ask, Door, DoorKind, Words
from yakuba.office.appbuilder.services.door_arrivals import why_closed
from yakuba.office.appbuilder.services.door_telling import moment_text

_PUBLIC = (EntranceState.OPEN, EntranceState.CLOSED)


@dataclass(frozen=True, slots=True)
class Said:
    """A text with the language it is really in."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text


def language() -> str:
    return get_language() or "ja"


def person_and_clock(request: HttpRequest) -> tuple[Person, Clock]:
    """Who asks, and the clock of the town."""
    asking: Any = request
    return asking.person, asking.clock


def said(text: Text | None) -> Said:
    """A text for the reader; where it is not there in their language, the language says so."""
    if text is None:
        return Said("", "ja")
    code = text.language_for(language())
    return Said(text.in_language(language()), "ja" if code == "ja-easy" else code)


def words(given: Words) -> Said:
    return said(given.text())


def entrance_in(number: int) -> Entrance:
    """A door that is or was open to the town. Raises `Http404`."""
    if number > 10**9:
        raise Http404
    found = Entrance.objects.select_related("app__section").filter(number=number, state__in=_PUBLIC).first()
    if found is None or not found.content or found.app.closed_at is not None:
        raise Http404
    return found


def definition_in_use(entrance: Entrance) -> AppDefinition | None:
    """What the app behind the door is now; one query, none where the page has read it already."""
    version = AppVersion.objects.filter(app=entrance.app_id, state="in_use").first()
    return version.content if version is not None else None


@dataclass(frozen=True, slots=True)
class DoorShown:
    """What the pages of a door show."""

    entrance: Entrance
    door: Door
    title: Said
    about: Said
    purpose: Said
    receipt: Said
    kind: str
    opens_at: str
    closes_at: str
    cancel_until: str
    why: str
    places: tuple[tuple[Said, int, int], ...] = ()

    @property
    def is_open(self) -> bool:
        return not self.why

    @property
    def is_full(self) -> bool:
        """Whether no place is left anywhere."""
        return bool(self.places) and all(free <= 0 for _, free, _ in self.places)


def shown(entrance: Entrance, *, clock: Clock, definition: AppDefinition | None) -> DoorShown:
    """A door for the reader."""
    door = entrance.door
    places: tuple[tuple[Said, int, int], ...] = ()
    if door.kind is DoorKind.SIGN_UP:
        labels = choice_labels(entrance, door.places.field)
        offered = door.places.capacities
        # `all()` uses what the list has read ahead for every door.
        rows = [one for one in entrance.places.all() if one.choice in offered]
        places = tuple(
            (labels.get(one.choice, Said("", "ja")), max(0, one.capacity - one.taken), one.capacity) for one in rows
        )
    return DoorShown(
        entrance=entrance,
        door=door,
        title=words(door.title),
        about=words(door.about),
        purpose=words(door.purpose),
        receipt=words(door.receipt),
        kind=said(door.kind.text).text,
        opens_at=_moment(door.opens_at),
        closes_at=_moment(door.closes_at),
        cancel_until=_moment(door.places.cancel_until or door.closes_at) if door.kind is DoorKind.SIGN_UP else "",
        why=why_closed(entrance, definition, clock),
        places=places,
    )


def _moment(moment: datetime | None) -> str:
    return said(moment_text(moment.replace(tzinfo=TOKYO))).text if moment is not None else ""


def choice_labels(entrance: Entrance, key: str) -> dict[str, Said]:
    """The choices of a question as the reader sees them."""
    field = next((one for one in entrance.fields if one.key == key), None)
    ask = next((one for one in entrance.door.asks if one.field == key), None)
    return _labels(field, ask) if field is not None else {}


def _labels(field: AppField, ask: Ask | None) -> dict[str, Said]:
    if field.type is FieldType.YES_NO:
        return {
            "yes": said(Text("はい", easy="はい", en="Yes")),
            "no": said(Text("いいえ", easy="いいえ", en="No")),
        }
    found = {}
    for one in field.choices:
        given = ask.choices.get(one.key) if ask is not None else None
        found[one.key] = said((given.text(one.label) if given else None) or Text(one.label))
    return found


def result_charts(entrance: Entrance, *, clock: Clock) -> list[dict[str, Any]]:
    """The public results of a survey, one chart a question; empty while nothing may be shown."""
    if not is_public_now(entrance, clock):
        return []
    return [_result(entrance, one) for one in public_results(entrance, clock=clock)]


def _result(entrance: Entrance, one: Tally) -> dict[str, Any]:
    field = next(each for each in entrance.fields if each.key == one.field)
    ask = next((each for each in entrance.door.asks if each.field == one.field), None)
    title = said((ask.label if ask else Words()).text(field.label)).text
    labels = {key: str(label) for key, label in _labels(field, ask).items()}
    return {
        "answers": one.answers,
        "chart": chart_of(title, one, labels),
        "withheld": [labels.get(key, key) for key, count in one.counts if count is None],
    }


def chart_of(title: str, one: Tally, labels: dict[str, str]) -> Chart:
    """Bars of the counts that may be shown; what is withheld has no bar, since none would be true."""
    code = language()
    bars = [Bar(labels.get(key, key), count) for key, count in one.counts if count is not None]
    return bar_chart(title=title, unit="" if code == "en" else "件", bars=bars, language=code)
