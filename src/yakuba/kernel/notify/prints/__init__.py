"""Letters and posting lists as PDF."""
