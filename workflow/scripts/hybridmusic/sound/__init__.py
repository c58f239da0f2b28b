"""Decode clips; compute their features, nuisances of recording, and pretrained embeddings."""
