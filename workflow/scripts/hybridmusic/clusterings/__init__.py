"""Tables of clusterings, their centroids, and the assignment of new tracks to clusters."""
