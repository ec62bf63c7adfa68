"""The organisation's pages in the office."""
