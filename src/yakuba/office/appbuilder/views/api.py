"""`/api/v1/apps/<app>/`: an app for other systems. A token and nothing else lets in; cookies are never read.

What a token sees and writes is decided by the one gate (`access.sight_for`), like for a person of its group. Errors are
`application/problem+json` (RFC 9457), in Japanese or English as asked for.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from yakuba.kernel.access.api import Face, NotAllowed, NotVisible, Person, PersonKind, anyone, page
from yakuba.kernel.audit.api import record_refusal, record_view, refusal_name, viewing
from yakuba.kernel.identity.api import Limit, TooManyAttempts, client_address, count_attempt
from yakuba.kernel.values.api import Clock, Refusal
from yakuba.office.appbuilder.access import TooManyForRule, app_for, record_for, visible_records
from yakuba.office.appbuilder.models import App, AppToken, Cell, Record
from yakuba.office.appbuilder.queries.names import ids_in, names_for
from yakuba.office.appbuilder.queries.shapes import Shapes
from yakuba.office.appbuilder.rules.definition import AppDefinition, AppField, FieldType
from yakuba.office.appbuilder.rules.openapi import described, filterable, openapi, readable, writable
from yakuba.office.appbuilder.rules.permissions import Sight, visible_fields
from yakuba.office.appbuilder.rules.tokens import PERSON, Scope, is_secret, read_token
from yakuba.office.appbuilder.rules.values import cells_of, from_text, in_words, is_id
from yakuba.office.appbuilder.services import RecordConflict, RecordFault, UnderDecision, add_record, change_record
from yakuba.office.appbuilder.services.tokens import note_token_use

LARGEST_BODY, MOST_AT_ONCE, USUAL = 1_000_000, 200, 100
RATE = Limit("token", 300, 60)
"""Requests of one token a minute."""
WRONG = Limit("address", 60, 10 * 60)
"""Requests without a valid token from one address."""
_READ = viewing("appbuilder.api_records", label="APIによるアプリの記録の閲覧")
_REFUSED = refusal_name("appbuilder.api_refused", label="APIの正しくないトークンの拒否")
_NAMED = (FieldType.PERSON, FieldType.SECTION, FieldType.LOOKUP)
_ETAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')
_NOBODY = "0" * 64
_HALF = re.compile("[\ud800-\udfff\x00]")
_TITLES = {
    "unauthorized": ("有効なトークンがありません。", "A valid token is required."),
    "forbidden": ("このトークンには許されていません。", "This token may not do that."),
    "not_found": ("見つかりません。", "Not found."),
    "method": ("この方法では使えません。", "Method not allowed."),
    "bad_request": ("要求が正しくありません。", "The request is malformed."),
    "too_large": ("本文が大きすぎます（1MBまで）。", "The body is too large (1 MB at most)."),
    "media_type": ("本文は application/json で送ってください。", "Send the body as application/json."),
    "refused": ("受け付けられません。", "The request was refused."),
    "not_writable": ("書き込めない項目があります。", "Some fields are unknown or may not be written."),
    "locked": ("この記録は決裁中のため、変えられません。", "The record waits for a decision and is locked."),
    "changed": ("ほかの人が同じ項目を変えました。", "Somebody else changed the same fields."),
    "match_needed": ("If-Match に記録の版（ETag）を付けてください。", "Send the version of the record (ETag) as If-Match."),
    "too_many": ("要求が多すぎます。しばらく待ってください。", "Too many requests; wait a moment."),
}  # fmt: skip


class Problem(Exception):
    """An answer that says what is wrong."""

    def __init__(self, status: int, code: str, detail: str = "", **more: Any) -> None:
        super().__init__(code)
        self.status, self.code, self.detail, self.more = status, code, detail, more


@dataclass(frozen=True, slots=True)
class Asking:
    """A request of a token that is known: the app as it sees it."""

    request: HttpRequest
    token: AppToken
    person: Person
    clock: Clock
    app: App
    definition: AppDefinition
    sight: Sight

    @property
    def visible(self) -> frozenset[str]:
        return self.sight.visible if self.sight.see and Scope.READ in self.token.scopes else frozenset()

    @property
    def editable(self) -> frozenset[str]:
        """What the token may write; a group that adds but does not see writes what is not hidden from it."""
        if not (self.sight.create or self.sight.edit):
            return frozenset()
        if self.sight.see:
            return self.sight.editable
        group = next(one for one in self.app.rights.groups if one.name == self.token.group)
        return self.definition.by_hand & visible_fields(group.columns, self.definition)

    def needs(self, scope: Scope) -> None:
        if scope not in self.token.scopes:
            raise Problem(403, "forbidden", scope.label)


_Act = Callable[..., HttpResponse]


def _endpoint(**acts: _Act) -> Callable[..., HttpResponse]:
    """A view that lets tokens in and answers every refusal as a problem; `acts` by HTTP method."""

    @page(Face.MACHINE, may=anyone)
    @csrf_exempt
    @wraps(next(iter(acts.values())))
    def view(request: HttpRequest, public_id: str, **given: str) -> HttpResponse:
        try:
            asking = _let_in(request, public_id)
            act = acts.get("GET" if request.method == "HEAD" else str(request.method))
            if act is None:
                raise Problem(405, "method")
            response = act(asking, **given)
        except (Problem, Refusal, NotVisible, NotAllowed) as fault:
            problem = _problem_of(fault)
            response = _said(request, problem)
            if problem.status == 405:
                response["Allow"] = ", ".join(acts)
            if isinstance(fault, TooManyAttempts):
                response["Retry-After"] = str(max(1, fault.seconds))
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return view


def _problem_of(fault: Exception) -> Problem:
    match fault:
        case Problem():
            return fault
        case TooManyAttempts():
            return Problem(429, "too_many")
        case NotVisible():
            return Problem(404, "not_found")
        case NotAllowed():
            return Problem(403, "forbidden")
        case RecordConflict():
            return _conflicting(fault)
        case UnderDecision():
            return Problem(409, "locked")
        case TooManyForRule():  # its reason names fields the token may not see
            return Problem(422, "refused")
        case RecordFault():
            return Problem(422, "refused", fault.message, errors=fault.faults)
        case Refusal():
            return Problem(422, "refused", f"{fault.message}{fault.hint or ''}")
    raise fault


def _let_in(request: HttpRequest, public_id: str) -> Asking:
    clock: Clock = request.clock  # type: ignore[attr-defined]
    attempt = count_attempt("app-api-token", limits=(WRONG,), who={"address": client_address(request)})
    said = read_token(request.headers.get("Authorization", ""))
    held = AppToken.objects.filter(public_id=said[0]).first() if said else None
    is_right = is_secret(said[1] if said else "", held.digest if held else _NOBODY)
    is_over = held is None or held.is_waiting or held.revoked_at is not None or held.expires_at <= clock.now()
    if held is None or not is_right or is_over:
        if held is not None:
            record_refusal(by=_person(held), what=_REFUSED)
        raise Problem(401, "unauthorized")
    attempt.give_back()
    count_attempt("app-api", limits=(RATE,), who={"token": held.public_id})
    person = _person(held)
    app, definition, sight = app_for(person, public_id)
    if held.last_used_at is None or held.last_used_at < clock.now() - timedelta(hours=1):
        note_token_use(by=person, token=held, clock=clock)
    return Asking(request, held, person, clock, app, definition, sight)


def _person(token: AppToken) -> Person:
    return Person(id=f"{PERSON}{token.public_id}", name=f"API：{token.name}", kind=PersonKind.SYSTEM)


def _is_english(request: HttpRequest) -> bool:
    return request.headers.get("Accept-Language", "")[:20].lower().startswith("en")


def _said(request: HttpRequest, problem: Problem) -> HttpResponse:
    title = _TITLES[problem.code][1 if _is_english(request) else 0]
    body = {"type": "about:blank", "title": title, "status": problem.status, "code": problem.code}
    body |= ({"detail": problem.detail} if problem.detail else {}) | problem.more
    response = _json(body, status=problem.status, media_type="application/problem+json")
    if problem.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="yakuba"'
    return response


def _conflicting(conflict: RecordConflict) -> Problem:
    told = [
        {"field": one.key, "before": one.before, "stored": one.theirs, "sent": one.mine} for one in conflict.conflicts
    ]
    return Problem(412, "changed", conflict.message, conflicts=told, version=conflict.version)


def _json(body: Any, *, status: int = 200, media_type: str = "application/json") -> HttpResponse:
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=media_type)


def _about(asking: Asking) -> HttpResponse:
    """The fields the token may read or write."""
    return _json(described(asking.definition, asking.visible, asking.editable))


def _document(asking: Asking) -> HttpResponse:
    """The OpenAPI document of the app for this token."""
    root = asking.request.build_absolute_uri(reverse("api-app", args=[asking.app.public_id]))
    version = str(Shapes(asking.app).number)
    may = [one for one in asking.token.scopes if asking.sight.see or one == Scope.ADD]
    made = openapi(asking.definition, asking.visible, asking.editable, root=root, scopes=may, version=version)
    return _json(made)


def _list(asking: Asking) -> HttpResponse:
    """Records by number, page by page; `changed_since` and fields narrow them."""
    asking.needs(Scope.READ)
    found = visible_records(
        asking.person, asking.app, asking.definition, asking.sight, today=asking.clock.today()
    ).order_by("number")
    limit, after = USUAL, 0
    known = {one.key: one for one in filterable(asking.definition, asking.visible)}
    for name, given in asking.request.GET.items():
        text = str(given)
        if name == "limit":
            limit = _whole(text, MOST_AT_ONCE)
        elif name == "cursor":
            after = _after(text)
        elif name == "changed_since":
            found = found.filter(changed_at__gte=_moment(text))
        elif name in known:
            found = found.filter(pk__in=_cells(asking.app, known[name], text))
        else:
            raise Problem(400, "bad_request", f"「{name[:40]}」では絞り込めません。")
    records = list(found.filter(number__gt=after)[: limit + 1])
    shown = records[:limit]
    record_view(by=asking.person, subjects=shown, what=_READ)
    following = _cursor(shown[-1].number) if len(records) > limit else None
    return _json({"records": _told(asking, shown), "next": following})


def _one(asking: Asking, record_id: str) -> HttpResponse:
    """One record with its version as ETag."""
    asking.needs(Scope.READ)
    record = _record(asking, record_id)
    record_view(by=asking.person, subjects=[record], what=_READ)
    return _with_version(_json(_told(asking, [record])[0]), record)


def _add(asking: Asking) -> HttpResponse:
    """A new record."""
    asking.needs(Scope.ADD)
    record = add_record(by=asking.person, app=asking.app, values=_sent(asking), clock=asking.clock)
    response = _json(_told(asking, [record])[0], status=201)
    response["Location"] = reverse("api-app-record", args=[asking.app.public_id, record.public_id])
    return _with_version(response, record)


def _change(asking: Asking, record_id: str) -> HttpResponse:
    """Fields of a record; `If-Match` is the version the other system knows."""
    asking.needs(Scope.CHANGE)
    record = _record(asking, record_id)
    seen = _ETAG.fullmatch(asking.request.headers.get("If-Match", "").strip())
    if seen is None:
        raise Problem(428, "match_needed")
    version = int(seen[1])
    if version > record.version:
        raise Problem(412, "changed", version=record.version)
    changed = change_record(by=asking.person, record=record, values=_sent(asking), version=version, clock=asking.clock)
    return _with_version(_json(_told(asking, [changed])[0]), changed)


def _record(asking: Asking, record_id: str) -> Record:
    today = asking.clock.today()
    return record_for(asking.person, asking.app, asking.definition, asking.sight, record_id, today=today)


def _with_version(response: HttpResponse, record: Record) -> HttpResponse:
    response["ETag"] = f'"{record.version}"'
    return response


def _told(asking: Asking, records: list[Record]) -> list[dict[str, Any]]:
    """Records as the token sees them; `words` say what ids and keys are called."""
    shapes, today = Shapes(asking.app), asking.clock.today()
    fields = readable(asking.definition, asking.visible)
    held = [shapes.of(one, today=today).values for one in records]
    seen = asking.definition.model_copy(update={"fields": tuple(fields)})
    names = names_for(asking.person, seen, today=today, ids=ids_in(seen, held))
    return [
        {
            "id": record.public_id,
            "number": record.number,
            "version": record.version,
            "made_at": record.made_at.astimezone(UTC).isoformat(),
            "changed_at": record.changed_at.astimezone(UTC).isoformat(),
            "values": {one.key: values[one.key] for one in fields if values.get(one.key) is not None},
            "words": {
                one.key: in_words(one, values[one.key], names)
                for one in fields
                if values.get(one.key) is not None and (one.type.has_choices or one.type in _NAMED)
            },
        }
        for record, values in zip(records, held, strict=True)
    ]


def _sent(asking: Asking) -> dict[str, Any]:
    """The values in the body; what may not be written is named, whether it exists or not."""
    request = asking.request
    if request.content_type != "application/json":
        raise Problem(415, "media_type")
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal() or len(length) > 9 or int(length) > LARGEST_BODY:
        raise Problem(413, "too_large")
    content = request.read(LARGEST_BODY + 1)
    if len(content) > LARGEST_BODY:
        raise Problem(413, "too_large")
    try:
        written = json.loads(content.decode(), parse_constant=_no_constant)
        is_sound = _HALF.search(json.dumps(written, ensure_ascii=False).replace("\\u0000", "\x00")) is None
    except (ValueError, RecursionError):
        raise Problem(400, "bad_request") from None
    values = written.get("values") if isinstance(written, dict) and set(written) == {"values"} else None
    if not is_sound or not isinstance(values, dict):
        raise Problem(400, "bad_request", '{"values": {…}}')
    known = {one.key for one in writable(asking.definition, asking.editable)}
    strange = sorted(key for key in values if key not in known)
    if strange:
        raise Problem(422, "not_writable", errors={key[:40]: "not writable" for key in strange[:20]})
    return dict(values)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _whole(text: str, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= most):
        raise Problem(400, "bad_request", f"limit: 1–{most}")
    return int(text)


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(f"n{number}".encode()).decode().rstrip("=")


def _after(text: str) -> int:
    try:
        plain = base64.urlsafe_b64decode(text[:40] + "=" * (-len(text[:40]) % 4)).decode()
    except (binascii.Error, ValueError):
        plain = ""
    if not re.fullmatch(r"n[0-9]{1,9}", plain):
        raise Problem(400, "bad_request", "cursor")
    return int(plain[1:])


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text[:40].replace(" ", "+"))
    except ValueError:
        raise Problem(400, "bad_request", "changed_since: 2026-04-01T09:00:00+09:00") from None
    if moment.tzinfo is None or not 2000 <= moment.year < 3000:
        raise Problem(400, "bad_request", "changed_since: 2026-04-01T09:00:00+09:00")
    return moment


def _cells(app: App, one: AppField, text: str) -> Any:
    """The records whose field holds a value, from the typed table."""
    if one.type in _NAMED:
        value: Any = text[:200]
        if not is_id(value):
            raise Problem(400, "bad_request", f"「{one.label}」")
        found: Mapping[str, Any] = {"text": value}
    else:
        read = from_text(one, text[:200])
        cell = cells_of(one, read)
        if len(cell) != 1:
            raise Problem(400, "bad_request", f"「{one.label}」")
        parts = {"text": cell[0].text, "num": cell[0].num, "day": cell[0].day}
        found = {key: part for key, part in parts.items() if part is not None}
    return Cell.objects.filter(app=app, key=one.key, **found).values("record")


about = _endpoint(GET=_about)
document = _endpoint(GET=_document)
records = _endpoint(GET=_list, POST=_add)
record = _endpoint(GET=_one, PATCH=_change)
