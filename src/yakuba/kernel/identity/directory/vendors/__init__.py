"""One module per kind of directory."""
