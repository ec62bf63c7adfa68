"""Public names of ``kernel.parameters``: the town's dated values and what this installation is."""

from yakuba.kernel.parameters.installation import forget_installation, is_sample_town, town_clock

__all__ = ["forget_installation", "is_sample_town", "town_clock"]
