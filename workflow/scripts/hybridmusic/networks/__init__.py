"""Networks that learn a space. Each kind is a module with a `Network` of `encode` and `decode`."""

# How any network is trained (paper, section 4.1); each kind adds what is its own.
SETTINGS = {
    "epochs": {"type": "integer", "minimum": 1, "default": 50},
    "batch_size": {"type": "integer", "minimum": 1, "default": 64},
    "learning_rate": {"type": "number", "exclusiveMinimum": 0, "default": 0.001},
    "shuffle": {"type": "boolean", "default": True},
}
