"""Networks that learn a space. Each kind is a module with a class `Network`.

What a kind must and may define is in `hybridmusic.plan.contracts`; see docs/plugins.md.
"""

# Settings of training, which all networks have (paper, section 4.1).
SETTINGS = {
    "epochs": {"type": "integer", "minimum": 1, "default": 50},
    "batch_size": {"type": "integer", "minimum": 1, "default": 64},
    "learning_rate": {"type": "number", "exclusiveMinimum": 0, "default": 0.001},
    "shuffle": {"type": "boolean", "default": True},
}
# Schemas that a network completes by a default.
SCHEMAS = {
    "hidden": {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1},
    "latent": {"type": "integer", "minimum": 1},
    "beta": {"type": "number", "minimum": 0},
}
