"""People for tests: staff and residents with accounts, and how to sit them down at a test client."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client
from django.utils import timezone

from yakuba.kernel.access.api import Role
from yakuba.kernel.audit.api import unaudited_writes
from yakuba.kernel.identity.models import Account, AccountKind, Persona, SignIn
from yakuba.kernel.identity.session_store import SessionStore, row_key
from yakuba.kernel.organisation.models import Authority, Employment, Post, Posting, RoleGrant, Section, Staff
from yakuba.kernel.parameters.api import forget_installation
from yakuba.kernel.parameters.models import Installation

LONG_AGO = date(2020, 4, 1)


def a_section(code: str = "01", name: str = "総務課") -> Section:
    """The section of that code, made if it is not there."""
    with unaudited_writes("test"):
        authority, _ = Authority.objects.get_or_create(code="mayor", defaults={"name": "町長", "head_title": "町長"})
        section, _ = Section.objects.get_or_create(
            code=code, starts_on=LONG_AGO, defaults={"name": name, "authority": authority}
        )
    return section


def a_staff_account(
    number: str = "",
    *,
    name: str = "坂下 花子",
    password: str | None = None,
    section: Section | None = None,
    post: str = "主事",
    post_role: str = "",
    roles: tuple[Role, ...] = (),
    employment: str = Employment.REGULAR,
    leaves_on: date | None = None,
    **fields: Any,
) -> Account:
    """A staff member with posting, appointments (``roles``) and account."""
    number = number or secrets.token_hex(4)
    with unaudited_writes("test"):
        staff = Staff.objects.create(
            number=number, name=name, employment=employment, joined_on=LONG_AGO, leaves_on=leaves_on
        )
        title, _ = Post.objects.get_or_create(title=post, defaults={"rank": 10, "role": post_role})
        Posting.objects.create(staff=staff, section=section or a_section(), post=title, starts_on=LONG_AGO)
        for role in roles:
            RoleGrant.objects.create(staff=staff, role=role, starts_on=LONG_AGO, ground="テスト")
        account = Account(kind=AccountKind.STAFF, sign_in_name=number, display_name=name, staff=staff, **fields)
        account.set_password(password) if password else account.set_unusable_password()
        account.save()
    return account


def a_resident_account(mail: str = "", *, name: str = "町民 太郎", password: str | None = None) -> Account:
    """A registered resident."""
    mail = mail or f"{secrets.token_hex(4)}@example.jp"
    with unaudited_writes("test"):
        account = Account(kind=AccountKind.RESIDENT, sign_in_name=mail, email=mail, display_name=name)
        account.set_password(password) if password else account.set_unusable_password()
        account.save()
    return account


def a_persona(account: Account, label: str, *, order: int = 0) -> Persona:
    with unaudited_writes("test"):
        return Persona.objects.create(account=account, label=label, description="テスト", order=order)


def make_sample_installation() -> None:
    """Say that this database was made by the sample generator."""
    with unaudited_writes("test"):
        Installation.objects.update_or_create(
            only=True, defaults={"is_sample": True, "made_at": timezone.now(), "sample_today": None}
        )
    forget_installation()


def sign_in(client: Client, account: Account, *, method: str = "passkey", **state: Any) -> SignIn:
    """Sit ``account`` down at a test client, as if it had signed in with a passkey."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    in_office = account.kind == AccountKind.STAFF
    session.create()
    with unaudited_writes("test"):
        entry = SignIn.objects.create(
            account=account,
            face="office" if in_office else "resident",
            session_digest=row_key(str(session.session_key)),
            method=method,
            started_at=timezone.now(),
        )
    session["yakuba.sign_in"] = {
        "sign_in": entry.public_id,
        "method": method,
        "second_factor": "passkey" if method == "passkey" else "",
        "used": timezone.now().timestamp(),
        "began": timezone.now().timestamp(),
        **state,
    }
    session.save()
    client.cookies["yakuba_office" if in_office else "yakuba_session"] = session.session_key
    return entry
