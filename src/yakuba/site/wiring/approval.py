"""Who hears `kernel.approval`."""

from yakuba.kernel.approval.api import ActDone, DecisionMade, DecisionWithdrawn, TurnCame
from yakuba.kernel.cases.services import decide as cases
from yakuba.kernel.events.api import afterwards, together
from yakuba.kernel.forms.services import after_decision as forms
from yakuba.kernel.home import approval_notices as notices
from yakuba.office.appbuilder.services import door_openings as doors
from yakuba.office.appbuilder.services import press as apps
from yakuba.office.appbuilder.services import publish_views as views
from yakuba.office.appbuilder.services import use_checks as app_checks

together(DecisionMade, forms.hear_decision)
together(DecisionWithdrawn, forms.hear_withdrawal)
together(DecisionMade, cases.hear_decision)
together(DecisionWithdrawn, cases.hear_withdrawal)
together(DecisionMade, apps.hear_decision)
together(DecisionWithdrawn, apps.hear_withdrawal)
together(DecisionMade, app_checks.hear_decision)
together(DecisionWithdrawn, app_checks.hear_withdrawal)
together(DecisionMade, doors.hear_decision)
together(DecisionWithdrawn, doors.hear_withdrawal)
together(DecisionMade, views.hear_decision)
together(DecisionWithdrawn, views.hear_withdrawal)
afterwards(DecisionMade, notices.hear_decided)
afterwards(TurnCame, notices.hear_turn)
afterwards(ActDone, notices.hear_act)
