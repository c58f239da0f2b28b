"""Score spaces and clusterings, and estimate the uncertainty of scores."""
