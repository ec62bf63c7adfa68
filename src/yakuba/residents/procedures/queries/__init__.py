"""Reads of online procedures."""
