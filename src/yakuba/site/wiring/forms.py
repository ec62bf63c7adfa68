"""Who hears `kernel.forms`."""

from yakuba.kernel.events.api import together
from yakuba.kernel.forms.api import FormClosed, FormWentLive
from yakuba.residents.procedures import services as procedures

together(FormWentLive, procedures.open_channels_of_form)
together(FormClosed, procedures.close_channels_of_form)
