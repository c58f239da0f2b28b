"""Synthesise the corpus of the demo: recipes of songs, and their sound."""
