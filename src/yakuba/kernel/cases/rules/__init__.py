"""Decisions about cases: states, words, deadlines, corrections, subsidies. Pure Python."""
