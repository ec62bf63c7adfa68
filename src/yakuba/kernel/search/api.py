"""Public names of `kernel.search`."""

__all__: list[str] = []
