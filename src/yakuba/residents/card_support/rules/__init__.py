"""Decisions of the support with My Number Cards, in plain Python."""
