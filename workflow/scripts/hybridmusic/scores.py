"""Scores of a clustering against labels, for programs outside of this project."""

from hybridmusic.evaluation.scores import external_scores

__all__ = ["external_scores"]
