"""The three steps of a delivery: intent, call, outcome. The call stands in the job, outside every transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import F, Q

from yakuba.kernel.access.api import NotAllowed, Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.notify.access import may_read_content
from yakuba.kernel.notify.channels.base import Outcome, Verdict
from yakuba.kernel.notify.models import Delivery
from yakuba.kernel.notify.rules.deliveries import (
    DELIVERY_STATES,
    LEASE,
    PER_CHUNK,
    DeliveryState,
    masked_mail,
    next_attempt,
)
from yakuba.kernel.notify.services.tell import wake_senders
from yakuba.kernel.values.api import Clock, Refusal


@verb("notify.begin_sending", label="お知らせの送信の開始")
def begin_sending(*, by: Person, channel: str, clock: Clock) -> list[int]:
    """Take up to a hundred due deliveries of a channel: the intent is committed before anything leaves.

    Also those whose intent has stood without outcome for too long: whoever had them died. Returns row numbers.
    """
    now = clock.now()
    waiting = Q(state=DeliveryState.WAITING.value, due_at__lte=now)
    abandoned = Q(state=DeliveryState.SENDING.value, leased_until__lt=now)
    due = Delivery.objects.filter(waiting | abandoned, channel=channel).order_by("due_at", "pk")
    locked = due.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    ids = list(locked.values_list("pk", flat=True)[:PER_CHUNK])
    Delivery.objects.filter(pk__in=ids).update(
        state=DeliveryState.SENDING.value, attempts=F("attempts") + 1, leased_until=now + LEASE
    )
    return ids


@verb("notify.settle_delivery", label="お知らせの送信の結果")
def settle_delivery(
    *, by: Person, delivery: Delivery, attempt: int, sent_to: str, outcome: Outcome, clock: Clock
) -> bool:
    """Note what came of one call. A late word of an earlier attempt counts only if it says that it arrived.

    Returns whether anything was noted.
    """
    kept = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if kept.state != DeliveryState.SENDING or (kept.attempts != attempt and outcome.verdict is not Verdict.SENT):
        return False
    now = clock.now()
    state, due = _after(outcome, kept.attempts, now)
    DELIVERY_STATES.check(DeliveryState.SENDING, state)
    kept.state, kept.due_at, kept.leased_until = state.value, due or kept.due_at, None
    kept.error = outcome.detail[:200] if outcome.verdict is not Verdict.SENT else ""
    kept.sent_to = masked_mail(sent_to) if "@" in sent_to else ""
    if due is None:
        kept.settled_at = now
        kept.mail = kept.mail if state is DeliveryState.FAILED else ""
    kept.save()
    return True


@verb("notify.give_back_deliveries", label="送れなかったお知らせを待ちに戻す")
def give_back(*, by: Person, deliveries: list[int], reason: str, at_once: bool, clock: Clock) -> int:
    """What was taken and not tried waits again: for a while if the channel answers nobody, not at all if the job's time
    was over (``at_once``). The attempt is not counted.
    """
    now = clock.now()
    return Delivery.objects.filter(pk__in=deliveries, state=DeliveryState.SENDING.value).update(
        state=DeliveryState.WAITING.value,
        attempts=F("attempts") - 1,
        due_at=now if at_once else next_attempt(attempts=1, now=now),
        leased_until=None,
        error=reason[:200],
    )


@verb("notify.cancel_delivery", label="お知らせの送信の取りやめ")
def cancel_delivery(*, by: Person, delivery: Delivery, reason: str, clock: Clock) -> Delivery:
    """There is nobody to send to any more (the account was closed, the mail address is gone)."""
    kept = Delivery.objects.select_for_update().get(pk=delivery.pk)
    DELIVERY_STATES.check(DeliveryState(kept.state), DeliveryState.CANCELLED)
    kept.state, kept.error, kept.leased_until = DeliveryState.CANCELLED.value, reason[:200], None
    kept.settled_at, kept.mail = clock.now(), ""
    kept.save()
    return kept


@verb("notify.retry_delivery", label="お知らせの再送信")
def retry_delivery(*, by: Person, delivery: Delivery, clock: Clock) -> Delivery:
    """Send a delivery that failed once more; somebody of the section decides it. Raises ``NotAllowed``, ``Refusal``."""
    kept = Delivery.objects.select_for_update(of=("self",)).select_related("message").get(pk=delivery.pk)
    _require_section(by, kept)
    DELIVERY_STATES.check(DeliveryState(kept.state), DeliveryState.WAITING)
    kept.state, kept.attempts, kept.due_at = DeliveryState.WAITING.value, 0, clock.now()
    kept.error, kept.settled_at = "", None
    kept.save()
    wake_senders(clock)
    return kept


@verb("notify.note_bounce", label="メールの不達の記録")
def note_bounce(*, by: Person, delivery: Delivery, reason: str, clock: Clock) -> Delivery:
    """A mail that went out came back later: somebody saw the bounce and says so. Raises ``NotAllowed``, ``Refusal``."""
    kept = Delivery.objects.select_for_update(of=("self",)).select_related("message").get(pk=delivery.pk)
    _require_section(by, kept)
    if not reason.strip():
        raise Refusal("不達の理由が空です。", field="reason", hint="戻ってきたメールの内容を短く書いてください。")
    DELIVERY_STATES.check(DeliveryState(kept.state), DeliveryState.BOUNCED)
    kept.state, kept.error, kept.settled_at = DeliveryState.BOUNCED.value, reason.strip()[:200], clock.now()
    kept.save()
    return kept


def _after(outcome: Outcome, attempts: int, now: datetime) -> tuple[DeliveryState, datetime | None]:
    if outcome.verdict is Verdict.SENT:
        return DeliveryState.SENT, None
    if outcome.verdict is Verdict.NEVER:
        return DeliveryState.BOUNCED, None
    due = next_attempt(attempts=attempts, now=now)
    return (DeliveryState.WAITING, due) if due else (DeliveryState.FAILED, None)


def _require_section(by: Person, delivery: Delivery) -> None:
    if by.kind is not PersonKind.SYSTEM and not may_read_content(by, delivery.message):
        raise NotAllowed("このお知らせを扱えるのは、担当の所属の職員です。")
