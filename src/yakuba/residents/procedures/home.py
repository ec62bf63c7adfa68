"""What online procedures put on the homes and into the menu."""

from yakuba.residents.procedures import cases_home, catalogue_home

__all__ = ["cases_home", "catalogue_home"]
