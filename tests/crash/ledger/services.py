from tests.crash.ledger.models import Effect, Note
from yakuba.kernel.access.api import Person
from yakuba.kernel.audit.api import verb
from yakuba.kernel.jobs.api import enqueue


@verb("ledger.take_note", label="帳簿に記す")
def take_note(*, by: Person, key: str) -> Note:
    debit = Note.objects.create(key=key, side="debit")
    Note.objects.create(key=key, side="credit")
    enqueue("ledger.take_effect", key=f"ledger:{key}", note=key)
    return debit


@verb("ledger.take_effect", label="帳簿を効かせる")
def take_effect(*, by: Person, key: str) -> Effect:
    """The job runs at least once; locking the note and looking first makes its effect happen once."""
    Note.objects.select_for_update().get(key=key, side="debit")
    return Effect.objects.filter(key=key).first() or Effect.objects.create(key=key)
