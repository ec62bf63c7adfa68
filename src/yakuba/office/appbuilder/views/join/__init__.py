"""`/join/` and `/my/join/`: what residents see of the doors of self-built apps."""
