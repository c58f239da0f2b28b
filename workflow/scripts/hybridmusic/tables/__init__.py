"""Lay out the tables of a run, with their notes."""
