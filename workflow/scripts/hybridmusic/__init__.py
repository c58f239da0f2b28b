"""Representations and clusterings of music in several languages: pure functions on arrays."""
