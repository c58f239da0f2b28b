"""Transforms of spaces. Each kind is a module with a function `transform` and what it declares.

`SEVERAL`: it takes a list of spaces; `RANDOM`: it gives another space for every seed; `COMPILES`:
it has a `warm_up`; `NEEDS`: the columns of the catalogue that `transform` is handed by name, and a
transform sees nothing of a track that it does not name there; `GRAPH`, if it is handed the
neighbours of all tracks as `graph`: the setting of how many. One that gives all clips of a song
the same vector says `LEVEL = "song"`; what is made of such spaces is handed one row for each song.
One that learns from genres says `LEARNS_FROM = "genre"`; so does all that is made from it.

A kind may declare `place(old, new)`, the vectors that tracks of no run would get: it takes what
`transform` takes, of the run's tracks and of the new ones, each column of `NEEDS` as such a pair,
and learns from `old` alone. A kind that has none is placed by
`hybridmusic.clusterings.assignment.between`.
"""
