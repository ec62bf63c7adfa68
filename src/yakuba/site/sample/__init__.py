"""The sample town (見本の町): made from ``data/sample``, always the same for the same seed and day."""

from yakuba.site.sample.leaving import leave_sample_town
from yakuba.site.sample.making import make_sample_town, sample_town_is_due

__all__ = ["leave_sample_town", "make_sample_town", "sample_town_is_due"]
