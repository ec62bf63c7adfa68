"""The verbs of notify: the only writers."""
