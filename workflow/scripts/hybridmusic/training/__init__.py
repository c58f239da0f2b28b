"""Train networks: labels, pairs of tracks, the loop, its optimiser, and held-out songs."""
