"""Scores of a clustering against labels, as programs outside of this project import them."""

from hybridmusic.evaluation.scores import external_scores

__all__ = ["external_scores"]
