"""List the tracks of all sources: files, manifests, feature tables, songs."""
