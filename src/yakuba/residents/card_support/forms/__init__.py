"""Forms of the card support; each refuses My Numbers."""
