"""Train networks: the loop, the optimiser, training pairs, and held-out labels."""
