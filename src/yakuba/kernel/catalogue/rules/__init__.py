"""What a procedure is and how it is counted: pure Python."""
