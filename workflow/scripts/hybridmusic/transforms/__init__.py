"""Transforms of spaces. Each kind is a module with a function `transform` and what it declares.

`SEVERAL`: it takes a list of spaces; `RANDOM`: it gives another space for every seed; `COMPILES`:
it has a `warm_up`; `NEEDS`: the columns of the catalogue that `transform` is handed by name. A
transform sees nothing of a track that it does not name there.
"""
