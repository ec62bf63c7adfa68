"""Decisions about decisions: states, who decides, what is hashed, numbers, remedies. Pure Python."""
