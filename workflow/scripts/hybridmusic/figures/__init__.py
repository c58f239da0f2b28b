"""Figures of a run, one per module."""
