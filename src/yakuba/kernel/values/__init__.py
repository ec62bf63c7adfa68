"""Plain values: money, periods, fiscal years, time, texts, states. Import from `api`."""
