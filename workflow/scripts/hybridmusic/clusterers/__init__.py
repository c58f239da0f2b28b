"""Clusterers. Each kind is a module with a function `cluster` and what it declares.

`RANDOM`: it gives other clusters for every seed; `NEEDS_K`: it is told their number; `GRAPH`, if it
is handed the neighbours of all tracks as `graph`: the setting of how many, and `GRAPH_IF`: the
settings with which it looks at them, or False if it takes many tracks. A kind may declare how new
tracks join its clusters: `RULE`, in words, or None where they cannot, and `place(x, clusters,
new)`, their clusters and confidence from 0 to 1. Without it, those of most of the nearest known
tracks do; see `hybridmusic.clusterings.assignment`. `CENTROIDS`: clusters are told by them.
"""
