"""Features of a clip, as programs outside of this project import them."""

from hybridmusic.sound.features import describe

__all__ = ["describe"]
