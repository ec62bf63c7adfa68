"""The forms of online procedures."""
