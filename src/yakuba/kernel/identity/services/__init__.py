"""Verbs of identity: one file per behaviour."""
