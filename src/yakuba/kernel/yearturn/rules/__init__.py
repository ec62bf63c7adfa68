"""The turn of the year as pure decisions: a personnel list and the house in, a plan out."""
