"""What comes in: looked at by content, limited, cleaned or refused. Pure Python; no database, no clock, no network."""
