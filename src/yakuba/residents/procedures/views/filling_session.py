"""Which fillings a browser may go on with: those of the signed-in account, and those whose key it holds."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from yakuba.kernel.forms.api import find_filling
from yakuba.kernel.forms.models import Filling
from yakuba.residents.procedures.asking import asker

_KEYS = "procedures.filling_keys"
_MOST_KEYS = 20


def hold_key(request: HttpRequest, filling: Filling, key: str) -> None:
    """Remember in this browser's session that it may go on with a filling."""
    keys = dict(request.session.get(_KEYS, {}))
    keys.pop(filling.public_id, None)
    keys[filling.public_id] = key
    request.session[_KEYS] = dict(list(keys.items())[-_MOST_KEYS:])


def key_held(request: HttpRequest, public_id: str) -> str:
    """The key this browser holds for a filling; empty without one."""
    return str(request.session.get(_KEYS, {}).get(public_id, ""))


def filling_for(request: HttpRequest, public_id: str) -> Filling:
    """The filling of this browser or account. Raises ``Http404`` for everybody else's."""
    person = asker(request)
    found = find_filling(
        public_id,
        key=key_held(request, public_id),
        account_id=person.id if person.is_signed_in else "",
    )
    if found is None or found.staff_id is not None:
        raise Http404
    return found


def fillings_held(request: HttpRequest) -> list[str]:
    """The public ids of the fillings this browser holds keys of, newest first."""
    return list(reversed(request.session.get(_KEYS, {})))
