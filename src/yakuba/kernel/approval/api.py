"""Public names of `kernel.approval`."""

__all__: list[str] = []
