"""``/office/decisions/`` and ``/office/document-numbers/``."""
