"""What a search compares, and how: pure Python."""
