"""Errors that tell a person what was wrong, where, and what is allowed."""


class HybridMusicError(Exception):
    """Something a user can put right; its message is one sentence and needs no traceback."""


class ConfigError(HybridMusicError):
    """A setting is unknown, out of range, or does not fit another one."""


class InputError(HybridMusicError):
    """A source, or everything in it, cannot be used."""


class OutputError(HybridMusicError):
    """What is computed cannot be written where it belongs."""


class LeakError(HybridMusicError):
    """What claims not to have seen the genres depends on them."""


class ClipError(HybridMusicError):
    """One clip cannot be used; the message is the reason that `rejected.csv` gives."""
