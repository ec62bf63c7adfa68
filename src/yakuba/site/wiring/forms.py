"""Who hears `kernel.forms`."""

from yakuba.kernel.events.api import together
from yakuba.kernel.forms.api import FormClosed, FormWentLive
from yakuba.office.appbuilder.services import door_cases as doors
from yakuba.residents.procedures import services as procedures

together(FormWentLive, procedures.open_channels_of_form)
together(FormClosed, procedures.close_channels_of_form)
together(FormWentLive, doors.hear_form_live)
together(FormClosed, doors.hear_form_closed)
