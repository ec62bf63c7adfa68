"""The town's own sheets (様式): Word and Excel files of the town, filled by named fields."""
