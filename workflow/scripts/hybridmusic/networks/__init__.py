"""Networks that learn a space. Each kind is a module with a `Network` of `encode` and `decode`.

`SEVERAL`: it is made from a list of spaces; it gets them side by side, and their widths; `GRAPH`,
if it learns from neighbours: the setting of how many; `LEARNS_FROM`: `genre` if it is told genres whatever
its settings, and all that is made from it says so. A network with an objective of its own has
`loss`, which makes of a `Batch` (see `_objective.py`) the squared error, the KL divergence and what
else it minimises; `beta`, the weight of the KL divergence, unless that is a setting; and
`noise_width`, how much noise it takes per track, unless as much as `latent`.
"""

# How any network is trained (paper, section 4.1); each kind adds what is its own.
SETTINGS = {
    "epochs": {"type": "integer", "minimum": 1, "default": 50},
    "batch_size": {"type": "integer", "minimum": 1, "default": 64},
    "learning_rate": {"type": "number", "exclusiveMinimum": 0, "default": 0.001},
    "shuffle": {"type": "boolean", "default": True},
}
