"""Pages of the plan board."""
