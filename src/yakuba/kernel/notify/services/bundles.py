"""Letters are bundled, printed in parts, and posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.files.models import StoredFile
from yakuba.kernel.jobs.api import enqueue
from yakuba.kernel.notify.access import may_read_content, sections_of
from yakuba.kernel.notify.models import Bundle, BundlePart, Letter
from yakuba.kernel.notify.parameters import postage_on
from yakuba.kernel.notify.rules.letters import (
    BUNDLE_STATES,
    BundleOrder,
    BundleState,
    LetterState,
    PartPlan,
    Service,
    mark_of,
    postage_of,
)
from yakuba.kernel.notify.services.write_letter import PROTECTED_REASON, set_aside
from yakuba.kernel.organisation.models import Section
from yakuba.kernel.people.api import Known, protected_among
from yakuba.kernel.values.api import Clock, Refusal


@verb("notify.make_bundle", label="発送の束を作る")
def make_bundle(*, by: Person, section: Section, order: BundleOrder, service: Service, clock: Clock) -> Bundle:
    """Begin a bundle of everything of one section and service that waits now; a job sorts and prints it.

    One bundle of a section and service at a time, so that no letter can be asked for twice. Raises ``NotAllowed``,
    ``Refusal``.
    """
    if section.pk not in sections_of(by):
        raise NotAllowed("束を作れるのは、担当の所属の職員です。")
    Section.objects.select_for_update().get(pk=section.pk)
    if Bundle.objects.filter(section=section, service=service.value, state=BundleState.PREPARING.value).exists():
        raise Refusal("同じ種類の束を作っているところです。", hint="できあがるのを待ってください。")
    wanted = waiting_letters(section, service, clock.now()).count()
    if not wanted:
        raise Refusal("印刷を待っている郵便がありません。", hint="郵便の種類と担当を確かめてください。")
    bundle = Bundle.objects.create(
        section=section,
        order=order.value,
        service=service.value,
        wanted=wanted,
        made_by=by.id,
        made_by_name=by.name,
        made_at=clock.now(),
    )
    enqueue("notify.sort_bundle", key=f"notify.sort_bundle:{bundle.public_id}", bundle=bundle.public_id)
    return bundle


def waiting_letters(section: Section, service: Service, until: datetime) -> QuerySet[Letter]:
    """The letters a bundle of that section and service takes: those written until a moment."""
    return Letter.objects.filter(
        section=section, service=service.value, state=LetterState.WAITING.value, made_at__lte=until
    )


@verb("notify.fill_part", label="発送の束に郵便を入れる")
def fill_part(*, by: Person, bundle: Bundle, plan: PartPlan, clock: Clock) -> BundlePart | None:
    """Put the next letters into a part of their own and have it printed; each letter is in one part at most.

    Who became protected meanwhile is left to the section's hands. Returns ``None`` when nothing is left of the plan.
    """
    kept = Bundle.objects.select_for_update().get(pk=bundle.pk)
    if kept.state != BundleState.PREPARING:
        return None
    waiting = Letter.objects.select_for_update().filter(pk__in=plan.letters, state=LetterState.WAITING.value)
    keys = _without_protected(waiting, plan.letters, clock.today())
    if not keys:
        return None
    number = BundlePart.objects.filter(bundle=kept).count() + 1
    places = {key: place for place, key in enumerate(keys, start=1)}
    part = BundlePart.objects.create(bundle=kept, number=number, headings=_headings(plan, places))
    Letter.objects.bulk_update([Letter(pk=key, place=place) for key, place in places.items()], ["place"])
    Letter.objects.filter(pk__in=keys).update(part=part, state=LetterState.BUNDLED.value)
    enqueue("notify.print_part", key=f"notify.print_part:{part.public_id}", part=part.public_id)
    return part


@verb("notify.finish_sorting", label="発送の束の並べ替えの終わり")
def finish_sorting(*, by: Person, bundle: Bundle) -> Bundle:
    """Everything is in a part. A bundle in which nothing was left to print is over."""
    kept = Bundle.objects.select_for_update().get(pk=bundle.pk)
    if kept.state == BundleState.PREPARING:
        kept.is_sorted = True
        if not kept.parts.exists():
            kept.state = BundleState.CANCELLED.value
        kept.save(update_fields=["is_sorted", "state"])
        _ready_when_printed(kept)
    return kept


@verb("notify.keep_print", label="郵便の印刷用ファイルを残す")
def keep_print(
    *, by: Person, part: BundlePart, file: StoredFile | None, pages: int, sheets: Mapping[str, int]
) -> BundlePart:
    """Note the file a part was printed into and how many sheets each letter takes; the second time changes nothing.

    ``file`` is ``None`` for a part whose letters were all set aside.
    """
    kept = BundlePart.objects.select_for_update().get(pk=part.pk)
    if kept.is_done:
        return kept
    kept.file, kept.pages, kept.is_done = file, pages, True
    kept.save(update_fields=["file", "pages", "is_done"])
    by_sheets: dict[int, list[int]] = {}
    for key, place in Letter.objects.filter(part=kept).values_list("pk", "place"):
        by_sheets.setdefault(sheets.get(mark_of(kept.number, place), 1), []).append(key)
    for count, keys in by_sheets.items():
        Letter.objects.filter(pk__in=keys).update(sheets=count)
    _ready_when_printed(Bundle.objects.select_for_update().get(pk=kept.bundle_id))
    return kept


@verb("notify.set_letters_aside", label="印刷できない郵便を個別の対応にする")
def set_letters_aside(*, by: Person, part: BundlePart, letters: Sequence[int], reason: str) -> BundlePart:
    """Take letters out of a part that is not printed yet: no font draws them, or no envelope holds them."""
    kept = BundlePart.objects.select_for_update().get(pk=part.pk)
    set_aside(list(Letter.objects.filter(part=kept, pk__in=letters)), reason, is_protection=False)
    return kept


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted: letters, yen, and the marks of envelopes to take out (protected since they were printed)."""

    letters: int
    yen: int
    to_take_out: tuple[str, ...]


@verb("notify.post_bundle", label="発送の束の発送")
def post_bundle(*, by: Person, bundle: Bundle, posted_on: date, clock: Clock) -> Posted:
    """The bundle went to the post office: each letter gets its day and what it cost on that day.

    Letters to people who became protected after the print are left to the section's hands and named by their mark, to
    be taken out before the envelopes leave. Raises ``NotAllowed``, ``Refusal``.
    """
    kept = Bundle.objects.select_for_update().get(pk=bundle.pk)
    if not may_read_content(by, kept):
        raise NotAllowed("発送を記録できるのは、担当の所属の職員です。")
    if not clock.today() - timedelta(days=31) <= posted_on <= clock.today():
        raise Refusal(
            "発送日が正しくありません。", field="posted_on", hint="31日前から今日までの日を入力してください。"
        )
    BUNDLE_STATES.check(BundleState(kept.state), BundleState.POSTED)
    taken_out = _take_out_protected(kept, clock.today())
    tariff, service = postage_on(posted_on), Service(kept.service)
    going = Letter.objects.filter(part__bundle=kept, state=LetterState.BUNDLED.value).order_by()
    count = total = 0
    for sheets in list(going.values_list("sheets", flat=True).distinct()):
        yen = postage_of(max(sheets, 1), service, tariff)
        posted = going.filter(sheets=sheets).update(state=LetterState.POSTED.value, posted_on=posted_on, postage=yen)
        count, total = count + posted, total + yen * posted
    kept.state, kept.posted_on, kept.posted_by = BundleState.POSTED.value, posted_on, by.id
    kept.save(update_fields=["state", "posted_on", "posted_by"])
    return Posted(count, total, taken_out)


@verb("notify.cancel_bundle", label="発送の束の取りやめ")
def cancel_bundle(*, by: Person, bundle: Bundle) -> Bundle:
    """Give a bundle up before it is posted: its letters wait again. Raises ``NotAllowed``, ``Refusal``."""
    kept = Bundle.objects.select_for_update().get(pk=bundle.pk)
    if by.kind is not PersonKind.SYSTEM and not may_read_content(by, kept):
        raise NotAllowed("束をやめられるのは、担当の所属の職員です。")
    BUNDLE_STATES.check(BundleState(kept.state), BundleState.CANCELLED)
    Letter.objects.filter(part__bundle=kept, state=LetterState.BUNDLED.value).update(
        state=LetterState.WAITING.value, part=None, place=0, sheets=0
    )
    kept.state = BundleState.CANCELLED.value
    kept.save(update_fields=["state"])
    return kept


def _ready_when_printed(bundle: Bundle) -> None:
    if bundle.state == BundleState.PREPARING and bundle.is_sorted and not bundle.parts.filter(is_done=False).exists():
        bundle.state = BundleState.READY.value
        bundle.save(update_fields=["state"])


def _take_out_protected(bundle: Bundle, today: date) -> tuple[str, ...]:
    """Set aside who became protected since the print; the marks of their envelopes."""
    rows = list(
        Letter.objects.filter(part__bundle=bundle, state=LetterState.BUNDLED.value).values_list("pk", "account", "name")
    )
    flags = protected_among([Known(account=account, name=name) for _, account, name in rows], on=today)
    keys = [row[0] for row, is_hidden in zip(rows, flags, strict=True) if is_hidden]
    letters = list(Letter.objects.filter(pk__in=keys).select_related("part").order_by("part__number", "place"))
    marks = tuple(letter.mark for letter in letters)
    set_aside(letters, PROTECTED_REASON, is_protection=True)
    return marks


def _without_protected(waiting: QuerySet[Letter], order: Sequence[int], today: date) -> list[int]:
    """The letters that may go by post, in their order; those to protected people are set aside."""
    rows = {
        key: Known(account=account, name=name) for key, account, name in waiting.values_list("pk", "account", "name")
    }
    keys = [key for key in order if key in rows]
    flags = dict(zip(keys, protected_among([rows[key] for key in keys], on=today), strict=True))
    hidden = [key for key in keys if flags[key]]
    set_aside(list(Letter.objects.filter(pk__in=hidden)), PROTECTED_REASON, is_protection=True)
    return [key for key in keys if not flags[key]]


def _headings(plan: PartPlan, places: Mapping[int, int]) -> list[list[object]]:
    """The separators of a plan for the letters that are left of it."""
    headings: list[list[object]] = []
    for start, heading, count in plan.separators:
        left = [places[key] for key in plan.letters[start : start + count] if key in places]
        if left:
            headings.append([left[0], heading, len(left)])
    return headings
