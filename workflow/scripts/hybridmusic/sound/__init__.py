"""Decode clips and compute features, recording conditions and pretrained embeddings of sound."""
