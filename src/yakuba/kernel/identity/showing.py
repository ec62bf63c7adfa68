"""Showing who one is with a typed code, at sign-in, at the lock screen and before the ways in are changed."""

from __future__ import annotations

from django.http import HttpRequest

from yakuba.kernel.identity.client import client_address
from yakuba.kernel.identity.directory.base import DirectoryUnavailable
from yakuba.kernel.identity.models import Account, Device, SecondFactor, SignInMethod
from yakuba.kernel.identity.passwords import staff_with_password
from yakuba.kernel.identity.persons import person_of
from yakuba.kernel.identity.rules.client_address import throttle_group
from yakuba.kernel.identity.rules.pin import MOST_FAILURES
from yakuba.kernel.identity.rules.throttling import CODE_LIMITS, SIGN_IN_LIMITS
from yakuba.kernel.identity.second_factors import digits_of, factors_of, is_totp_right, passkey_shown, totp_secret
from yakuba.kernel.identity.services.second_factor import strike_off, use_factor
from yakuba.kernel.identity.services.switch_user import claim_pin_attempt, forget_pin_failures, is_pin_right
from yakuba.kernel.identity.throttle import count_attempt
from yakuba.kernel.values.api import Clock, Refusal


def code_shown(request: HttpRequest, account: Account, typed: str) -> SecondFactor:
    """Which factor a typed code proves. Raises ``Refusal`` (``TooManyAttempts`` after too many wrong ones)."""
    address = throttle_group(client_address(request))
    attempt = count_attempt("code", limits=CODE_LIMITS, who={"name": account.public_id, "address": address})
    clock: Clock = request.clock  # type: ignore[attr-defined]
    by = person_of(account, clock.today())
    factors = factors_of(account)
    if factors.totp and is_totp_right(totp_secret(factors.totp), typed, whose=account.public_id):
        use_factor(by=by, account=account, factor=factors.totp)
        attempt.give_back()
        return SecondFactor.TOTP
    code = digits_of(typed)
    if factors.printed and len(code) > 6:
        strike_off(by=by, account=account, typed=code, clock=clock)
        attempt.give_back()
        return SecondFactor.LIST
    raise Refusal("番号が違うか、もう使われています。", hint="新しい番号を入力してください。")


def password_shown(request: HttpRequest, account: Account, password: str) -> SignInMethod | None:
    """Who said that the password of a known staff account is right, we or the directory; ``None`` if it is wrong.

    Raises ``TooManyAttempts``, ``DirectoryUnavailable``.
    """
    address = throttle_group(client_address(request))
    name = account.sign_in_name
    attempt = count_attempt(
        "office-sign-in",
        limits=SIGN_IN_LIMITS,
        who={"name": name, "address": address, "name and address": f"{name} {address}"},
    )
    clock: Clock = request.clock  # type: ignore[attr-defined]
    try:
        proven = staff_with_password(name, password, clock)
    except DirectoryUnavailable:
        attempt.give_back()
        raise
    if proven is None or proven.account.pk != account.pk:
        return None
    attempt.give_back()
    return proven.method


def passkey_proven(
    request: HttpRequest, account: Account | None, answer: str, *, is_beside_password: bool = False
) -> Account | None:
    """The account whose passkey the browser showed; with ``account`` given only that one counts.

    A key that did not verify its person proves nothing but that somebody holds it: it counts beside the password only.
    """
    factor = passkey_shown(account, answer, is_beside_password=is_beside_password)
    if factor is None:
        return None
    clock: Clock = request.clock  # type: ignore[attr-defined]
    shown = Account.objects.select_related("staff").get(pk=factor.user_id)
    use_factor(by=person_of(shown, clock.today()), account=shown, factor=factor)
    return shown


def pin_shown(request: HttpRequest, account: Account, device: Device, pin: str) -> None:
    """Nothing if the PIN is right. Raises ``Refusal`` if it is not, or not open on this device now."""
    clock: Clock = request.clock  # type: ignore[attr-defined]
    by = person_of(account, clock.today())
    claim_pin_attempt(by=by, account=account, device=device, clock=clock)
    if not is_pin_right(account=account, device=device, pin=digits_of(pin)):
        raise Refusal(
            "暗証番号が違います。", hint=f"{MOST_FAILURES}回続けて間違えると、次の通常のログインまで使えません。"
        )
    forget_pin_failures(by=by, account=account, device=device)
