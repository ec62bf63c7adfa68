"""Public names of `kernel.forms`."""

__all__: list[str] = []
