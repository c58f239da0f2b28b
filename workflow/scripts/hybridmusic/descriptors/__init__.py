"""Sets of descriptors that a clip can have beside its features: one module each.

A module has `GROUPS`, the names of its columns by what they describe together, and
`describe(sound)`, their values for one clip, (columns,). The last of them are ASIDE: names for what
is heard and no coordinates, so that no space has them. Where `TABLES` is true, the numbers of a
feature table stand for those of its tracks.
"""
