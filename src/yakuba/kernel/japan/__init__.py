"""How Japan writes and counts: eras, business days, addresses, names, numbers. Import from `api`."""
