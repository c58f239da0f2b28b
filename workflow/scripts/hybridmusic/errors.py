"""Errors whose messages say what is wrong, where, and what to do."""


class HybridMusicError(Exception):
    """An error that a user can correct; its message is one sentence, shown without a traceback."""


class ConfigError(HybridMusicError):
    """A setting is unknown, out of range, or contradicts another one."""


class InputError(HybridMusicError):
    """A source, a file from outside, or a download cannot be used."""


class OutputError(HybridMusicError):
    """A result cannot be written."""


class LeakError(HybridMusicError):
    """A result that is declared free of labels depends on them."""


class ClipError(HybridMusicError):
    """A clip cannot be used; the message is its reason in `rejected.csv`."""
