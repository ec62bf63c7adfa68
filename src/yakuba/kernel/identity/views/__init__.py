"""Pages of identity, one file per face and purpose."""
