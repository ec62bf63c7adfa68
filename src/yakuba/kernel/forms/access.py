"""Who may build forms, and who may see what is being filled in."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q, QuerySet

from yakuba.kernel.access.api import NotVisible, Person, PersonKind, Role
from yakuba.kernel.forms.models import Filling, FillingState, Form, FormVersion

MAY_LOOK_AFTER_ALL = (Role.SECRETARIAT, Role.IT, Role.AUDITOR)

SentGate = Callable[[Person, Filling], bool]
_sent_gates: list[SentGate] = []


def sent_gate(gate: SentGate) -> SentGate:
    """Declare who may see a filling that was sent: the engine that works on it decides (cases, apps)."""
    _sent_gates.append(gate)
    return gate


def may_see_filling(person: Person, filling: Filling) -> bool:
    """Whether a person may see a filling and its files. Nobody but its owner sees one that was not sent."""
    if filling.state == FillingState.SENT:
        return any(gate(person, filling) for gate in _sent_gates)
    if filling.staff_id is not None:
        return person.staff_id == filling.staff_id
    return bool(filling.account_id) and person.id == filling.account_id


def visible_to(person: Person) -> QuerySet[Form]:
    """The forms a clerk may open: those of the own sections and those of nobody; the secretariat sees all."""
    if person.kind is not PersonKind.STAFF:
        return Form.objects.none()
    if person.has(*MAY_LOOK_AFTER_ALL):
        return Form.objects.all()
    return Form.objects.filter(Q(section__in=person.section_ids) | Q(section=None))


def get_for(person: Person, public_id: str) -> FormVersion:
    """One version the person may open. Raises `NotVisible`."""
    found = FormVersion.objects.select_related("form", "form__section").filter(public_id=public_id).first()
    if found is None or not visible_to(person).filter(pk=found.form_id).exists():
        raise NotVisible
    return found


def may_edit(person: Person, form: Form) -> bool:
    """Whether the person may change the form: clerks of its section, and the secretariat."""
    if person.kind is not PersonKind.STAFF or person.is_read_only:
        return False
    return person.has(Role.SECRETARIAT) or (form.section_id is not None and form.section_id in person.section_ids)
