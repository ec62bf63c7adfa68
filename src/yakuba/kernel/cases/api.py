"""Public names of `kernel.cases`."""

__all__: list[str] = []
