"""Who hears `kernel.people`: in the transaction of what happened with a mandate."""

from yakuba.kernel.cases.services import agency
from yakuba.kernel.events.api import together
from yakuba.kernel.people.api import MandateInForce, MandateRevoked
from yakuba.residents.procedures.services import tell_mandates

together(MandateRevoked, agency.hear_mandate_revoked)
together(MandateInForce, tell_mandates.hear_in_force)
together(MandateRevoked, tell_mandates.hear_revoked)
