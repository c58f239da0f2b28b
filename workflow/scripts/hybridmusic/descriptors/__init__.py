"""Sets of descriptors that a clip can have in addition to its features: one module each.

What a set must and may define is in `hybridmusic.plan.contracts`; see docs/plugins.md.
"""
