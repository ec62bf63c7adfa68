"""The verbs of online procedures."""

from yakuba.residents.procedures.services.bring_forms import bring_form, close_channels_of_form, open_channels_of_form
from yakuba.residents.procedures.services.give_opinion import forget_opinions, give_opinion

__all__ = ["bring_form", "close_channels_of_form", "forget_opinions", "give_opinion", "open_channels_of_form"]
