"""Begin to fill in a form."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yakuba.kernel.access.api import Person, PersonKind
from yakuba.kernel.audit.api import verb
from yakuba.kernel.forms.fillings import key_digest
from yakuba.kernel.forms.models import Filling, FormVersion
from yakuba.kernel.forms.rules.check import PREFILLS
from yakuba.kernel.forms.rules.definition import OTHER_SUFFIX, FormDefinition, Group
from yakuba.kernel.forms.rules.kinds import kind_of
from yakuba.kernel.forms.rules.lifecycle import NotOpen, VersionState
from yakuba.kernel.forms.sealing import seal_answers
from yakuba.kernel.organisation.models import Staff
from yakuba.kernel.values.api import Clock

KEY_BYTES = 20


@dataclass(frozen=True)
class Begun:
    """A new filling, and the key with which somebody without an account comes back to it; shown once, kept as a hash."""

    filling: Filling
    key: str


@verb("forms.begin_filling", label="記入を始める")
def begin_filling(
    *,
    by: Person,
    version: FormVersion,
    about: str,
    language: str,
    facts: Mapping[str, Any],
    known: Mapping[str, tuple[Any, str]],
    clock: Clock,
    is_trial: bool = False,
    carried: Mapping[str, Any] | None = None,
) -> Begun:
    """Begin to fill in a version. ``known`` maps prefill names (``profile.name``) to a value and its source
    (``profile``, ``card``, ``register``, ``earlier``). ``carried`` are answers of an earlier form by the key of the
    question (the stage before of a 補助金, a copied application), rows too. A value that does not fit its question is
    left out.

    Raises `NotOpen` when the version takes nothing now; a trial (試し入力) of the builder needs no open version.
    """
    now = clock.now()
    version = FormVersion.objects.select_related("form").get(pk=version.pk)
    if not is_trial:
        check_open(version, now=now)
    definition = version.read()
    answers, sources = _prefilled(definition, known)
    for question_key, value in _carried(definition, carried or {}).items():
        answers[question_key], sources[question_key] = value, "earlier"
    key = secrets.token_urlsafe(KEY_BYTES)
    filling = Filling.objects.create(
        version=version,
        about=about[:120],
        account_id=by.id if by.kind is PersonKind.RESIDENT else "",
        staff=Staff.objects.get(pk=by.staff_id) if by.kind is PersonKind.STAFF and by.staff_id else None,
        answers=seal_answers(answers),
        sources=sources,
        facts=dict(facts),
        position=definition.steps[0].key,
        key_digest=key_digest(key),
        language=language[:10],
        started_at=now,
        touched_at=now,
    )
    return Begun(filling, key)


def check_open(version: FormVersion, *, now: datetime) -> None:
    """Raise `NotOpen` unless the version is live, within its period and below its capacity."""
    if version.life is not VersionState.LIVE:
        raise NotOpen("この様式は、いま受け付けていません。", hint="手続の画面から、新しい様式を開いてください。")
    received = version.answer_sets.count() if version.capacity is not None else 0
    version.opening.check(now=now, received=received)


def _prefilled(
    definition: FormDefinition, known: Mapping[str, tuple[Any, str]]
) -> tuple[dict[str, Any], dict[str, str]]:
    answers: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for question in definition.questions():
        if isinstance(question, Group) or question.prefill not in known:
            continue
        value, source = known[question.prefill]
        if PREFILLS.get(question.prefill) != question.type:
            continue
        parsed = kind_of(question).accept(question, value)
        if parsed.value is not None:
            answers[question.key], sources[question.key] = parsed.value, source
    return answers, sources


def _carried(definition: FormDefinition, carried: Mapping[str, Any]) -> dict[str, Any]:
    """Earlier answers that fit a question of the same key. Files, consents and signatures are given anew."""
    found: dict[str, Any] = {}
    for question in definition.questions():
        value = carried.get(question.key)
        if value is None:
            continue
        if isinstance(question, Group):
            rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
            kept = [_carried_row(question, row) for row in rows[: question.most]]
            if any(kept):
                found[question.key] = kept
        else:
            found |= _carried_answer(question, carried)
    return found


def _carried_row(group: Group, row: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for question in group.questions:
        kept |= _carried_answer(question, row)
    return kept


def _carried_answer(question: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    kind = kind_of(question)
    if not kind.is_answered or question.type in ("files", "consent", "signature") or given.get(question.key) is None:
        return {}
    parsed = kind.accept(question, given[question.key], given.get(question.key + OTHER_SUFFIX, ""))
    if parsed.value is None or parsed.faults:
        return {}
    found = {question.key: parsed.value}
    return found | ({question.key + OTHER_SUFFIX: parsed.other} if parsed.other else {})
