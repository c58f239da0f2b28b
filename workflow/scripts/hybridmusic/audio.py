"""Features of a clip, for programs outside of this project."""

from hybridmusic.sound.features import describe

__all__ = ["describe"]
