"""Work of identity outside the request."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from yakuba.kernel.access.api import system_person
from yakuba.kernel.identity.card_facts import forget_facts_of_others
from yakuba.kernel.identity.services.forget import forget_old_sign_ins, forget_unfinished_registrations
from yakuba.kernel.identity.services.lock_account import end_sessions_of_locked
from yakuba.kernel.jobs.api import Daily, Every, job
from yakuba.kernel.parameters.api import town_clock


@job("identity.end_sessions_of_locked", label="停止したアカウントのログインを終える", every=Daily("00:01"))
def end_sessions_of_locked_accounts() -> None:
    """Leavers are out from 0:00; their sessions, which open nothing any more, are thrown away as well."""
    while end_sessions_of_locked(by=system_person("identity"), clock=town_clock()):
        pass


@job("identity.forget_old_sign_ins", label="古いログインの記録を消す", every=Daily("03:20"))
def forget_old() -> None:
    """Sign-ins 400 days after their end, devices unused for a year, registrations nobody finished, sessions that are over."""
    while forget_old_sign_ins(by=system_person("identity"), clock=town_clock()):
        pass
    while forget_unfinished_registrations(by=system_person("identity"), clock=town_clock()):
        pass
    Session.objects.filter(expire_date__lt=timezone.now() - timedelta(days=1)).delete()


@job("identity.forget_card_facts", label="カードから読み取った情報を消す", every=Every(15))
def forget_card_facts() -> None:
    """Facts from cards last half an hour; here they leave sessions nobody opened since."""
    forget_facts_of_others(now=town_clock().now())
