"""Decisions of sign-in: pure Python, no clock, no database."""
