"""Excel and CSV in and out. Pure Python; no database, no clock."""
