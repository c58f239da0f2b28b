"""A decoder that fails as real ones do on damaged files; small, for another process imports it."""

import os
import signal
import sys
import time

from hybridmusic.errors import ClipError


def decode(what: str):
    """Return `what`, or do what it says."""
    if what == "hang":
        time.sleep(600)
    if what == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if what == "swell":
        hoard = []
        while True:
            hoard.append(bytearray(2**24))
    if what == "modules":
        return sorted(sys.modules)
    if what == "reject":
        raise ClipError("is no good")
    if what == "err":
        raise KeyError("a programming error")
    return what
