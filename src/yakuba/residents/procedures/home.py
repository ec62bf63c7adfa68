"""What online procedures put on the homes and into the menu."""

from yakuba.residents.procedures import catalogue_home

__all__ = ["catalogue_home"]
