"""Transforms of spaces. Each kind is a module with a function `transform`.

What a kind must and may define is in `hybridmusic.plan.contracts`; see docs/plugins.md.
"""
