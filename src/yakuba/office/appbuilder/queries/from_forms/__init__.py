"""Apps from published forms (様式からアプリ): a definition, and a list of all that is not the same."""
