"""Online procedures in the sample town: the forms of the house, each checked, decided and live; and some cases."""

from __future__ import annotations

from yakuba.kernel.access.api import Person, Role
from yakuba.kernel.approval.api import Outcome, decide, deciders_on, requests_on
from yakuba.kernel.catalogue.api import Procedure
from yakuba.kernel.forms.api import ask_for_publication, library_forms
from yakuba.kernel.identity.api import person_of
from yakuba.kernel.identity.models import Account
from yakuba.kernel.organisation.api import staff_on
from yakuba.kernel.things.api import ref_of
from yakuba.kernel.things.sample import SampleContext, sample_part
from yakuba.residents.procedures.sample_cases import fill_worklists
from yakuba.residents.procedures.services import bring_form
from yakuba.residents.procedures.services.bring_forms import numbers_of_forms


@sample_part(order=220, title="オンライン手続きの様式")
def publish_the_library(context: SampleContext) -> None:
    """Bring every form in, have it looked over by another person, decided by the head, and opened."""
    author = context.person("secretariat")
    reviewer = _another_keeper(context, author)
    numbers = numbers_of_forms()
    by_number = {one.number: one for one in Procedure.objects.select_related("section", "authority")}
    heads: dict[int, Person] = {}
    for form in library_forms():
        procedure = by_number.get(numbers.get(form.definition.key, 0))
        if procedure is None or procedure.section is None or procedure.authority is None:
            continue
        version = bring_form(by=author, form=form, procedure=procedure, clock=context.clock)
        if version is None or reviewer is None:
            continue
        version = ask_for_publication(by=reviewer, version=version, authority=procedure.authority, clock=context.clock)
        request = requests_on(ref_of(version))[0]
        head = heads.get(request.section_id) or _head(context, request)
        if head is None:
            continue
        heads[request.section_id] = head
        decide(by=head, request=request, outcome=Outcome.APPROVED, comment="", clock=context.clock)


def _another_keeper(context: SampleContext, author: Person) -> Person | None:
    """Somebody else who may look over every form."""
    for account in Account.objects.filter(staff__in=staff_on(context.today)).select_related("staff").order_by("pk"):
        person = person_of(account, context.today)
        if person.has(Role.SECRETARIAT) and person.staff_id != author.staff_id:
            return person
    return None


def _head(context: SampleContext, request: object) -> Person | None:
    for one in deciders_on(request, on=context.today):  # type: ignore[arg-type]
        account = Account.objects.filter(staff_id=one.staff).first()
        if account is not None:
            return person_of(account, context.today)
    return None


@sample_part(order=230, title="届いた案件")
def fill_the_worklists(context: SampleContext) -> None:
    """Cases in every state, so that worklists and the resident's own page are alive on the first day."""
    fill_worklists(context)
