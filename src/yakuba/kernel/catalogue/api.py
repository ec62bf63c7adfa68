"""Public names of `kernel.catalogue`."""

__all__: list[str] = []
