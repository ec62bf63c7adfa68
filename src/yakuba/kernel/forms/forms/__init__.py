"""What clerks type when they build forms."""
