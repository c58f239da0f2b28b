"""Build the explorer: its page, its cards and its clips of sound."""
