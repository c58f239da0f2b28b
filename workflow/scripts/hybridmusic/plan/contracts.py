"""Contracts of plug-ins."""

from __future__ import annotations


def mistakes(family: str, kind: str) -> list[str]:
    """Return the sentences on what a plug-in lacks."""
    return []
