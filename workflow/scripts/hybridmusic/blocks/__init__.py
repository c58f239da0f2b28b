"""Blocks, spaces made of features alone. Each kind is a module with a function `block`.

What a kind must and may define is in `hybridmusic.plan.contracts`; see docs/plugins.md.
"""
