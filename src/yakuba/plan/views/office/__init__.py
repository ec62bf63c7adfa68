"""Office pages of the plan board."""
