"""Reads of the app builder."""
