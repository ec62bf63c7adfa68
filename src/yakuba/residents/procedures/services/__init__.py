"""The verbs of online procedures."""

from yakuba.residents.procedures.services.bring_forms import bring_form, close_channels_of_form, open_channels_of_form

__all__ = ["bring_form", "close_channels_of_form", "open_channels_of_form"]
