"""Clusterers. Each kind is a module with a function `cluster`; see docs/plugins.md.

What a kind must and may define is in `hybridmusic.plan.contracts`.
"""

# Settings of the kinds that declare an attribute.
SETTINGS_IF = {
    "BEYOND": {"exact_up_to": {"type": "integer", "minimum": 1, "default": 10000}},
}
# Limit of exact computation of a clusterer with BEYOND, unless a configuration sets another.
EXACT_UP_TO = SETTINGS_IF["BEYOND"]["exact_up_to"]["default"]
