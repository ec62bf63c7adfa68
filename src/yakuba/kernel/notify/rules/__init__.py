"""What holds of messages and letters: pure Python."""
