"""Draw the figures of a run, one per module."""
