"""Who hears `kernel.approval`."""

from yakuba.kernel.approval.api import DecisionMade, DecisionWithdrawn
from yakuba.kernel.cases.services import decide as cases
from yakuba.kernel.events.api import together
from yakuba.kernel.forms.services import after_decision as forms

together(DecisionMade, forms.hear_decision)
together(DecisionWithdrawn, forms.hear_withdrawal)
together(DecisionMade, cases.hear_decision)
together(DecisionWithdrawn, cases.hear_withdrawal)
