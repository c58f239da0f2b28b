"""Blocks, spaces made of features alone. Each kind is a module with a function `block`.

`READS`: the tables that it is handed by name. A kind may declare `place(old, new)`, the vectors
that tracks of no run would get: it takes these tables of the run and of the new tracks, and learns
from `old` alone. New tracks are in no block of a kind that has none, nor in what is made of it.
"""
