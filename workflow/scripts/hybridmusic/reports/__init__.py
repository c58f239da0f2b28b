"""Report on runs in words: comparison with the paper, summary and findings."""
