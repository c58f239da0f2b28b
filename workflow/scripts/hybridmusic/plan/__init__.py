"""Read a configuration, check it, and derive what a run consists of."""
