"""Charts of the plan board, made from what the queries found."""
