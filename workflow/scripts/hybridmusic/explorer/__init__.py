"""Build the explorer: its page, cards of clusters, and clips of sound."""
