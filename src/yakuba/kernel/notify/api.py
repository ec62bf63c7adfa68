"""Public names of `kernel.notify`."""

__all__: list[str] = []
