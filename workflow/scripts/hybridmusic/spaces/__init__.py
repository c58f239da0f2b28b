"""Find nearest neighbours in spaces, and scale their features."""
