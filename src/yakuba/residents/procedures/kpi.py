"""The measures online procedures offer to the plan board."""
