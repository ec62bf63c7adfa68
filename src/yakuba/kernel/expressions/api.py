"""Public names of `kernel.expressions`."""

__all__: list[str] = []
