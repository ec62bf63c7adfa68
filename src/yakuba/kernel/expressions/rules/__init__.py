"""The condition language itself: pure Python, no clock, no database."""
