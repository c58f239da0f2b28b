"""Handle clusterings: their tables and centroids, and new tracks among old ones."""
